use std::{
    sync::{Arc, OnceLock, Weak},
    time::Duration,
};

use sentry::{Client, Hub, protocol::DynamicSamplingContext};
use tower_telemetry_core::{BuildError, Capture};
use tower_telemetry_scrub::Scrubber;

use crate::{
    ErrorLimit, Grouping, PanicReporter, Slow, Statuses, bodies::Bodies, dynamic_sampling, sessions::SessionCounts,
    statuses::ErrorStatuses,
};

/// Observer that reports exchanges to Sentry. See the [crate docs](crate).
///
/// A clone costs an atomic increment.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Sentry {
    pub(crate) config: Arc<Config>,
}

#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// Where the current hub leads nowhere; the main one, as soon as it was asked for.
    fallback: OnceLock<Arc<Hub>>,
    pub(crate) bodies: Bodies,
    pub(crate) statuses: ErrorStatuses,
    pub(crate) grouping: Grouping,
    pub(crate) limit: Option<ErrorLimit>,
    pub(crate) slow: Slow,
    pub(crate) event_id: EventId,
    pub(crate) sessions: Option<Arc<SessionCounts>>,
    ours: OnceLock<Ours>,
}

/// A client that is known to be ours.
#[derive(Clone, Debug)]
struct Ours {
    client: Weak<Client>,
    /// What it says in each dynamic sampling context.
    sampling: DynamicSamplingContext,
}

/// Whether error responses tell the event that was sent of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EventId {
    /// They do not.
    #[default]
    Hidden,
    /// In the header `x-sentry-event-id`, by which a caller can ask support about it. Errors are then reported when the
    /// response's head is ready, and not at the exchange's end. An event that is not sent has no id; but of one that the
    /// handler captured itself, only a client of [`client()`](crate::client()) knows whether it was sent.
    Told,
}

/// Whether exchanges are counted as sessions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sessions {
    /// They are. The default.
    #[default]
    Counted,
    /// They are not.
    Off,
}

impl Sentry {
    /// Reports to the current hub's client, else to the main hub's: a worker thread that used its hub before the client was
    /// bound would otherwise never see it.
    pub fn new() -> Self {
        Self::default()
    }

    /// Uses `hub` where the current hub has no enabled client. Default: [`Hub::main`].
    pub fn fallback(self, hub: Arc<Hub>) -> Self {
        self.with(|config| config.fallback = hub.into())
    }

    /// Which answers are reported as errors. Default: [`Statuses::server_failures`]. Errors of the service and of response
    /// bodies, and panics, are reported in any case.
    pub fn error_statuses(self, statuses: Statuses) -> Self {
        self.with(|config| config.statuses.base = statuses)
    }

    /// Which answers are reported as errors by endpoints whose answers mean something else. The first pattern that matches counts;
    /// see [`EndpointPattern`](tower_telemetry_core::EndpointPattern). A bad pattern is an error. Default: none.
    pub fn error_statuses_at<P: AsRef<str>>(
        self,
        endpoints: impl IntoIterator<Item = (P, Statuses)>,
    ) -> Result<Self, BuildError> {
        let statuses = self.config.statuses.clone().at(endpoints)?;
        Ok(self.with(|config| config.statuses = statuses))
    }

    /// Which errors are one issue. Default: [`Grouping::by_sentry`].
    pub fn grouping(self, grouping: Grouping) -> Self {
        self.with(|config| config.grouping = grouping)
    }

    /// How many equal errors are sent in a minute. Default: all.
    pub fn limit(self, limit: ErrorLimit) -> Self {
        self.with(|config| config.limit = Some(limit))
    }

    /// When an exchange is slow, and what becomes of it. Default: after 3 seconds, when its transaction has the tag `slow`.
    pub fn slow(self, slow: Slow) -> Self {
        self.with(|config| config.slow = slow)
    }

    /// After which time an exchange is slow, where its endpoint has no threshold of its own.
    pub fn slow_after(&self) -> Duration {
        self.config.slow.after
    }

