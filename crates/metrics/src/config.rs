use std::{fmt, sync::Arc};

use crate::handles::Handles;

/// Observer that counts and times exchanges. See the [crate docs](crate).
#[derive(Clone, Default)]
#[must_use]
pub struct Metrics {
    pub(crate) handles: Arc<Handles>,
}

impl Metrics {
    /// Records with the recorder that is current when an exchange begins: a late or a local one is found.
    pub fn new() -> Self {
        Self::default()
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}
