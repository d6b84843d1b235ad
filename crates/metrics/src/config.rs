use std::{fmt, sync::Arc};

use tower_telemetry_scrub::Scrubber;

use crate::handles::Handles;

/// Observer that counts and times exchanges. See the [crate docs](crate).
#[derive(Clone)]
#[must_use]
pub struct Metrics {
    pub(crate) handles: Arc<Handles>,
}

impl Metrics {
    /// An exchange is in flight for the recorder that is current when it begins, and timed by the one that is current when it
    /// ends: a late or a local one is found. Recorders are told apart by their address, so a local one that comes after another
    /// was dropped, as in tests, needs a new `Metrics`.
    pub fn new() -> Self {
        Self { handles: Arc::new(Handles::new(Scrubber::default())) }
    }

    /// The rules for labels that are no templates: names of endpoints that a closure or a gRPC caller made. Default: the standard
    /// rules.
    pub fn scrubber(self, scrubber: Scrubber) -> Self {
        Self { handles: Arc::new(Handles::new(scrubber)) }
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}
