use std::time::Duration;

use http::{
    HeaderMap, HeaderValue,
    header::{CONTENT_TYPE, RETRY_AFTER},
};
use sentry::{
    TransportOptions,
    types::{Dsn, Scheme},
};
use ureq::{Agent, Proxy, tls::TlsConfig};

/// Where envelopes go, and how.
#[derive(Debug)]
pub(super) struct Post {
    agent: Agent,
    url: String,
    /// Not a valid header if the user agent that the client was given is not.
    auth: Option<HeaderValue>,
}

/// What the server said.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) limits: Option<String>,
    pub(super) retry_after: Option<String>,
}

/// How long it may take until a connection is there.
const CONNECT: Duration = Duration::from_secs(5);

/// How long the rest of an answer may take: all that counts is in its head.
const BODY: Duration = Duration::from_secs(2);

/// What is read of an answer, in bytes. Where it is more, the connection is not used again.
const MAX_ANSWER: u64 = 64 * 1024;

impl Post {
    pub(super) fn new(options: &TransportOptions) -> Self {
        let TransportOptions { dsn, user_agent, accept_invalid_certs, .. } = options;
        let url = dsn.envelope_api_url().to_string();
        let tls = TlsConfig::builder().disable_verification(*accept_invalid_certs).build();
        let config = Agent::config_builder()
            .http_status_as_error(false)
            // The key is for this server, not for one that it names.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(proxy(options, &url))
            .tls_config(tls)
            .user_agent(&**user_agent)
            .timeout_connect(Some(CONNECT))
            .timeout_resolve(Some(CONNECT))
            .timeout_recv_body(Some(BODY));
        Self { agent: config.build().new_agent(), url, auth: auth(dsn, user_agent) }
    }

    /// Sends this, for so long at most. `None` if the server did not answer.
    pub(super) fn send(&self, envelope: &[u8], timeout: Duration) -> Option<Answer> {
        let mut request = self.agent.post(&self.url).header(CONTENT_TYPE, "application/x-sentry-envelope");
        if let Some(auth) = &self.auth {
            request = request.header("x-sentry-auth", auth);
        }
        let request = request.config().timeout_global(Some(timeout)).build();
        let mut response = request.send(envelope).ok()?;
        let headers = response.headers();
        let answer = Answer {
            status: response.status().as_u16(),
            limits: text(headers, "x-sentry-rate-limits"),
            retry_after: text(headers, RETRY_AFTER.as_str()),
        };
        // A connection whose answer was read can be used again; whether it can changes nothing.
        let _ = response.body_mut().with_config().limit(MAX_ANSWER).read_to_vec();
        Some(answer)
    }
}

/// All values of a header that are text.
fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let values: Vec<_> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    (!values.is_empty()).then(|| values.join(","))
}

fn auth(dsn: &Dsn, user_agent: &str) -> Option<HeaderValue> {
    let auth = HeaderValue::try_from(dsn.to_auth(Some(user_agent)).to_string());
    let mut auth = auth.or_else(|_| HeaderValue::try_from(dsn.to_auth(None).to_string())).ok()?;
    auth.set_sensitive(true);
    Some(auth)
}

/// The client's proxy, unless `NO_PROXY` has the server.
fn proxy(options: &TransportOptions, url: &str) -> Option<Proxy> {
    let https = options.https_proxy.as_ref().filter(|_| options.dsn.scheme() == Scheme::Https);
    let proxy = https.or(options.http_proxy.as_ref())?;
    let excepted = |proxy: Proxy| url.parse().is_ok_and(|url| proxy.is_no_proxy(&url));
    if Proxy::try_from_env().is_some_and(excepted) {
        return None;
    }
    let made = Proxy::new(proxy);
    if made.is_err() {
        // It may hold a password.
        tracing::warn!(target: "tower_telemetry", "the proxy for Sentry is no valid address: not used");
    }
    made.ok()
}
