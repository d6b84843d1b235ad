use std::{fmt, sync::Arc};

/// Reads something and sets metrics by it, when it is asked to.
pub trait Collect: Send + Sync + 'static {
    /// Reads and sets, for the recorder that is current.
    fn collect(&self);
}

impl<F: Fn() + Send + Sync + 'static> Collect for F {
    fn collect(&self) {
        self();
    }
}

/// Several collectors. A clone shares them.
#[derive(Clone, Default)]
#[must_use]
pub struct Collectors(Vec<Arc<dyn Collect>>);

impl Collectors {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// And this one, or a closure that sets metrics.
    pub fn with(mut self, collector: impl Collect) -> Self {
        self.0.push(Arc::new(collector));
        self
    }

    /// Has all of them collect, in the order in which they came.
    pub fn collect(&self) {
        Collect::collect(self);
    }
}

impl Collect for Collectors {
    fn collect(&self) {
        self.0.iter().for_each(|collector| collector.collect());
    }
}

impl fmt::Debug for Collectors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Collectors").field(&self.0.len()).finish()
    }
}
