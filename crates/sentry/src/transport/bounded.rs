use std::{
    fmt,
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use sentry::{Envelope, Transport, TransportFactory, TransportOptions};

/// Transport that keeps its promises about time whatever the one inside does. [`HttpTransport`](crate::HttpTransport) needs
/// none around it.
///
/// The SDK's transports have no time-outs: with an ingest that hangs, their `flush` waits for room in a full queue, and their
/// drop joins a thread that never ends, so the process does not exit. Here the waiting is done by a thread that is left behind.
pub struct Bounded {
    inner: Option<Arc<dyn Transport>>,
}

impl Bounded {
    fn wait(&self, timeout: Duration, drain: impl FnOnce(&dyn Transport, Duration) -> bool + Send + 'static) -> bool {
        let Some(inner) = self.inner.clone() else { return true };
        let (done, drained) = mpsc::sync_channel(1);
        let waiter = thread::Builder::new().name("sentry-flush".into()).spawn(move || {
            let _ = done.send(drain(&*inner, timeout));
        });
        waiter.is_ok() && drained.recv_timeout(timeout).unwrap_or(false)
    }
}

impl Transport for Bounded {
    fn send_envelope(&self, envelope: Envelope) {
        if let Some(inner) = &self.inner {
            inner.send_envelope(envelope);
        }
    }

    fn flush(&self, timeout: Duration) -> bool {
        self.wait(timeout, Transport::flush)
    }

    fn shutdown(&self, timeout: Duration) -> bool {
        self.wait(timeout, Transport::shutdown)
    }
}

impl Drop for Bounded {
    fn drop(&mut self) {
        let inner = self.inner.take();
        // Where no thread can be had, the closure is dropped here, and so is the transport, at its leisure.
        let _ = thread::Builder::new().name("sentry-close".into()).spawn(move || drop(inner));
    }
}

impl fmt::Debug for Bounded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bounded").finish_non_exhaustive()
    }
}

/// Makes a [`Bounded`] transport around another factory's.
pub struct BoundedFactory {
    inner: Arc<dyn TransportFactory>,
}

impl BoundedFactory {
    /// Wraps what `inner` makes.
    pub fn new(inner: Arc<dyn TransportFactory>) -> Self {
        Self { inner }
    }
}

impl TransportFactory for BoundedFactory {
    fn create_transport_with_options(&self, options: TransportOptions) -> Arc<dyn Transport> {
        Arc::new(Bounded { inner: Some(self.inner.create_transport_with_options(options)) })
    }
}

impl fmt::Debug for BoundedFactory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BoundedFactory").finish_non_exhaustive()
    }
}
