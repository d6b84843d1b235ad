//! What keeps the number of traces near what was asked for: floods of one endpoint, and budgets of all.
//!
//! A few times a second, whoever asks next works out each endpoint's share from what was asked for lately. Between that, a
//! decision reads its endpoint's share and counts itself, with neither locks nor allocations.

mod budget;
mod endpoints;
mod estimate;
mod shares;

use std::{
    sync::{
        Mutex, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tower_telemetry_core::Reason;

pub use self::budget::{Budget, HighVolume};
use self::{budget::Windows, endpoints::Endpoints, shares::Shares};

/// How often shares are worked out.
const TICK: Duration = Duration::from_millis(200);

/// A decision within the limits.
pub(crate) struct Limited {
    pub(crate) sampled: bool,
    /// The rate that was applied.
    pub(crate) rate: f64,
    pub(crate) reason: Reason,
}

pub(crate) struct Limiter {
    volume: Option<HighVolume>,
    windows: Windows,
    endpoints: Endpoints,
    start: OnceLock<Instant>,
    /// When shares are worked out next, in nanoseconds since the start.
    due: AtomicU64,
    shares: Mutex<Shares>,
}

impl Limiter {
    pub(crate) fn new(volume: Option<HighVolume>, budgets: &[Budget]) -> Self {
        Self {
            volume,
            windows: Windows::new(budgets),
            endpoints: Endpoints::new(),
            start: OnceLock::new(),
            due: AtomicU64::new(0),
            shares: Mutex::default(),
        }
    }

    /// Decides on an exchange that would be traced at the rate `wanted`. `place` is where it falls between 0 and 1.
    pub(crate) fn decide(&self, now: Instant, endpoint: &str, wanted: f64, place: f64) -> Limited {
        let at = self.since_start(now);
        self.tick(at);
        let endpoint = self.endpoints.get(endpoint);
        endpoint.count(wanted);
        let share = endpoint.share();
        let candidate = place < wanted * share;
        let rate = wanted * share * endpoint.granted();
        let sampled = candidate && endpoint.take(|| self.windows.take());
        // Without a limit it would have been the same.
        let by_rate = place >= wanted || (sampled && share >= 1.0);
        Limited { sampled, rate, reason: if by_rate { Reason::Rate } else { endpoint.reason() } }
    }

    /// Counts an exchange that others have decided to trace. Only what is left of the budgets can refuse it.
    pub(crate) fn admit(&self, now: Instant, endpoint: &str) -> bool {
        self.tick(self.since_start(now));
        self.endpoints.get(endpoint).count(1.0);
        self.windows.take()
    }

    fn since_start(&self, now: Instant) -> Duration {
        now.saturating_duration_since(*self.start.get_or_init(|| now))
    }

    fn tick(&self, at: Duration) {
        let due = |at: Duration| nanos(at) >= self.due.load(Ordering::Relaxed);
        if !due(at) {
            return;
        }
        // Whoever comes while another is at it goes on with the shares of before.
        let Ok(mut shares) = self.shares.try_lock() else { return };
        if !due(at) {
            return;
        }
        self.windows.turn(at);
        let pace = self.windows.pace(at);
        shares.work_out(at, pace, self.volume, &self.endpoints);
        let next = self.windows.ends().fold(at + TICK, Duration::min);
        self.due.store(nanos(next).max(nanos(at) + 1), Ordering::Relaxed);
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
