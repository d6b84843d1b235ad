use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use tower_telemetry_core::BuildError;

use super::nanos;

/// How many traces there may be, at most, in each period, for this process. The first period begins with the first request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    traces: u64,
    period: Duration,
}

/// What is done about an endpoint that is asked for very often.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HighVolume {
    pub(crate) above: f64,
    pub(crate) target: f64,
}

impl Budget {
    /// So many traces in each second.
    pub fn per_second(traces: u64) -> Self {
        Self { traces, period: Duration::from_secs(1) }
    }

    /// So many traces in each 24 hours.
    pub fn per_day(traces: u64) -> Self {
        Self { traces, period: Duration::from_secs(24 * 60 * 60) }
    }

    /// So many traces in each 30 days.
    pub fn per_month(traces: u64) -> Self {
        Self { traces, period: Duration::from_secs(30 * 24 * 60 * 60) }
    }

    pub(crate) fn period(&self) -> Duration {
        self.period
    }
}

impl HighVolume {
    /// An endpoint with more than `above` exchanges a second has about `target` of them traced a second.
    pub fn new(above: f64, target: f64) -> Result<Self, BuildError> {
        let sane = |rate: f64| rate.is_finite() && rate > 0.0;
        if !sane(above) {
            return Err(BuildError::value("the limit of high volume", above.to_string(), "a number above 0"));
        }
        if !sane(target) || target > above {
            let expected = format!("a number above 0 and up to the limit, {above}");
            return Err(BuildError::value("the target of high volume", target.to_string(), expected));
        }
        Ok(Self { above, target })
    }
}

/// The current period of each budget.
pub(crate) struct Windows(Box<[Window]>);

struct Window {
    budget: Budget,
    spent: AtomicU64,
    /// In nanoseconds since the start.
    end: AtomicU64,
}

impl Windows {
    pub(crate) fn new(budgets: &[Budget]) -> Self {
        let window = |&budget| Window { budget, spent: AtomicU64::new(0), end: AtomicU64::new(nanos(budget.period)) };
        Self(budgets.iter().map(window).collect())
    }

    /// Spends a trace of each budget, if there is one left in all.
    pub(crate) fn take(&self) -> bool {
        for (i, window) in self.0.iter().enumerate() {
            if window.spent.fetch_add(1, Ordering::Relaxed) >= window.budget.traces {
                for window in &self.0[..=i] {
                    window.spent.fetch_sub(1, Ordering::Relaxed);
                }
                return false;
            }
        }
        true
    }

    /// Begins new periods where the old ones are over.
    pub(crate) fn turn(&self, at: Duration) {
        let at = nanos(at);
        for window in &self.0 {
            let end = window.end.load(Ordering::Relaxed);
            if at >= end {
                let period = nanos(window.budget.period);
                let next = at - (at - end) % period + period;
                window.end.store(next, Ordering::Relaxed);
                window.spent.store(0, Ordering::Relaxed);
            }
        }
    }

    /// How many traces a second use up what is left, by the tightest budget.
    pub(crate) fn pace(&self, at: Duration) -> Option<f64> {
        let paces = self.0.iter().map(|window| {
            let left = window.budget.traces.saturating_sub(window.spent.load(Ordering::Relaxed));
            let time = Duration::from_nanos(window.end.load(Ordering::Relaxed)).saturating_sub(at);
            // At a period's very end, the pace of its last hundredth.
            let time = time.max(window.budget.period / 100);
            #[expect(clippy::cast_precision_loss, reason = "there are no 2^53 traces")]
            let left = left as f64;
            left / time.as_secs_f64()
        });
        paces.reduce(f64::min)
    }

    /// When the periods end.
    pub(crate) fn ends(&self) -> impl Iterator<Item = Duration> {
        self.0.iter().map(|window| Duration::from_nanos(window.end.load(Ordering::Relaxed)))
    }
}
