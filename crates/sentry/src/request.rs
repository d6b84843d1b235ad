use std::borrow::Cow;

use http::{HeaderName, HeaderValue, Uri, header, request};
use sentry::protocol::{Context, Event, Request, ResponseContext, User};
use tower_telemetry_core::{Endpoint, RequestContext, semconv};

use crate::{bodies::Bodies, path, user};

/// The only headers that are shown. Their values are shared with the request, not copied.
static HEADERS: [HeaderName; SHOWN] =
    [header::HOST, header::USER_AGENT, header::ACCEPT, header::CONTENT_TYPE, header::CONTENT_LENGTH];

const SHOWN: usize = 5;

/// The target of the access log's events. With `sentry-tracing` they would report each failure a second time.
const ACCESS_LOG: &str = "tower_telemetry::access";

/// What an event may show of a request. Nothing is formatted before an event or a transaction needs it.
pub(crate) struct Snapshot {
    method: &'static str,
    uri: Uri,
    headers: [Option<HeaderValue>; SHOWN],
    cx: RequestContext,
    bodies: Bodies,
}

impl Snapshot {
    pub(crate) fn of(head: &request::Parts, cx: &RequestContext, bodies: Bodies) -> Self {
        Self {
            method: semconv::method(&head.method),
            uri: head.uri.clone(),
            headers: std::array::from_fn(|i| head.headers.get(&HEADERS[i]).cloned()),
            cx: cx.clone(),
            bodies,
        }
    }

    pub(crate) fn method(&self) -> &'static str {
        self.method
    }

    /// `GET /users/{id}`, or `pkg.Service/Method`.
    pub(crate) fn name(&self, endpoint: &Endpoint) -> String {
        if endpoint.is_grpc() { endpoint.to_string() } else { format!("{} {endpoint}", self.method) }
    }

    /// Completes an event of this request, whoever captured it. `None` drops it.
    pub(crate) fn complete(&self, mut event: Event<'static>) -> Option<Event<'static>> {
        if event.logger.as_deref() == Some(ACCESS_LOG) {
            return None;
        }
        if event.transaction.is_none()
            && let Some(endpoint) = self.cx.endpoint()
        {
            event.transaction = Some(self.name(endpoint));
        }
        if event.request.is_none() {
            event.request = Some(Request { data: self.bodies.show_request(&self.cx), ..self.to_protocol() });
        }
        if let Some(data) = self.bodies.show_response(&self.cx) {
            let response = event.contexts.entry("response".into()).or_insert_with(|| ResponseContext::default().into());
            if let Context::Response(response) = response {
                response.data.get_or_insert_with(|| data.into());
            }
        }
        if event.user.is_none() {
            event.user = self.user();
        }
        for (name, value) in self.tags(self.cx.endpoint()) {
            event.tags.entry(name.into()).or_insert_with(|| value.into());
        }
        Some(event)
    }

    pub(crate) fn user(&self) -> Option<User> {
        self.cx.user().map(|user| user::to_protocol(&user))
    }

    /// What events and transactions are found by. The handler's word comes first.
    pub(crate) fn tags(&self, endpoint: Option<&Endpoint>) -> Vec<(Cow<'static, str>, Cow<'static, str>)> {
        let endpoint = endpoint.map(|endpoint| ("request_path", endpoint.to_string().into()));
        let id = self.cx.request_id().map(|id| ("request_id", id.to_string().into()));
        let known = [Some(("request_method", Cow::Borrowed(self.method))), endpoint, id];
        let known = known.into_iter().flatten().map(|(name, value)| (name.into(), value));
        let mut tags = self.cx.tags();
        tags.extend(known);
        tags
    }

    /// Without its body, which a transaction must not have.
    pub(crate) fn to_protocol(&self) -> Request {
        let headers = HEADERS.iter().zip(&self.headers).filter_map(|(name, value)| {
            let value = value.as_ref()?.to_str().ok()?;
            Some((name.as_str().to_owned(), value.to_owned()))
        });
        Request {
            method: Some(self.method.into()),
            url: self.url().parse().ok(),
            headers: headers.collect(),
            ..Request::default()
        }
    }

    /// Without userinfo, query and fragment, and without what looks like a token in the path.
    fn url(&self) -> String {
        let scheme = semconv::scheme(&self.uri);
        let host = match (self.uri.authority(), &self.headers[0]) {
            (Some(authority), _) => authority.as_str(),
            (None, Some(host)) => host.to_str().unwrap_or_default(),
            (None, None) => "",
        };
        let host = host.rsplit('@').next().unwrap_or_default();
        let host = if host.is_empty() { "localhost" } else { host };
        let path = path::shown(self.uri.path(), self.cx.endpoint(), &self.bodies.scrubber);
        format!("{scheme}://{host}{path}")
    }
}
