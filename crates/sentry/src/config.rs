use std::sync::Arc;

use sentry::Hub;
use tower_telemetry_core::Capture;
use tower_telemetry_scrub::Scrubber;

use crate::bodies::Bodies;

/// Observer that reports exchanges to Sentry. See the [crate docs](crate).
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Sentry {
    fallback: Option<Arc<Hub>>,
    pub(crate) bodies: Bodies,
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

    /// Shows the request's body, scrubbed, in the events of its exchange. Default: [`Capture::MEDIUM`], 10,000 bytes.
    ///
    /// Shown is what the service has read of it by then. Of a body that is larger, binary, compressed, of a type that
    /// [cannot be watched](tower_telemetry_core::ObserveService), or that nobody has read, its media type and size take its
    /// place: `[image/png, 48213 bytes]`. A transaction never has a body, and where no client is enabled nothing is captured.
    /// Sentry refuses events of more than 1 MiB.
    pub fn capture_request_bodies(mut self, capture: Capture) -> Self {
        self.bodies.request = capture;
        self
    }

    /// Shows the response's body, as far as it was sent, in the same way, as part of the `response` context. Default:
    /// [`Capture::Off`].
    pub fn capture_response_bodies(mut self, capture: Capture) -> Self {
        self.bodies.response = capture;
        self
    }

    /// What bodies are scrubbed with, once for each event. Default: [`Scrub::standard`](tower_telemetry_scrub::Scrub::standard).
    pub fn scrubber(mut self, scrubber: Scrubber) -> Self {
        self.bodies.scrubber = scrubber;
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
