//! What the cases share.

use std::{
    collections::BTreeMap,
    pin::pin,
    task::{Context, Poll, Waker},
};

use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};
use tower_telemetry_metrics::process::{Collectors, Disk, Process, Runtime};

/// A recorder that is never installed.
pub(crate) struct Recorder {
    recorder: DebuggingRecorder,
    snapshotter: Snapshotter,
}

/// What a series was told.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Told {
    Counter(u64),
    Gauge(f64),
    Histogram(Vec<f64>),
}

/// By the name of the metric and its labels, `name{label="value"}`, in the order of the labels' names.
pub(crate) type Page = BTreeMap<String, Told>;

impl Recorder {
    pub(crate) fn new() -> Self {
        let recorder = DebuggingRecorder::new();
        let snapshotter = recorder.snapshotter();
        Self { recorder, snapshotter }
    }

    /// Is this thread's recorder meanwhile.
    pub(crate) fn record<R>(&self, f: impl FnOnce() -> R) -> R {
        metrics::with_local_recorder(&self.recorder, f)
    }

    /// What it was told since the last look at it, gauges by how much they changed. Series that were not told are left out.
    pub(crate) fn page(&self) -> Page {
        let series = self.snapshotter.snapshot().into_vec().into_iter().map(|(key, unit, help, value)| {
            assert!(help.is_some_and(|help| help.ends_with('.')), "each metric is described: {key:?}, {unit:?}");
            let mut labels: Vec<_> =
                key.key().labels().map(|label| format!("{}={:?}", label.key(), label.value())).collect();
            labels.sort_unstable();
            let name = key.key().name();
            let name = if labels.is_empty() { name.to_owned() } else { format!("{name}{{{}}}", labels.join(",")) };
            let told = match value {
                DebugValue::Counter(count) => Told::Counter(count),
                DebugValue::Gauge(value) => Told::Gauge(value.0),
                DebugValue::Histogram(values) => Told::Histogram(values.iter().map(|value| value.0).collect()),
            };
            (name, told)
        });
        let told = |told: &Told| *told != Told::Counter(0) && *told != Told::Histogram(Vec::new());
        series.filter(|(_, value)| told(value)).collect()
    }

    /// The names of the series that were told since the last look, in their order.
    pub(crate) fn names(&self) -> Vec<String> {
        self.page().into_keys().collect()
    }
}

/// How often each of these durations was told.
pub(crate) fn counts(page: &Page) -> Vec<(&str, usize)> {
    let durations = page.iter().filter_map(|(name, told)| match told {
        Told::Histogram(values) => Some((name.as_str(), values.len())),
        _ => None,
    });
    durations.collect()
}

/// The output of a future that is done when it is polled.
pub(crate) fn now<F: Future>(future: F) -> F::Output {
    match poll_once(pin!(future)) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("nothing in it waits"),
    }
}

pub(crate) fn poll_once<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// All of the process.
pub(crate) fn collectors() -> Collectors {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    Collectors::new().with(Process::new()).with(Disk::working_directory()).with(Runtime::of(runtime.handle()))
}
