use sentry::protocol::{Map, Request, Url};
use tower_telemetry_scrub::{Body, Described};

use super::walk::{Walk, changed, is_plain_host};
use crate::path;

impl Walk<'_> {
    pub(super) fn request(&self, request: &mut Option<Request>) {
        let Some(Request { url, method, data, query_string, cookies, headers, env }) = request else { return };
        self.url(url);
        self.text_opt(method);
        // Before the headers, which say what it is.
        if let Some(data) = data {
            self.body(data, headers);
        }
        if let Some(query) = query_string
            && let Some(scrubbed) = changed(query, self.scrubber.query(query))
        {
            *query = scrubbed;
        }
        if let Some(cookies) = cookies {
            self.header("cookie", cookies);
        }
        self.headers(headers);
        self.names(env);
    }

    /// In the format that the request's headers say. What was scrubbed when it was captured stays as it is.
    fn body(&self, data: &mut String, headers: &Map<String, String>) {
        let content_type = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        let body = Body {
            bytes: data.as_bytes(),
            content_type: content_type.map(|(_, value)| value.as_bytes()),
            ..Body::default()
        };
        let scrubbed = match self.scrubber.body(&body) {
            Described::Text(text) => changed(data, text),
            Described::Kind(kind) => Some(kind),
            _ => Some(String::new()),
        };
        if let Some(scrubbed) = scrubbed {
            *data = scrubbed;
        }
    }

    /// A path by itself.
    pub(crate) fn path(&self, path: &mut String) {
        if (self.scrubber.has_patterns() || !path::is_plain(path))
            && let Some(scrubbed) = changed(path, self.scrubber.url(path))
        {
            *path = scrubbed;
        }
    }

    pub(crate) fn query(&self, query: &str) -> String {
        self.scrubber.query(query).into_owned()
    }

    /// What is no URL any more, once it is scrubbed, goes.
    pub(super) fn url(&self, url: &mut Option<Url>) {
        if let Some(old) = url
            && (self.scrubber.has_patterns() || !is_plain(old))
            && let Some(scrubbed) = changed(old.as_str(), self.scrubber.url(old.as_str()))
        {
            *url = scrubbed.parse().ok();
        }
    }
}

/// Whether nothing can be found in a URL, as in most: it is a host's name, and a path of short words and numbers.
fn is_plain(url: &Url) -> bool {
    let is_bare = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    let is_host = || url.domain().is_some_and(is_plain_host);
    is_bare && url.password().is_none() && is_host() && path::is_plain(url.path())
}

#[cfg(test)]
mod tests {
    use tower_telemetry_scrub::Scrub;

    use super::*;

    /// Words that announce a secret, and what may stand behind them.
    const WORDS: [&str; 12] = [
        "reset",
        "password",
        "token",
        "key",
        "hooks",
        "services",
        "users",
        "secret",
        "card",
        "ssn",
        "bearer",
        "auth-token",
    ];
    const VALUES: [&str; 8] = ["42", "078051120", "12345678901", "hunter", "Opensesame", "my-secret", "", "GETorders"];

    #[test]
    fn a_path_is_scrubbed_as_in_a_url() {
        let boundary = crate::Boundary::standard(tower_telemetry_scrub::Pii::Withheld);
        for (path, shown) in [
            ("/users/42", "/users/42"),
            ("/users/ada@example.com", "/users/[email]"),
            ("/reset/9f86d081884c7d659a2feaa0", "/reset/[token]"),
            ("/from/203.0.113.7", "/from/[ip]"),
            ("/pay/4111111111111111/now", "/pay/[card]/now"),
        ] {
            let mut text = path.to_owned();
            Walk::new(&boundary).path(&mut text);
            assert_eq!(text, shown);
        }
    }

    #[test]
    fn what_is_plain_has_nothing_in_it() {
        let scrubber = Scrub::strict().build().expect("the rules can be compiled");
        for word in WORDS {
            for value in VALUES {
                for path in [format!("/{word}/{value}"), format!("/{value}/{word}/{value}/{word}")] {
                    let url: Url = format!("https://shop.example{path}").parse().expect("a URL");
                    assert!(is_plain(&url), "{url}");
                    assert_eq!(scrubber.url(url.as_str()), url.as_str());
                }
            }
        }
        for url in [
            "http://203.0.113.7/a",
            "http://ada@shop.example/",
            "http://shop.example/?a=b",
            "http://shop.example/a#b",
            "http://shop.example/a1b2c3",
            "http://shop.example/123456789012",
            "http://shop.example/ada@example.com",
            "http://9f86d081884c7d65.example/",
        ] {
            assert!(!is_plain(&url.parse().expect("a URL")), "{url}");
        }
    }
}
