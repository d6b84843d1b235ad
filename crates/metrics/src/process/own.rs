use metrics_process::Collector;

use super::Collect;

/// CPU time, memory, file descriptors, threads and the start of this process, by Prometheus' names.
///
/// What the system does not tell is left out. CPU time is in whole seconds, since a counter of the `metrics` facade is.
#[derive(Debug, Default)]
#[must_use]
pub struct Process(Collector);

impl Process {
    /// This process.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Collect for Process {
    fn collect(&self) {
        // Each time, for the recorder may be another.
        self.0.describe();
        self.0.collect();
    }
}
