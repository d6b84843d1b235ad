use tower_telemetry_metrics::process::{Collectors, Disk, Process, Runtime};

/// What is read at each scrape: the process, the disk that it works on, and the Tokio runtime that it was started in, if it
/// was in one.
pub(crate) fn standard() -> Collectors {
    let collectors = Collectors::new().with(Process::new()).with(Disk::working_directory());
    match Runtime::current() {
        Ok(runtime) => collectors.with(runtime),
        Err(_) => collectors,
    }
}
