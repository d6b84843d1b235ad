use std::{
    fmt,
    panic::{self, AssertUnwindSafe},
    sync::Arc,
    time::Duration,
};

use sentry::{Envelope, Transport, TransportFactory, TransportOptions};

use super::{Boundary, envelope, walk::Walk};
use crate::{
    conclusion::Conclusion,
    current,
    dropped::{Cause, Dropped},
    mute,
};

/// Transport that scrubs every item of every envelope, whoever made it, before the one inside sees it. It passes on nothing of
/// exchanges that are not observed.
///
/// It is the last thing before the network, so it sees what event processors and `before_send` do not: transactions, logs,
/// metrics, sessions, attachments and raw envelopes. An item of a kind that it does not know is dropped, and so is a raw envelope
/// that it cannot read; each is counted in [`ITEMS_DROPPED`](crate::ITEMS_DROPPED), and logged now and then.
///
/// The scrubbing is done at once, on the thread that sends.
pub struct Scrubbing {
    inner: Arc<dyn Transport>,
    boundary: Boundary,
    dropped: Dropped,
}

impl Scrubbing {
    /// Scrubs what goes to `inner`.
    pub fn new(inner: Arc<dyn Transport>, boundary: Boundary) -> Self {
        Self { inner, boundary, dropped: Dropped::default() }
    }
}

impl Transport for Scrubbing {
    fn send_envelope(&self, envelope: Envelope) {
        if mute::is_muted(&envelope) {
            return;
        }
        let send = || {
            let conclusion = Conclusion::take_for(&envelope);
            if let Some(envelope) = envelope::scrub(envelope, conclusion, &Walk::new(&self.boundary), &self.dropped) {
                note_sent(&envelope);
                self.inner.send_envelope(envelope);
            }
        };
        // What panics in here would be the request's panic.
        if panic::catch_unwind(AssertUnwindSafe(send)).is_err() {
            self.dropped.add(Cause::Internal, []);
        }
    }

    fn flush(&self, timeout: Duration) -> bool {
        self.inner.flush(timeout)
    }

    fn shutdown(&self, timeout: Duration) -> bool {
        self.inner.shutdown(timeout)
    }
}

/// Has the exchange know what is sent of it.
fn note_sent(envelope: &Envelope) {
    if let Some(event) = envelope.event()
        && let Some(exchange) = current::current()
    {
        exchange.seen.note_sent(event);
    }
}

impl fmt::Debug for Scrubbing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scrubbing").field("boundary", &self.boundary).finish_non_exhaustive()
    }
}

/// Makes a [`Scrubbing`] transport around another factory's. For a client of one's own:
///
/// ```no_run
/// use std::sync::Arc;
/// use tower_telemetry_scrub::{BuildError, Scrub};
/// use tower_telemetry_sentry::{Boundary, HttpTransportFactory, ScrubbingFactory};
///
/// # fn main() -> Result<(), BuildError> {
/// let boundary = Boundary::new(Scrub::standard().name("badge").build()?);
/// let transport = ScrubbingFactory::new(Arc::new(HttpTransportFactory::new()), boundary);
/// let _guard = sentry::init(sentry::ClientOptions::new().dsn("https://key@sentry.example/1").transport(transport));
/// # Ok(()) }
/// ```
///
/// [`client()`](crate::client()) has it already.
pub struct ScrubbingFactory {
    inner: Arc<dyn TransportFactory>,
    boundary: Boundary,
}

impl ScrubbingFactory {
    /// Wraps what `inner` makes.
    pub fn new(inner: Arc<dyn TransportFactory>, boundary: Boundary) -> Self {
        Self { inner, boundary }
    }
}

impl TransportFactory for ScrubbingFactory {
    // The options hold what the client's reports of lost data are told through: they go on as they came.
    fn create_transport_with_options(&self, options: TransportOptions) -> Arc<dyn Transport> {
        Arc::new(Scrubbing::new(self.inner.create_transport_with_options(options), self.boundary.clone()))
    }
}

impl fmt::Debug for ScrubbingFactory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScrubbingFactory").field("boundary", &self.boundary).finish_non_exhaustive()
    }
}
