use std::{
    collections::HashSet,
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use http::{header::CONTENT_TYPE, request};

use crate::{Endpoint, RequestContext, RequestHead, RouteTable, grpc};

/// Names the endpoints of one layer's exchanges, and sees to it that they stay few.
pub(crate) struct Naming {
    routes: Option<RouteTable>,
    by: Option<Arc<NameBy>>,
    max: usize,
    /// Names that came from nowhere closed, and were let in.
    open: RwLock<HashSet<Box<str>>>,
}

type NameBy = dyn Fn(&RequestHead<'_>) -> Option<Endpoint> + Send + Sync;

const MAX_ENDPOINTS: usize = 1000;

impl Naming {
    pub(crate) fn with_routes(&self, routes: RouteTable) -> Self {
        Self { routes: Some(routes), ..self.anew() }
    }

    pub(crate) fn with_name_by(&self, by: Arc<NameBy>) -> Self {
        Self { by: Some(by), ..self.anew() }
    }

    pub(crate) fn with_max(&self, max: usize) -> Self {
        Self { max, ..self.anew() }
    }

    fn anew(&self) -> Self {
        Self { routes: self.routes.clone(), by: self.by.clone(), max: self.max, open: RwLock::default() }
    }

    /// Names the endpoint from what the request's head tells, if anything does. Later layers and the response may know more.
    pub(crate) fn learn(&self, head: &request::Parts, cx: &RequestContext) {
        if cx.endpoint().is_some() {
            return;
        }
        if let Some(endpoint) = self.find(head) {
            cx.set_endpoint(endpoint);
        }
    }

    fn find(&self, head: &request::Parts) -> Option<Endpoint> {
        if let Some(by) = &self.by
            && let Some(endpoint) = by(&RequestHead::of(head))
        {
            return Some(endpoint);
        }
        let matched = matched(head);
        // tonic's own routes end in a wildcard: the method's name says more than they do.
        if matched.as_ref().is_none_or(|route| route.as_str().ends_with("{*rest}"))
            && head.headers.get(CONTENT_TYPE).is_some_and(grpc::is_grpc)
            && let Some(method) = head.uri.path_and_query().and_then(Endpoint::grpc)
        {
            return Some(method);
        }
        matched.or_else(|| self.routes.as_ref()?.find(head.uri.path()))
    }

    /// The endpoint when all is known. A caller can invent gRPC names, so one stands only once the service has `answered` to
    /// it, now or before; and whatever the names' source, there is an end to how many are let in.
    pub(crate) fn settle<'a>(&self, learnt: Option<&'a Endpoint>, answered: bool) -> &'a Endpoint {
        let Some(endpoint) = learnt else { return Endpoint::UNMATCHED };
        if endpoint.is_closed() {
            return endpoint;
        }
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        if open.contains(endpoint.as_str()) {
            return endpoint;
        }
        if endpoint.is_grpc() && !answered {
            return Endpoint::UNMATCHED;
        }
        let full = open.len() >= self.max;
        drop(open);
        if full || !self.let_in(endpoint.as_str()) { Endpoint::OVERFLOW } else { endpoint }
    }

    fn let_in(&self, name: &str) -> bool {
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        // Others may have come in since.
        open.contains(name) || (open.len() < self.max && open.insert(name.into()))
    }
}

impl Default for Naming {
    fn default() -> Self {
        Self { routes: None, by: None, max: MAX_ENDPOINTS, open: RwLock::default() }
    }
}

impl fmt::Debug for Naming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Naming").field("routes", &self.routes).field("max", &self.max).finish_non_exhaustive()
    }
}

#[cfg(feature = "axum")]
fn matched(head: &request::Parts) -> Option<Endpoint> {
    Endpoint::matched(head.extensions.get::<axum::extract::MatchedPath>()?)
}

#[cfg(not(feature = "axum"))]
fn matched(_: &request::Parts) -> Option<Endpoint> {
    None
}
