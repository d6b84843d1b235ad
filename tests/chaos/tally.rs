use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
};

use http::request;
use tokio::sync::Notify;
use tower_telemetry_core::{End, Exchange, Observe, Outcome, RequestContext};

/// Counts what exchanges do.
#[derive(Default)]
pub(crate) struct Tally {
    started: AtomicUsize,
    ends: [AtomicUsize; 4],
    ended_again: AtomicUsize,
    ended: Notify,
}

impl Tally {
    pub(crate) fn in_flight(&self) -> usize {
        self.started.load(SeqCst) - self.ended()
    }

    fn ended(&self) -> usize {
        self.ends.iter().map(|ends| ends.load(SeqCst)).sum()
    }

    /// Waits until nothing is in flight.
    pub(crate) async fn rest(&self) {
        loop {
            let ended = self.ended.notified();
            if self.in_flight() == 0 {
                return;
            }
            ended.await;
        }
    }

    pub(crate) fn assert_conserved(&self) {
        assert_eq!((self.in_flight(), self.ended_again.load(SeqCst)), (0, 0), "{self:?}");
    }

    pub(crate) fn assert_varied(&self) {
        assert!(self.ends.iter().all(|ends| ends.load(SeqCst) > 0), "{self:?}");
    }
}

impl fmt::Debug for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [completed, failed, cancelled, panicked] = &self.ends;
        write!(
            f,
            "started {:?} = completed {completed:?} + failed {failed:?} + cancelled {cancelled:?} + panicked {panicked:?}",
            self.started
        )
    }
}

#[derive(Clone)]
pub(crate) struct Tallied(pub(crate) Arc<Tally>);

pub(crate) struct TalliedExchange {
    tally: Arc<Tally>,
    ended: bool,
}

impl Observe for Tallied {
    type Exchange = TalliedExchange;

    fn begin(&self, _: &mut request::Parts, _: &RequestContext) -> TalliedExchange {
        self.0.started.fetch_add(1, SeqCst);
        TalliedExchange { tally: self.0.clone(), ended: false }
    }
}

impl Exchange for TalliedExchange {
    fn end(&mut self, _: &RequestContext, outcome: &Outcome<'_>) {
        if std::mem::replace(&mut self.ended, true) {
            self.tally.ended_again.fetch_add(1, SeqCst);
        }
        let end = match outcome.end() {
            End::Completed => 0,
            End::Failed(_) => 1,
            End::Cancelled => 2,
            _ => 3,
        };
        self.tally.ends[end].fetch_add(1, SeqCst);
        self.tally.ended.notify_waiters();
    }
}
