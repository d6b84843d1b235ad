use tower_telemetry_core::BuildError;

/// Observer that decides for each exchange. See the [crate docs](crate).
#[derive(Clone, Debug)]
#[must_use]
pub struct Sampling {
    pub(crate) rate: f64,
    pub(crate) exclude: Exclude,
}

/// Which endpoints are excluded from everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Exclude {
    /// Health, liveness, readiness, metrics and docs endpoints in their usual spellings, favicon and robots, and gRPC's health
    /// and reflection services. Exact segments: `/healthcare` is no health check. The default.
    #[default]
    Standard,
    /// None.
    Nothing,
}

impl Sampling {
    /// Traces everything but what is excluded.
    pub fn new() -> Self {
        Self { rate: 1.0, exclude: Exclude::Standard }
    }

    /// The share of exchanges that is traced, in 0..=1. Default: 1.
    pub fn rate(mut self, rate: f64) -> Result<Self, BuildError> {
        if !(0.0..=1.0).contains(&rate) {
            return Err(BuildError::value("the sampling rate", rate.to_string(), "a number from 0 to 1"));
        }
        self.rate = rate;
        Ok(self)
    }

    /// Which endpoints are excluded. Default: [`Exclude::Standard`].
    pub fn exclude(mut self, exclude: Exclude) -> Self {
        self.exclude = exclude;
        self
    }
}

impl Default for Sampling {
    fn default() -> Self {
        Self::new()
    }
}
