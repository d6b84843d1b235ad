/// Whether an exchange is traced, and why. Made once for each exchange, and obeyed by every signal.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Decision {
    /// Whether the exchange is traced. If not, it still makes metrics and error reports.
    pub sampled: bool,
    /// The rate that was applied, in 0..=1.
    pub rate: f64,
    /// What decided.
    pub reason: Reason,
}

/// What made a [`Decision`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The trace id fell to one or the other side of the rate.
    Rate,
    /// The caller had decided not to trace.
    Caller,
}

impl Decision {
    /// Makes a decision.
    pub fn new(sampled: bool, rate: f64, reason: Reason) -> Self {
        Self { sampled, rate, reason }
    }
}
