use sentry::protocol::{IpAddress, Map, Request, Url, User};
use tower_telemetry_scrub::{Body, Described, Pii};

use super::walk::{Walk, changed};

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

    /// What is no URL any more, once it is scrubbed, goes.
    pub(super) fn url(&self, url: &mut Option<Url>) {
        if let Some(old) = url
            && let Some(scrubbed) = changed(old.as_str(), self.scrubber.url(old.as_str()))
        {
            *url = scrubbed.parse().ok();
        }
    }

    pub(super) fn user(&self, user: &mut Option<User>) {
        let Some(User { id, email, ip_address, username, other }) = user else { return };
        self.text_opt(id);
        self.text_opt(username);
        match self.pii {
            Pii::Withheld => (*email, *ip_address) = (None, None),
            Pii::Sent => {
                if let Some(email) = email {
                    self.named("email", email);
                }
                self.ip(ip_address);
            }
        }
        self.values(other);
    }

    fn ip(&self, ip: &mut Option<IpAddress>) {
        if let Some(IpAddress::Exact(address)) = ip {
            let text = address.to_string();
            if let Some(scrubbed) = changed(&text, self.scrubber.text(&text)) {
                *ip = scrubbed.parse().ok();
            }
        }
    }
}
