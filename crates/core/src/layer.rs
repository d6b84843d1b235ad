use std::{fmt, sync::Arc};

use tower_layer::Layer;

use crate::{
    BuildError, Endpoint, Observe, ObserveService, RequestHead, RouteTable,
    naming::{Groups, Naming},
};

/// Layer that drives an [`Observe`]r, or a tuple of them, through every exchange of a service.
///
/// See the [crate docs](crate) for an example, and for when each callback is called. A clone of the layer, and of the services
/// that it makes, costs an atomic increment: hosts clone a service for each connection, and axum for each request.
#[derive(Clone, Default)]
pub struct ObserveLayer<O> {
    shared: Arc<Shared<O>>,
}

/// What all services of a layer have in common.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shared<O> {
    pub(crate) observer: O,
    pub(crate) naming: Arc<Naming>,
}

impl<O: Observe> ObserveLayer<O> {
    /// Creates a layer for `observer`.
    pub fn new(observer: O) -> Self {
        Self { shared: Arc::new(Shared { observer, naming: Arc::default() }) }
    }

    /// Names endpoints by these templates, where the host has no router that does. Default: none.
    pub fn routes(self, routes: RouteTable) -> Self {
        self.with_naming(|naming| naming.with_routes(routes))
    }

    /// Gives all endpoints that a pattern matches one name: `("/legacy/**", "legacy")`. The first pattern that matches counts.
    /// It is compared with the route's template where the host or [`routes`](Self::routes) has one, else with the path. A
    /// bad pattern is an error; see [`EndpointPattern`](crate::EndpointPattern). Default: none.
    pub fn groups<P: AsRef<str>, N: AsRef<str>>(
        self,
        groups: impl IntoIterator<Item = (P, N)>,
    ) -> Result<Self, BuildError> {
        let groups = Groups::new(groups)?;
        Ok(self.with_naming(|naming| naming.with_groups(groups)))
    }

    /// Names endpoints by a function of the request's head; where it gives `None`, as without it. Default: none.
    ///
    /// It is called for each request, before the inner service. A panic in it leaves the request unobserved.
    pub fn name_by(self, by: impl Fn(&RequestHead<'_>) -> Option<Endpoint> + Send + Sync + 'static) -> Self {
        self.with_naming(|naming| naming.with_name_by(Arc::new(by)))
    }

    /// How many endpoint names to let in, beside those of axum's router and of [`routes`](Self::routes): gRPC methods that
    /// the service answered to, and names that a handler or [`name_by`](Self::name_by) gave. Those that come later are
    /// `overflow`. Default: 1,000.
    pub fn max_endpoints(self, max: usize) -> Self {
        self.with_naming(|naming| naming.with_max(max))
    }

    fn with_naming(self, f: impl FnOnce(&Naming) -> Naming) -> Self {
        let Shared { observer, naming } = Arc::unwrap_or_clone(self.shared);
        Self { shared: Arc::new(Shared { observer, naming: Arc::new(f(&naming)) }) }
    }
}

impl<S, O> Layer<S> for ObserveLayer<O> {
    type Service = ObserveService<S, O>;

    fn layer(&self, inner: S) -> Self::Service {
        ObserveService::new(inner, self.shared.clone())
    }
}

impl<O: fmt::Debug> fmt::Debug for ObserveLayer<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Shared { observer, naming } = &*self.shared;
        f.debug_struct("ObserveLayer").field("observer", observer).field("naming", naming).finish()
    }
}
