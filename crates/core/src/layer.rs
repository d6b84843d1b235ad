use std::sync::Arc;

use tower_layer::Layer;

use crate::{Endpoint, Observe, ObserveService, RequestHead, RouteTable, naming::Naming};

/// Layer that drives an [`Observe`]r, or a tuple of them, through every exchange of a service.
///
/// See the [crate docs](crate) for an example, and for when each callback is called.
#[derive(Clone, Debug, Default)]
pub struct ObserveLayer<O> {
    observer: O,
    naming: Arc<Naming>,
}

impl<O: Observe> ObserveLayer<O> {
    /// Creates a layer for `observer`.
    pub fn new(observer: O) -> Self {
        Self { observer, naming: Arc::default() }
    }

    /// Names endpoints by these templates, where the host has no router that does. Default: none.
    pub fn routes(mut self, routes: RouteTable) -> Self {
        self.naming = Arc::new(self.naming.with_routes(routes));
        self
    }

    /// Names endpoints by a function of the request's head; where it gives `None`, as without it. Default: none.
    ///
    /// It is called for each request, before the inner service. A panic in it leaves the request unobserved.
    pub fn name_by(mut self, by: impl Fn(&RequestHead<'_>) -> Option<Endpoint> + Send + Sync + 'static) -> Self {
        self.naming = Arc::new(self.naming.with_name_by(Arc::new(by)));
        self
    }

    /// How many endpoint names to let in, beside those of axum's router and of [`routes`](Self::routes): gRPC methods that
    /// the service answered to, and names that a handler or [`name_by`](Self::name_by) gave. Those that come later are
    /// `overflow`. Default: 1,000.
    pub fn max_endpoints(mut self, max: usize) -> Self {
        self.naming = Arc::new(self.naming.with_max(max));
        self
    }
}

impl<S, O: Clone> Layer<S> for ObserveLayer<O> {
    type Service = ObserveService<S, O>;

    fn layer(&self, inner: S) -> Self::Service {
        ObserveService::new(inner, self.observer.clone(), self.naming.clone())
    }
}
