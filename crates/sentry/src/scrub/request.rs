use sentry::protocol::{IpAddress, Request, Url, User};
use tower_telemetry_scrub::Pii;

use super::walk::{Walk, changed};

impl Walk<'_> {
    pub(super) fn request(&self, request: &mut Option<Request>) {
        let Some(Request { url, method, data, query_string, cookies, headers, env }) = request else { return };
        self.url(url);
        self.text_opt(method);
        self.text_opt(data);
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