    /// Whether error responses tell the event that was sent of them. Default: they do not.
    pub fn event_id(self, event_id: EventId) -> Self {
        self.with(|config| config.event_id = event_id)
    }

    /// Whether exchanges are counted as sessions of the client's release, by which Sentry tells how healthy that is: those that
    /// went well, that had errors, and that panicked, one count for each minute. It costs two atomics for each exchange, and
    /// nothing without a release. Default: they are.
    pub fn sessions(self, sessions: Sessions) -> Self {
        self.with(|config| config.sessions = (sessions == Sessions::Counted).then(Arc::default))
    }

    /// Sends the sessions that are counted and not yet sent. Call it before the client is closed; otherwise it happens once a
    /// minute.
    pub fn flush_sessions(&self) {
        if let Some(sessions) = &self.config.sessions {
            sessions.flush();
        }
    }

    /// Shows the request's body, scrubbed, in the events of its exchange. Default: [`Capture::MEDIUM`], 10,000 bytes.
    ///
    /// Shown is what the service has read of it by then. Of a body that is larger, binary, compressed, of a type that
    /// [cannot be watched](tower_telemetry_core::ObserveService), or that nobody has read, its media type and size take its
    /// place: `[image/png, 48213 bytes]`. A transaction never has a body, and where no client is enabled nothing is captured.
    /// Sentry refuses events of more than 1 MiB.
    pub fn capture_request_bodies(self, capture: Capture) -> Self {
        self.with(|config| config.bodies.request = capture)
    }

    /// Shows the response's body, as far as it was sent, in the same way, as part of the `response` context. Default:
    /// [`Capture::Off`].
    pub fn capture_response_bodies(self, capture: Capture) -> Self {
        self.with(|config| config.bodies.response = capture)
    }

    /// What bodies, paths and query strings are scrubbed with, once for each event. Default:
    /// [`Scrub::standard`](tower_telemetry_scrub::Scrub::standard).
    pub fn scrubber(self, scrubber: Scrubber) -> Self {
        self.with(|config| config.bodies.scrubber = scrubber)
    }

    fn with(mut self, change: impl FnOnce(&mut Config)) -> Self {
        change(Arc::make_mut(&mut self.config));
        self
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            fallback: OnceLock::new(),
            bodies: Bodies::default(),
            statuses: ErrorStatuses::default(),
            grouping: Grouping::default(),
            limit: None,
            slow: Slow::default(),
            event_id: EventId::default(),
            sessions: Some(Arc::default()),
            ours: OnceLock::new(),
        }
    }
}

impl Config {
    /// The hub that an exchange's own hub is made from, and its client, if it leads anywhere.
    pub(crate) fn base(&self) -> Option<(Arc<Hub>, Arc<Client>)> {
        let client_of = |hub: &Hub| hub.client().filter(|client| client.is_enabled());
        let current = Hub::current();
        if let Some(client) = client_of(&current) {
            return Some((current, client));
        }
        let fallback = self.fallback.get_or_init(Hub::main);
        client_of(fallback).map(|client| (fallback.clone(), client))
    }

    /// Whether [`client()`](crate::client()) made the client, so that all that it sends passes our boundary.
    pub(crate) fn is_ours(&self, hub: &Hub, client: &Arc<Client>) -> bool {
        if self.known(client).is_some() {
            return true;
        }
        let is_ours = hub.with_integration(|_: &PanicReporter| true);
        if is_ours {
            let sampling = dynamic_sampling::of_client(client);
            let _ = self.ours.set(Ours { client: Arc::downgrade(client), sampling });
        }
        is_ours
    }

    /// What the client says in each dynamic sampling context.
    pub(crate) fn sampling_of(&self, client: &Arc<Client>) -> DynamicSamplingContext {
        match self.known(client) {
            Some(ours) => ours.sampling.clone(),
            None => dynamic_sampling::of_client(client),
        }
    }

    fn known(&self, client: &Arc<Client>) -> Option<&Ours> {
        self.ours.get().filter(|ours| std::ptr::eq(ours.client.as_ptr(), Arc::as_ptr(client)))
    }
}
