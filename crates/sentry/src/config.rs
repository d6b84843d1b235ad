use std::sync::Arc;

use sentry::Hub;

/// Observer that reports exchanges to Sentry. See the [crate docs](crate).
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Sentry {
    fallback: Option<Arc<Hub>>,
}

impl Sentry {
    /// Reports to the current hub's client, else to the main hub's: a worker thread that used its hub before the client was
    /// bound would otherwise never see it.
    pub fn new() -> Self {
        Self::default()
    }

    /// Uses `hub` where the current hub has no enabled client. Default: [`Hub::main`].
    pub fn fallback(mut self, hub: Arc<Hub>) -> Self {
        self.fallback = Some(hub);
        self
    }

    /// The hub that an exchange's own hub is made from, if it leads anywhere.
    pub(crate) fn base(&self) -> Option<Arc<Hub>> {
        let leads_somewhere = |hub: &Arc<Hub>| hub.client().is_some_and(|client| client.is_enabled());
        let current = Hub::current();
        if leads_somewhere(&current) {
            return Some(current);
        }
        let fallback = self.fallback.clone().unwrap_or_else(Hub::main);
        leads_somewhere(&fallback).then_some(fallback)
    }
}
