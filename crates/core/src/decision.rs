use std::time::Duration;

use crate::Outcome;

/// Whether an exchange is traced, and why. Made once for each exchange, and obeyed by every signal.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Decision {
    /// Whether the exchange is traced. If not, it still makes metrics and error reports.
    pub sampled: bool,
    /// The rate that was applied, in 0..=1: the traced exchanges of this kind are this share of all.
    pub rate: f64,
    /// What decided.
    pub reason: Reason,
    /// The rule whose rate it was, as it was written, or `default`.
    pub rule: &'static str,
    /// What would have it kept nevertheless, once it is over. Default: nothing.
    pub keep: Keep,
}

/// What made a [`Decision`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The trace id, or the caller's `sample_rand`, fell to one or the other side of the rate.
    Rate,
    /// The caller had decided.
    Caller,
    /// The endpoint is asked for so often that fewer of its exchanges are traced.
    Volume,
    /// The budget of traces leaves no more for this endpoint.
    Budget,
    /// It was kept in the end, because the service failed.
    Error,
    /// It was kept in the end, because it was slow.
    Slow,
}

/// What has an exchange kept that was not to be traced. Its spans are recorded until that is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keep {
    /// The service's [failures](Outcome::is_server_failure).
    pub errors: bool,
    /// What takes its caller as long as this, by [latency](Outcome::latency).
    pub slower_than: Option<Duration>,
}

impl Decision {
    /// Makes a decision by no rule that keeps nothing else.
    pub fn new(sampled: bool, rate: f64, reason: Reason) -> Self {
        Self { sampled, rate, reason, rule: "default", keep: Keep::default() }
    }

    /// Names the rule.
    #[must_use]
    pub fn with_rule(self, rule: &'static str) -> Self {
        Self { rule, ..self }
    }

    /// Says what is kept nevertheless.
    #[must_use]
    pub fn with_keep(self, keep: Keep) -> Self {
        Self { keep, ..self }
    }

    /// Whether it is not known before the end whether the exchange is traced.
    pub fn is_open(&self) -> bool {
        !self.sampled && self.keep != Keep::default()
    }

    /// Why the exchange is traced, if it is, now that it is over.
    pub fn verdict(&self, outcome: &Outcome<'_>) -> Option<Reason> {
        if self.sampled {
            Some(self.reason)
        } else if self.keep.errors && outcome.is_server_failure() {
            Some(Reason::Error)
        } else if self.keep.slower_than.is_some_and(|limit| outcome.latency() >= limit) {
            Some(Reason::Slow)
        } else {
            None
        }
    }
}

impl Reason {
    /// Its name, as in labels and span fields: `rate`, `caller`, `volume`, `budget`, `error` or `slow`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rate => "rate",
            Self::Caller => "caller",
            Self::Volume => "volume",
            Self::Budget => "budget",
            Self::Error => "error",
            Self::Slow => "slow",
        }
    }
}
