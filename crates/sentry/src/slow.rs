use std::time::Duration;

use http::Method;
use tower_telemetry_core::{BuildError, Endpoint};

use crate::by_endpoint::ByEndpoint;

/// When an exchange is slow, and what becomes of it.
///
/// A slow one has the tag `slow` in its transaction, and in its events from then on. Whether it is slow is decided by its
/// [latency](tower_telemetry_core::Outcome::latency): of event streams, the time to the head.
///
/// ```
/// # use std::time::Duration;
/// # use tower_telemetry_sentry::Slow;
/// # fn main() -> Result<(), tower_telemetry_core::BuildError> {
/// let slow = Slow::after(Duration::from_secs(1)).at([("POST /reports", Duration::from_secs(30))])?.reported();
/// # let _ = slow; Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Slow {
    pub(crate) after: Duration,
    by_endpoint: Option<ByEndpoint<Duration>>,
    pub(crate) is_reported: bool,
}

impl Slow {
    /// As long as this is slow. Default: 3 seconds.
    pub fn after(threshold: Duration) -> Self {
        Self { after: threshold, by_endpoint: None, is_reported: false }
    }

    /// Endpoints with thresholds of their own: the first pattern that matches counts. Default: none.
    pub fn at<P: AsRef<str>>(mut self, endpoints: impl IntoIterator<Item = (P, Duration)>) -> Result<Self, BuildError> {
        self.by_endpoint = Some(ByEndpoint::new(endpoints)?);
        Ok(self)
    }

    /// Reports each slow exchange as a message of level warning, too. Default: none is.
    pub fn reported(mut self) -> Self {
        self.is_reported = true;
        self
    }

    pub(crate) fn threshold(&self, method: &Method, endpoint: &Endpoint, path: &str) -> Duration {
        let found = self.by_endpoint.as_ref().and_then(|by| by.find(method, endpoint, path));
        found.copied().unwrap_or(self.after)
    }
}

impl Default for Slow {
    fn default() -> Self {
        Self::after(Duration::from_secs(3))
    }
}
