use std::{
    fmt,
    sync::{Mutex, PoisonError, mpsc},
    thread,
    time::Duration,
};

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tower_telemetry_core::semconv;

/// Without upkeep, histogram samples pile up between scrapes.
const UPKEEP: Duration = Duration::from_secs(5);

/// The process's Prometheus recorder, if it is ours, and the thread that keeps it small.
pub(crate) struct Prometheus {
    handle: PrometheusHandle,
    // Its drop ends the thread.
    _stop: mpsc::Sender<()>,
}

impl Prometheus {
    /// Installs the recorder, or finds the one that we installed before. `None` if the service has one of its own.
    pub(crate) fn install() -> Option<Self> {
        // The recorder belongs to the process, so this does too.
        static INSTALLED: Mutex<Option<PrometheusHandle>> = Mutex::new(None);

        let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
        let handle = match &*installed {
            Some(handle) => handle.clone(),
            None => {
                let handle = recorder().install_recorder().ok()?;
                installed.insert(handle).clone()
            }
        };
        let (stop, stopped) = mpsc::channel();
        let kept = handle.clone();
        // Without the thread each scrape still does the upkeep.
        let _ = thread::Builder::new().name("telemetry-upkeep".into()).spawn(move || {
            while stopped.recv_timeout(UPKEEP) == Err(mpsc::RecvTimeoutError::Timeout) {
                kept.run_upkeep();
            }
        });
        Some(Self { handle, _stop: stop })
    }

    pub(crate) fn handle(&self) -> &PrometheusHandle {
        &self.handle
    }
}

fn recorder() -> PrometheusBuilder {
    let duration = Matcher::Full(semconv::HTTP_SERVER_REQUEST_DURATION.into());
    PrometheusBuilder::new().set_buckets_for_metric(duration, &semconv::DURATION_BUCKETS).expect("there are buckets")
}

impl fmt::Debug for Prometheus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prometheus").finish_non_exhaustive()
    }
}
