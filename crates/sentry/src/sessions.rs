use std::{
    fmt,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicU32, AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use sentry::{
    Client, Envelope,
    protocol::{EnvelopeItem, SessionAggregateItem, SessionAggregates, SessionAttributes},
};

/// How an exchange counts for the health of its release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Session {
    Exited,
    Errored,
    Crashed,
}

/// Counts each exchange as a session, by the minute of its arrival, and sends the counts of a minute when the next one has begun.
///
/// Source: <https://develop.sentry.dev/sdk/telemetry/sessions/>
pub(crate) struct SessionCounts {
    /// A moment, and when that was, in seconds since 1970.
    began: (Instant, u64),
    minute: AtomicU64,
    counts: [AtomicU32; 3],
    /// Whose they are.
    client: Mutex<Weak<Client>>,
}

impl SessionCounts {
    pub(crate) fn count(&self, client: &Arc<Client>, arrival: Instant, session: Session) {
        // A client without a release has nothing to count for.
        if client.options().release.is_none() {
            return;
        }
        let minute = self.minute_of(arrival);
        let current = self.minute.load(Relaxed);
        if minute > current && self.minute.compare_exchange(current, minute, Relaxed, Relaxed).is_ok() {
            self.send(current);
            *self.client.lock().unwrap_or_else(PoisonError::into_inner) = Arc::downgrade(client);
        }
        self.counts[session as usize].fetch_add(1, Relaxed);
    }

    /// Sends what has been counted so far.
    pub(crate) fn flush(&self) {
        self.send(self.minute.load(Relaxed));
    }

    fn send(&self, minute: u64) {
        let [exited, errored, crashed] = self.counts.each_ref().map(|count| count.swap(0, Relaxed));
        if exited + errored + crashed == 0 {
            return;
        }
        let client = self.client.lock().unwrap_or_else(PoisonError::into_inner).upgrade();
        let Some(client) = client else { return };
        let options = client.options();
        let Some(release) = options.release.clone() else { return };
        let aggregates = SessionAggregates {
            aggregates: vec![SessionAggregateItem {
                started: UNIX_EPOCH + Duration::from_secs(60 * minute),
                distinct_id: None,
                exited,
                errored,
                abnormal: 0,
                crashed,
            }],
            attributes: SessionAttributes {
                release,
                environment: options.environment.clone(),
                ip_address: None,
                user_agent: None,
            },
        };
        let mut envelope = Envelope::new();
        envelope.add_item(EnvelopeItem::SessionAggregates(aggregates));
        client.send_envelope(envelope);
    }

    /// No clock is read for it: the exchange's is good enough.
    fn minute_of(&self, arrival: Instant) -> u64 {
        let (instant, seconds) = self.began;
        (seconds + arrival.saturating_duration_since(instant).as_secs()) / 60
    }
}

impl Default for SessionCounts {
    fn default() -> Self {
        Self {
            began: (Instant::now(), SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())),
            minute: AtomicU64::default(),
            counts: Default::default(),
            client: Mutex::default(),
        }
    }
}

impl Drop for SessionCounts {
    fn drop(&mut self) {
        self.flush();
    }
}

impl fmt::Debug for SessionCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionCounts").finish_non_exhaustive()
    }
}
