use tower_layer::Layer;

use crate::{Observe, ObserveService};

/// Layer that drives an [`Observe`]r, or a tuple of them, through every exchange of a service.
///
/// See the [crate docs](crate) for an example, and for when each callback is called.
#[derive(Clone, Copy, Debug, Default)]
pub struct ObserveLayer<O> {
    observer: O,
}

impl<O: Observe> ObserveLayer<O> {
    /// Creates a layer for `observer`.
    pub fn new(observer: O) -> Self {
        Self { observer }
    }
}

impl<S, O: Clone> Layer<S> for ObserveLayer<O> {
    type Service = ObserveService<S, O>;

    fn layer(&self, inner: S) -> Self::Service {
        ObserveService::new(inner, self.observer.clone())
    }
}
