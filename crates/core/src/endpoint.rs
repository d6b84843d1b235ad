use std::{fmt, sync::Arc};

use http::{header::CONTENT_TYPE, request, uri::PathAndQuery};

use crate::{RequestContext, grpc};

/// The low-cardinality name of what a request asked for: a route's template, `pkg.Service/Method`, or `unmatched`.
///
/// Never a raw path. A clone costs an atomic increment at most.
#[derive(Clone)]
pub struct Endpoint(Name);

#[derive(Clone)]
enum Name {
    Unmatched,
    Route(Arc<str>),
    /// A gRPC request's path. It counts only once the service has answered to it; see [`Endpoint::known`].
    Grpc(PathAndQuery),
    #[cfg(feature = "axum")]
    Matched(axum::extract::MatchedPath),
}

static UNMATCHED: Endpoint = Endpoint(Name::Unmatched);

/// Longer names are no one's service.
const MAX_GRPC_NAME: usize = 200;

impl Endpoint {
    /// The endpoint of a route's template, such as `/users/{id}`. The caller sees to it that templates are few.
    pub fn route(template: impl Into<Arc<str>>) -> Self {
        Self(Name::Route(template.into()))
    }

    /// The endpoint of everything that no route matched.
    pub fn unmatched() -> Self {
        UNMATCHED.clone()
    }

    /// The name: `/users/{id}`, `pkg.Service/Method`, or `unmatched`.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Name::Unmatched => "unmatched",
            Name::Route(template) => template,
            Name::Grpc(path) => &path.path()[1..],
            #[cfg(feature = "axum")]
            Name::Matched(path) => path.as_str(),
        }
    }

    /// Whether no route matched.
    pub fn is_unmatched(&self) -> bool {
        matches!(self.0, Name::Unmatched)
    }

    /// Whether the name is a gRPC method's.
    pub fn is_grpc(&self) -> bool {
        matches!(self.0, Name::Grpc(_))
    }

    /// The endpoint when all is known. A caller can invent gRPC names, so one stands only if the service `answered` to it.
    pub(crate) fn known(learnt: Option<&Self>, answered: bool) -> &Self {
        match learnt {
            Some(endpoint) if answered || !endpoint.is_grpc() => endpoint,
            _ => &UNMATCHED,
        }
    }

    fn grpc(path: &PathAndQuery) -> Option<Self> {
        let (service, method) = path.path().strip_prefix('/')?.split_once('/')?;
        let is_name = |name: &str| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'))
        };
        (path.path().len() <= MAX_GRPC_NAME && is_name(service) && is_name(method))
            .then(|| Self(Name::Grpc(path.clone())))
    }
}

/// Names the endpoint from what the request's head tells, if anything does. Later layers and the response may know more.
pub(crate) fn learn(head: &request::Parts, cx: &RequestContext) {
    if cx.endpoint().is_some() {
        return;
    }
    let content_type = head.headers.get(CONTENT_TYPE);
    if content_type.is_some_and(grpc::is_grpc)
        && let Some(endpoint) = head.uri.path_and_query().and_then(Endpoint::grpc)
    {
        cx.set_endpoint(endpoint);
    } else if let Some(endpoint) = matched(head) {
        cx.set_endpoint(endpoint);
    }
}

#[cfg(feature = "axum")]
fn matched(head: &request::Parts) -> Option<Endpoint> {
    let path = head.extensions.get::<axum::extract::MatchedPath>()?;
    // axum's own names for a fallback are no routes.
    (!path.as_str().contains("__private__axum")).then(|| Endpoint(Name::Matched(path.clone())))
}

#[cfg(not(feature = "axum"))]
fn matched(_: &request::Parts) -> Option<Endpoint> {
    None
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({self})")
    }
}

impl PartialEq for Endpoint {
    fn eq(&self, other: &Self) -> bool {
        self.is_unmatched() == other.is_unmatched() && self.as_str() == other.as_str()
    }
}

impl Eq for Endpoint {}
