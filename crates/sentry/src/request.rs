use std::{
    borrow::Cow,
    sync::Arc,
    time::{Instant, SystemTime},
};

use http::{Method, Uri, request};
use sentry::protocol::{Context, Event, Map, Request, ResponseContext, User};
use tower_telemetry_core::{Endpoint, RequestContext, semconv};

use crate::{
    config::Config,
    dropped::{self, Cause},
    headers::{self, Shown},
    path,
    seen::Seen,
    user,
};

/// The target of the access log's events. With `sentry-tracing` they would report each failure a second time.
const ACCESS_LOG: &str = "tower_telemetry::access";

/// What an event may show of a request. Nothing is formatted before an event or a transaction needs it.
pub(crate) struct Snapshot {
    method: Method,
    uri: Uri,
    headers: Shown,
    pub(crate) cx: RequestContext,
    pub(crate) config: Arc<Config>,
    pub(crate) seen: Seen,
    /// Whether nobody else scrubs what is sent.
    scrubs: bool,
}

impl Snapshot {
    pub(crate) fn of(head: &request::Parts, cx: &RequestContext, config: Arc<Config>, is_ours: bool) -> Arc<Self> {
        Arc::new(Self {
            method: head.method.clone(),
            uri: head.uri.clone(),
            headers: headers::shown(&head.headers),
            cx: cx.clone(),
            config,
            seen: Seen::default(),
            scrubs: !is_ours,
        })
    }

    pub(crate) fn method(&self) -> &Method {
        &self.method
    }

    /// Whether the client is ours, so that all that it sends passes our boundary.
    pub(crate) fn is_ours(&self) -> bool {
        !self.scrubs
    }

    pub(crate) fn path(&self) -> &str {
        self.uri.path()
    }

    /// `GET /users/{id}`, or `pkg.Service/Method`.
    pub(crate) fn name(&self, endpoint: &Endpoint) -> String {
        let method = semconv::method(&self.method);
        if endpoint.is_grpc() { endpoint.as_str().to_owned() } else { [method, " ", endpoint.as_str()].concat() }
    }

    /// Completes an event of this request, whoever captured it. `None` drops it.
    pub(crate) fn complete(&self, mut event: Event<'static>) -> Option<Event<'static>> {
        if event.logger.as_deref() == Some(ACCESS_LOG) {
            return None;
        }
        let endpoint = self.cx.endpoint();
        if event.transaction.is_none()
            && let Some(endpoint) = endpoint
        {
            event.transaction = Some(self.name(endpoint));
        }
        if event.request.is_none() {
            event.request = Some(self.for_event());
        }
        self.add_response_body(&mut event);
        if event.user.is_none() {
            event.user = self.user();
        }
        // The handler's word comes first.
        for (name, value) in self.cx.tags() {
            event.tags.entry(name.into()).or_insert_with(|| value.into());
        }
        for (name, value) in self.tags(endpoint) {
            event.tags.entry(name.into()).or_insert(value);
        }
        self.keep_own_breadcrumbs(&mut event);
        self.config.grouping.apply(&mut event, endpoint);
        self.seen.note(&event);
        let is_admitted = self.config.limit.as_ref().is_none_or(|limit| limit.admit(&mut event, Instant::now()));
        if !is_admitted {
            dropped::count_event(Cause::EqualErrors);
            return None;
        }
        // Our transport knows better: the client may still drop it.
        if self.scrubs {
            self.seen.note_sent(&event);
        }
        Some(event)
    }

    pub(crate) fn user(&self) -> Option<User> {
        self.cx.user().map(|user| user::to_protocol(&user))
    }

    /// What events and transactions are found by, beside what the handler says: nothing that a caller writes gets in.
    pub(crate) fn tags(&self, endpoint: Option<&Endpoint>) -> impl Iterator<Item = (&'static str, String)> {
        let method = ("request_method", semconv::method(&self.method).to_owned());
        let endpoint = endpoint.map(|endpoint| ("request_path", endpoint.as_str().to_owned()));
        let id = self.cx.request_id().map(|id| ("request_id", id.as_str().to_owned()));
        [Some(method), endpoint, id].into_iter().flatten()
    }

    fn for_event(&self) -> Request {
        let scrubber = &self.config.bodies.scrubber;
        // The URL has the host, and it may be an address.
        let headers = self.headers.iter().filter(|(name, _)| *name != "host").map(|(name, value)| {
            let value = if self.scrubs { scrubber.header(name, value.as_bytes()) } else { value.as_bytes().into() };
            ((*name).to_owned(), String::from_utf8_lossy(&value).into_owned())
        });
        Request {
            method: Some(semconv::method(&self.method).into()),
            url: self.url().parse().ok(),
            query_string: self.query(),
            data: self.config.bodies.show_request(&self.cx),
            headers: headers.collect::<Map<_, _>>(),
            ..Request::default()
        }
    }

    /// The path without what looks like a secret in it.
    pub(crate) fn shown_path(&self) -> Cow<'_, str> {
        path::shown(self.uri.path(), self.cx.endpoint(), &self.config.bodies.scrubber)
    }

    pub(crate) fn query(&self) -> Option<String> {
        let query = self.uri.query().filter(|query| !query.is_empty())?;
        Some(if self.scrubs { self.config.bodies.scrubber.query(query).into_owned() } else { query.to_owned() })
    }

    fn add_response_body(&self, event: &mut Event<'static>) {
        let Some(data) = self.config.bodies.show_response(&self.cx) else { return };
        let response = event.contexts.entry("response".into()).or_insert_with(|| ResponseContext::default().into());
        if let Context::Response(response) = response {
            response.data.get_or_insert_with(|| data.into());
        }
    }

    /// What the thread, or the service as it started, left behind in the scope is not this request's.
    fn keep_own_breadcrumbs(&self, event: &mut Event<'static>) {
        let arrival = SystemTime::now().checked_sub(self.cx.arrival().elapsed());
        let breadcrumbs = &mut event.breadcrumbs.values;
        breadcrumbs.retain(|breadcrumb| arrival.is_none_or(|arrival| breadcrumb.timestamp >= arrival));
        breadcrumbs.extend(self.seen.breadcrumbs());
        // It is written before what went wrong is reported, and says nothing that the event does not.
        breadcrumbs.retain(|breadcrumb| breadcrumb.category.as_deref() != Some(ACCESS_LOG));
        breadcrumbs.sort_by_key(|breadcrumb| breadcrumb.timestamp);
    }

    /// Without userinfo, query and fragment, and without what looks like a token in the path.
    fn url(&self) -> String {
        let scheme = semconv::scheme(&self.uri);
        let host = || Some(&self.headers.iter().find(|(name, _)| *name == "host")?.1);
        let host = match self.uri.authority() {
            Some(authority) => authority.as_str(),
            None => host().and_then(|host| host.to_str().ok()).unwrap_or_default(),
        };
        let host = host.rsplit('@').next().unwrap_or_default();
        let host = if host.is_empty() { "localhost" } else { host };
        [scheme, "://", host, &*self.shown_path()].concat()
    }
}
