use std::{
    fmt,
    sync::{Mutex, PoisonError, mpsc},
    thread,
    time::Duration,
};

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tower_telemetry_core::{BuildError, semconv::DURATION_BUCKETS};
use tower_telemetry_metrics::{Metrics, instrument::BUCKETS};

/// Without upkeep, histogram samples pile up between scrapes.
const UPKEEP: Duration = Duration::from_secs(5);

/// The process's Prometheus recorder, if it is ours, and the thread that keeps it small.
pub(crate) struct Prometheus {
    handle: PrometheusHandle,
    // Its drop ends the thread.
    _stop: mpsc::Sender<()>,
}

impl Prometheus {
    /// Installs the recorder, with buckets for these metrics, or finds the one that we installed before. `None` if the service
    /// has one of its own.
    pub(crate) fn install(metrics: &Metrics) -> Result<Option<Self>, BuildError> {
        // The recorder belongs to the process, so this does too.
        static INSTALLED: Mutex<Option<PrometheusHandle>> = Mutex::new(None);

        let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
        let handle = match &*installed {
            Some(handle) => handle.clone(),
            None => {
                let recorder = with_buckets(PrometheusBuilder::new(), metrics)?.build_recorder();
                let handle = recorder.handle();
                if ::metrics::set_global_recorder(recorder).is_err() {
                    return Ok(None);
                }
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
        Ok(Some(Self { handle, _stop: stop }))
    }

    pub(crate) fn handle(&self) -> &PrometheusHandle {
        &self.handle
    }
}

/// Gives a recorder the buckets of each histogram that these metrics make, and the instruments, with one for those of one's own.
fn with_buckets(builder: PrometheusBuilder, metrics: &Metrics) -> Result<PrometheusBuilder, BuildError> {
    let requests = metrics.buckets().into_iter().map(|(name, bounds)| (Matcher::Full(name), bounds));
    let instruments = BUCKETS.iter().map(|(name, bounds)| (Matcher::Full((*name).to_owned()), bounds.to_vec()));
    let own = (Matcher::Suffix("_duration_seconds".to_owned()), DURATION_BUCKETS.to_vec());
    requests.chain(instruments).chain([own]).try_fold(builder, |builder, (metric, bounds)| {
        let builder = builder.set_buckets_for_metric(metric, &bounds);
        builder.map_err(|error| BuildError::failed("the Prometheus recorder", error))
    })
}

impl fmt::Debug for Prometheus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prometheus").finish_non_exhaustive()
    }
}
