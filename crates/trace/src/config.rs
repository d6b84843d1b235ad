use tower_telemetry_scrub::Scrubber;

use crate::Propagation;

/// Observer that opens a span for each exchange and logs its end. See the [crate docs](crate).
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Trace {
    pub(crate) propagation: Propagation,
    pub(crate) access_log: AccessLog,
}

/// Whether the end of each exchange is logged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum AccessLog {
    /// One event for each exchange. The default.
    #[default]
    On,
    /// None.
    Off,
}

impl Trace {
    /// A span and an access-log event for each exchange.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether the end of each exchange is logged. Default: [`AccessLog::On`].
    pub fn access_log(mut self, access_log: AccessLog) -> Self {
        self.access_log = access_log;
        self
    }

    /// The rules for what comes from callers: a request id that holds something to be scrubbed is not taken over, and names of
    /// endpoints that are no templates are scrubbed. Default: the standard rules.
    pub fn scrubber(mut self, scrubber: Scrubber) -> Self {
        self.propagation = self.propagation.scrubber(scrubber);
        self
    }
}
