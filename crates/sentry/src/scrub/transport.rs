use std::{
    fmt,
    panic::{self, AssertUnwindSafe},
    sync::Arc,
    time::Duration,
};

use sentry::{Envelope, Transport, TransportFactory, TransportOptions};

use super::{Boundary, leaving::Leaving};
use crate::dropped::{Cause, Dropped};

/// Transport that scrubs every item of every envelope, whoever made it, before the one inside sees it. It passes on nothing of
/// exchanges that are not observed.
///
/// It is the last thing before the network, so it sees what event processors and `before_send` do not: transactions, logs,
/// metrics, sessions, attachments and raw envelopes. An item of a kind that it does not know is dropped, and so is a raw envelope
/// that it cannot read; each is counted in [`ITEMS_DROPPED`](crate::ITEMS_DROPPED), and logged now and then.
///
/// The scrubbing is done at once, on the thread that sends. An [`HttpTransport`](crate::HttpTransport) can do the same
/// [on its own threads](crate::HttpTransportFactory::scrubbing), without one around it.
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
        let send = || {
            let scrubbed = Leaving::of(envelope).and_then(|leaving| leaving.scrubbed(&self.boundary, &self.dropped));
            if let Some(envelope) = scrubbed {
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

impl fmt::Debug for Scrubbing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scrubbing").field("boundary", &self.boundary).finish_non_exhaustive()
    }
}

/// Makes a [`Scrubbing`] transport around another factory's, for a client of one's own. [`client()`](crate::client()) does so with
/// a transport that its options name.
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
