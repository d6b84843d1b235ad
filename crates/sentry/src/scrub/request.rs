use sentry::protocol::{Map, Request, Url};
use tower_telemetry_scrub::{Body, Described};

use super::walk::{Walk, changed};

impl Walk<'_> {
    pub(crate) fn request(&self, request: &mut Option<Request>) {
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

    /// What is no URL any more, once it is scrubbed, goes.
    pub(super) fn url(&self, url: &mut Option<Url>) {
        if let Some(old) = url
            && let Some(scrubbed) = changed(old.as_str(), self.scrubber.url(old.as_str()))
        {
            *url = scrubbed.parse().ok();
        }
    }
}
