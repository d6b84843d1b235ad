use std::{
    fmt,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use metrics::{Unit, counter, describe_counter, describe_gauge, gauge};
use tokio::runtime::{Handle, RuntimeMetrics, TryCurrentError};

use super::Collect;

const WORKERS: &str = "tokio_workers";
const ALIVE: &str = "tokio_alive_tasks";
const QUEUE: &str = "tokio_global_queue_depth";
const BUSY: &str = "tokio_busy_ratio";
const BUSY_SECONDS: &str = "tokio_worker_busy_seconds_total";
const PARKS: &str = "tokio_worker_parks_total";

/// A Tokio runtime: its workers, its tasks, and how busy it is.
pub struct Runtime {
    metrics: RuntimeMetrics,
    last: Mutex<Busy>,
}

/// How long the workers were busy, all together, by when.
struct Busy {
    at: Instant,
    time: Duration,
}

impl Runtime {
    /// The runtime that this runs on. An error outside of one.
    pub fn current() -> Result<Self, TryCurrentError> {
        Handle::try_current().map(|handle| Self::of(&handle))
    }

    /// This runtime.
    pub fn of(handle: &Handle) -> Self {
        let metrics = handle.metrics();
        let last = Mutex::new(Busy::read(&metrics));
        Self { metrics, last }
    }
}

impl Busy {
    fn read(metrics: &RuntimeMetrics) -> Self {
        let time = (0..metrics.num_workers()).map(|worker| metrics.worker_total_busy_duration(worker)).sum();
        Self { at: Instant::now(), time }
    }
}

impl Collect for Runtime {
    /// The ratio is that of the time since the last collection.
    #[expect(clippy::cast_precision_loss, reason = "a gauge is a float, and nobody has 2^53 tasks")]
    fn collect(&self) {
        let Self { metrics, last } = self;
        let workers = metrics.num_workers();
        let now = Busy::read(metrics);
        let busy = {
            let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
            let wall = now.at.saturating_duration_since(last.at).as_secs_f64() * workers as f64;
            let busy = now.time.saturating_sub(last.time).as_secs_f64();
            *last = Busy { ..now };
            if wall > 0.0 { (busy / wall).min(1.0) } else { 0.0 }
        };
        describe_gauge!(WORKERS, Unit::Count, "Worker threads of the Tokio runtime.");
        gauge!(WORKERS).set(workers as f64);
        describe_gauge!(ALIVE, Unit::Count, "Tasks of the Tokio runtime that are not done.");
        gauge!(ALIVE).set(metrics.num_alive_tasks() as f64);
        describe_gauge!(QUEUE, Unit::Count, "Tasks that wait in the Tokio runtime's global queue.");
        gauge!(QUEUE).set(metrics.global_queue_depth() as f64);
        describe_gauge!(BUSY, "Share of the time since the last collection that the workers were busy.");
        gauge!(BUSY).set(busy);
        describe_counter!(BUSY_SECONDS, Unit::Seconds, "Time that the workers were busy, in whole seconds.");
        counter!(BUSY_SECONDS).absolute(now.time.as_secs());
        describe_counter!(PARKS, Unit::Count, "How often a worker had nothing to do and waited.");
        counter!(PARKS).absolute((0..workers).map(|worker| metrics.worker_park_count(worker)).sum());
    }
}

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runtime").field("metrics", &self.metrics).finish_non_exhaustive()
    }
}
