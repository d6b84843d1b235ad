/// A rate of events, averaged so that what is longer ago counts less.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Estimate {
    sum: f64,
    /// How much of the past is in the sum: from nothing at first to 1.
    weight: f64,
}

impl Estimate {
    /// Notes that so many events came in `seconds`, and averages over about `memory` seconds.
    pub(crate) fn note(&mut self, events: f64, seconds: f64, memory: f64) {
        let kept = (-seconds / memory).exp();
        self.sum = self.sum * kept + events / seconds * (1.0 - kept);
        self.weight = self.weight * kept + (1.0 - kept);
    }

    /// Events a second.
    pub(crate) fn rate(&self) -> f64 {
        if self.weight > 0.0 { self.sum / self.weight } else { 0.0 }
    }
}
