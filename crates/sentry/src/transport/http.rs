use std::{fmt, sync::Arc, thread, time::Duration};

use sentry::{Envelope, Transport, TransportFactory, TransportOptions};

use super::{
    post::Post,
    queue::{Bounds, Queue},
    sender::Sender,
};
use crate::{Boundary, transport::losses::Losses};

/// Transport that posts envelopes to the server that the DSN names, and trusts neither the server nor the way there.
///
/// - **Sending never waits.** An envelope is queued, or dropped and counted if there is no room: up to 2,048 envelopes
///   ([`transport_channel_capacity`]), of 64 MiB in all ([`max_queued_bytes`](HttpTransportFactory::max_queued_bytes)). That is a
///   second with 1,000 errors and the transactions of their requests, before any of it is sent.
/// - **Two threads** post them, on connections that they keep: 300 a second where the server answers in 5 ms. A connection is
///   given 5 seconds, an envelope [15](HttpTransportFactory::timeout). Nothing is sent twice.
/// - **Rate limits** of the server hold, by category, for an hour at most: [`X-Sentry-Rate-Limits`], `Retry-After`, and 60
///   seconds for a 429 without either. What they hold back is dropped; the rest of its envelope goes.
/// - **What is lost** is counted in [`ITEMS_DROPPED`](crate::ITEMS_DROPPED), logged for each reason every ten minutes at most, and
///   told to the server in [client reports], together with what the client left out: at once, then every 30 seconds at most,
///   and in a [flush](Transport::flush).
/// - **The end never waits for the server.** A flush and a shutdown take their time-out at most. After a drop the threads begin
///   nothing new after two seconds, and the process does not wait for them.
/// - The envelope's headers reach the server, the dynamic sampling context in them too. The SDK's transports lose them when they
///   look for limits.
///
/// Nothing that is logged holds the DSN's key or what is sent, but for the wire dump that `ureq` makes through the `log`
/// crate at its `TRACE` level: that shows the heads of requests, the key in them.
///
/// Proxies, `accept_invalid_certs` and the user agent are the client's; `NO_PROXY` is respected. Redirects are not followed.
///
/// [`transport_channel_capacity`]: sentry::ClientOptions::transport_channel_capacity
/// [`X-Sentry-Rate-Limits`]: https://develop.sentry.dev/sdk/expected-features/rate-limiting/
/// [client reports]: https://develop.sentry.dev/sdk/telemetry/client-reports/
pub struct HttpTransport {
    sender: Arc<Sender>,
}

/// How many envelopes are posted at once.
const SENDERS: usize = 2;

/// How many envelopes wait.
pub(crate) const MAX_QUEUED: usize = 2048;

/// How much memory those that wait may take.
const MAX_QUEUED_BYTES: usize = 64 * 1024 * 1024;

/// How long one envelope may take.
const TIMEOUT: Duration = Duration::from_secs(15);

/// How long the threads of a transport that was dropped go on.
const GRACE: Duration = Duration::from_secs(2);

impl Transport for HttpTransport {
    fn send_envelope(&self, envelope: Envelope) {
        self.sender.take_in(envelope);
    }

    fn flush(&self, timeout: Duration) -> bool {
        self.sender.queue.flush(timeout)
    }

    // Clones of a client share the transport, and go on using it. What ends it is its drop.
    fn shutdown(&self, timeout: Duration) -> bool {
        self.flush(timeout)
    }
}

impl Drop for HttpTransport {
    fn drop(&mut self) {
        self.sender.queue.close(GRACE);
    }
}

impl fmt::Debug for HttpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpTransport").finish_non_exhaustive()
    }
}

/// Makes an [`HttpTransport`]. What [`client()`](crate::client()) uses, unless its options name another.
#[derive(Clone, Debug)]
#[must_use]
pub struct HttpTransportFactory {
    boundary: Option<Boundary>,
    max_queued_bytes: usize,
    timeout: Duration,
}

impl HttpTransportFactory {
    /// With the defaults.
    pub fn new() -> Self {
        Self { boundary: None, max_queued_bytes: MAX_QUEUED_BYTES, timeout: TIMEOUT }
    }

    /// Scrubs what is sent, as [`Scrubbing`](crate::Scrubbing) does, but on the threads that post it: no request waits for that, and
    /// what finds no room is not scrubbed in vain. Until then it is in memory as it came. Default: nothing is scrubbed.
    ///
    /// For a client of one's own; [`client()`](crate::client()) does so.
    ///
    /// ```no_run
    /// use tower_telemetry_scrub::{BuildError, Scrub};
    /// use tower_telemetry_sentry::{Boundary, HttpTransportFactory};
    ///
    /// # fn main() -> Result<(), BuildError> {
    /// let boundary = Boundary::new(Scrub::standard().name("badge").build()?);
    /// let transport = HttpTransportFactory::new().scrubbing(boundary);
    /// let _guard = sentry::init(sentry::ClientOptions::new().dsn("https://key@sentry.example/1").transport(transport));
    /// # Ok(()) }
    /// ```
    pub fn scrubbing(mut self, boundary: Boundary) -> Self {
        self.boundary = Some(boundary);
        self
    }

    /// How much memory the envelopes that wait, and those being sent, may take, in bytes as estimated. One that alone takes
    /// more is never sent. Default: 64 MiB.
    pub fn max_queued_bytes(mut self, bytes: usize) -> Self {
        self.max_queued_bytes = bytes;
        self
    }

    /// How long one envelope may take, from the connection to the head of the answer. Default: 15 seconds.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }
}

impl Default for HttpTransportFactory {
    fn default() -> Self {
        Self::new()
    }
}

impl TransportFactory for HttpTransportFactory {
    fn create_transport_with_options(&self, options: TransportOptions) -> Arc<dyn Transport> {
        let envelopes = options.transport_channel_capacity.map_or(MAX_QUEUED, Into::into);
        let sender = Arc::new(Sender {
            boundary: self.boundary.clone(),
            queue: Queue::new(Bounds { envelopes, bytes: self.max_queued_bytes }),
            post: Post::new(&options),
            timeout: self.timeout,
            losses: Losses::default(),
        });
        let started = (1..=SENDERS).filter(|number| {
            let sender = Arc::clone(&sender);
            thread::Builder::new().name(format!("sentry-sender-{number}")).spawn(move || sender.run()).is_ok()
        });
        if started.count() == 0 {
            // There is nobody to send anything.
            sender.queue.close(Duration::ZERO);
        }
        Arc::new(HttpTransport { sender })
    }
}
