use std::{fmt, sync::Arc};

use crate::handles::Handles;

/// Observer that counts and times exchanges. See the [crate docs](crate).
#[derive(Clone, Default)]
#[must_use]
pub struct Metrics {
    pub(crate) handles: Arc<Handles>,
}

impl Metrics {
    /// An exchange is in flight for the recorder that is current when it begins, and timed by the one that is current when it
    /// ends: a late or a local one is found. Recorders are told apart by their address, so a local one that comes after another
    /// was dropped, as in tests, needs a new `Metrics`.
    pub fn new() -> Self {
        Self::default()
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}
