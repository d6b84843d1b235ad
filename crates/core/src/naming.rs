use std::{
    collections::HashSet,
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use http::{Extensions, HeaderMap, Method, Uri, header::CONTENT_TYPE, request};

use crate::{BuildError, Endpoint, EndpointRules, RequestContext, RequestHead, RouteTable, Target, grpc};

/// Names the endpoints of one layer's exchanges, and sees to it that they stay few.
pub(crate) struct Naming {
    routes: Option<RouteTable>,
    groups: Option<Groups>,
    by: Option<Arc<NameBy>>,
    max: usize,
    /// Names that came from nowhere closed, and were let in.
    open: RwLock<HashSet<Box<str>>>,
}

/// What came back to a request that names a gRPC method. A caller can invent such names, so one stands only once the service
/// has answered to it, now or before.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// gRPC's answer to a method that there is.
    Grpc,
    /// gRPC's answer to a method that there is not.
    Unimplemented,
    /// None, or one that is not gRPC's.
    Other,
}

/// What the request's head tells of its endpoint.
#[derive(Default)]
pub(crate) struct Names {
    pub(crate) route: Option<Endpoint>,
    /// The gRPC method that the caller says it calls.
    pub(crate) rpc: Option<Endpoint>,
}

/// Endpoints that go by one name.
#[derive(Clone)]
pub(crate) struct Groups {
    rules: EndpointRules,
    names: Arc<[Endpoint]>,
}

type NameBy = dyn Fn(&RequestHead<'_>) -> Option<Endpoint> + Send + Sync;

const MAX_ENDPOINTS: usize = 1000;

impl Naming {
    pub(crate) fn with_routes(&self, routes: RouteTable) -> Self {
        Self { routes: Some(routes), ..self.anew() }
    }

    pub(crate) fn with_groups(&self, groups: Groups) -> Self {
        Self { groups: Some(groups), ..self.anew() }
    }

    pub(crate) fn with_name_by(&self, by: Arc<NameBy>) -> Self {
        Self { by: Some(by), ..self.anew() }
    }

    pub(crate) fn with_max(&self, max: usize) -> Self {
        Self { max, ..self.anew() }
    }

    fn anew(&self) -> Self {
        let (routes, groups, by) = (self.routes.clone(), self.groups.clone(), self.by.clone());
        Self { routes, groups, by, max: self.max, open: RwLock::default() }
    }

    /// Names the endpoint from what the request's head tells, if anything does. Later layers and the response may know more.
    pub(crate) fn names(&self, head: &request::Parts) -> Names {
        let named = self.by.as_ref().and_then(|by| by(&RequestHead::of(head)));
        if named.is_some() {
            return Names { route: named, rpc: None };
        }
        let route = self.route(head);
        Names {
            route: self.group(head, route.as_ref()).or(route),
            rpc: grpc_method(&head.method, &head.headers, &head.uri),
        }
    }

    fn route(&self, head: &request::Parts) -> Option<Endpoint> {
        matched(&head.extensions).or_else(|| self.routes.as_ref()?.find(head.uri.path()).cloned())
    }

    fn group(&self, head: &request::Parts, route: Option<&Endpoint>) -> Option<Endpoint> {
        let groups = self.groups.as_ref()?;
        let target = route.map_or_else(|| Target::Path(head.uri.path()), |route| Target::Template(route.as_str()));
        let index = groups.rules.find(&head.method, target)?;
        Some(groups.names[index].clone())
    }

    /// The template that the host's router has matched.
    pub(crate) fn matched_by_host(extensions: &Extensions) -> Option<&str> {
        template(extensions)
    }

    /// The template that the layer's table matches.
    pub(crate) fn matched_by_table(&self, uri: &Uri) -> Option<&str> {
        self.routes.as_ref()?.find(uri.path()).map(Endpoint::as_str)
    }

    /// Whether nothing that is still to come can change the endpoint.
    pub(crate) fn is_settled(cx: &RequestContext) -> bool {
        cx.rpc().is_none() && cx.route().is_some_and(Endpoint::is_closed)
    }

    /// The endpoint when all is known. Whatever the names' source, there is an end to how many are let in.
    pub(crate) fn settle<'a>(&self, cx: &'a RequestContext, answer: Answer) -> &'a Endpoint {
        let route = || cx.route().map_or(Endpoint::UNMATCHED, |route| self.cap(route));
        let Some(rpc) = cx.rpc() else { return route() };
        match answer {
            Answer::Grpc => self.cap(rpc),
            _ if self.knows(rpc) => rpc,
            Answer::Unimplemented => Endpoint::UNMATCHED,
            Answer::Other => route(),
        }
    }

    fn cap<'a>(&self, endpoint: &'a Endpoint) -> &'a Endpoint {
        if endpoint.is_closed() || self.knows(endpoint) || self.let_in(endpoint.as_str()) {
            endpoint
        } else {
            Endpoint::OVERFLOW
        }
    }

    fn knows(&self, endpoint: &Endpoint) -> bool {
        self.open.read().unwrap_or_else(PoisonError::into_inner).contains(endpoint.as_str())
    }

    fn let_in(&self, name: &str) -> bool {
        // Once it is full, nobody waits for the others here.
        if self.open.read().unwrap_or_else(PoisonError::into_inner).len() >= self.max {
            return false;
        }
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        // Others may have come in since.
        open.contains(name) || (open.len() < self.max && open.insert(name.into()))
    }
}

impl Groups {
    pub(crate) fn new<P: AsRef<str>, N: AsRef<str>>(
        groups: impl IntoIterator<Item = (P, N)>,
    ) -> Result<Self, BuildError> {
        let (patterns, names): (Vec<_>, Vec<_>) = groups.into_iter().unzip();
        let rules = EndpointRules::new(patterns)?;
        Ok(Self { rules, names: names.iter().map(|name| Endpoint::group(name.as_ref())).collect() })
    }
}

impl Default for Naming {
    fn default() -> Self {
        Self { routes: None, groups: None, by: None, max: MAX_ENDPOINTS, open: RwLock::default() }
    }
}

impl fmt::Debug for Naming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Naming").field("routes", &self.routes).field("max", &self.max).finish_non_exhaustive()
    }
}

/// The gRPC method that a request calls, if it looks like one that does. Source:
/// <https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests>
pub(crate) fn grpc_method(method: &Method, headers: &HeaderMap, uri: &Uri) -> Option<Endpoint> {
    let is_grpc = *method == Method::POST && headers.get(CONTENT_TYPE).is_some_and(grpc::is_grpc);
    uri.path_and_query().filter(|_| is_grpc).and_then(Endpoint::grpc)
}

#[cfg(feature = "axum")]
fn matched(extensions: &Extensions) -> Option<Endpoint> {
    Endpoint::matched(extensions.get::<axum::extract::MatchedPath>()?)
}

#[cfg(not(feature = "axum"))]
fn matched(_: &Extensions) -> Option<Endpoint> {
    None
}

#[cfg(feature = "axum")]
fn template(extensions: &Extensions) -> Option<&str> {
    Some(extensions.get::<axum::extract::MatchedPath>()?.as_str()).filter(|path| !Endpoint::is_private(path))
}

#[cfg(not(feature = "axum"))]
fn template(_: &Extensions) -> Option<&str> {
    None
}
