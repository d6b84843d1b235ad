//! What the cases share.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};
use tower_telemetry_core::semconv;

/// The labels of a series, in the order of their names.
pub(crate) type Labels = Vec<(String, String)>;

/// The gauges' values by now.
pub(crate) type Active = Vec<(Labels, f64)>;

/// A recorder that is never installed, and what it was told.
pub(crate) struct Recorder {
    recorder: DebuggingRecorder,
    pub(crate) reader: Reader,
}

/// Reads what a recorder was told. A look at it takes it out of the recorder, so all looks are added up here.
#[derive(Clone)]
pub(crate) struct Reader {
    snapshotter: Snapshotter,
    told: Arc<Mutex<Told>>,
}

/// What a recorder was told.
#[derive(Clone, Default)]
pub(crate) struct Told {
    /// Of HTTP, by OpenTelemetry's name.
    pub(crate) durations: BTreeMap<Labels, Vec<f64>>,
    /// In flight, by whichever name.
    pub(crate) active: BTreeMap<Labels, f64>,
    /// All histograms, and all counters, by name.
    pub(crate) histograms: BTreeMap<String, BTreeMap<Labels, Vec<f64>>>,
    pub(crate) counters: BTreeMap<String, BTreeMap<Labels, u64>>,
}

impl Recorder {
    pub(crate) fn new() -> Self {
        let recorder = DebuggingRecorder::new();
        let reader = Reader { snapshotter: recorder.snapshotter(), told: Arc::default() };
        Self { recorder, reader }
    }

    /// Is this thread's recorder meanwhile.
    pub(crate) fn record<R>(&self, f: impl FnOnce() -> R) -> R {
        metrics::with_local_recorder(&self.recorder, f)
    }

    pub(crate) fn told(&self) -> Told {
        self.reader.told()
    }

    pub(crate) fn active(&self) -> Active {
        self.reader.active()
    }
}

impl Reader {
    pub(crate) fn active(&self) -> Active {
        self.told().active.into_iter().collect()
    }

    pub(crate) fn told(&self) -> Told {
        let mut told = self.told.lock().expect("nobody panics in a lock");
        for (key, _, _, value) in self.snapshotter.snapshot().into_vec() {
            let labels = key.key().labels().map(|label| (label.key().to_owned(), label.value().to_owned()));
            let labels = labels_of(labels);
            let name = key.key().name();
            match value {
                DebugValue::Histogram(values) => {
                    let values = values.iter().map(|value| value.0);
                    if name == semconv::HTTP_SERVER_REQUEST_DURATION {
                        told.durations.entry(labels.clone()).or_default().extend(values.clone());
                    }
                    let series = told.histograms.entry(name.into()).or_default();
                    series.entry(labels).or_default().extend(values);
                }
                DebugValue::Gauge(value) => *told.active.entry(labels).or_default() += value.0,
                DebugValue::Counter(value) => {
                    *told.counters.entry(name.into()).or_default().entry(labels).or_default() += value;
                }
            }
        }
        told.clone()
    }
}

impl Told {
    /// How many durations there are of all series.
    pub(crate) fn count(&self) -> usize {
        self.durations.values().map(Vec::len).sum()
    }

    /// The one duration of the one series.
    #[track_caller]
    pub(crate) fn only_duration(&self) -> f64 {
        let all: Vec<_> = self.durations.values().flatten().copied().collect();
        assert_eq!(all.len(), 1, "{:?}", self.durations);
        all[0]
    }

    /// The series of a histogram: each one's labels, and how many values it has.
    pub(crate) fn counts(&self, name: &str) -> Vec<(Labels, usize)> {
        let series = self.histograms.get(name).into_iter().flatten();
        series.map(|(labels, values)| (labels.clone(), values.len())).collect()
    }

    /// The one value of the one series of a histogram, if there is such a histogram.
    pub(crate) fn only(&self, name: &str) -> Option<f64> {
        let series = self.histograms.get(name)?;
        let all: Vec<_> = series.values().flatten().copied().collect();
        assert_eq!(all.len(), 1, "{name}: {series:?}");
        Some(all[0])
    }

    /// How many durations each route has.
    pub(crate) fn routes(&self) -> BTreeMap<&str, usize> {
        let mut routes = BTreeMap::new();
        for (labels, values) in &self.durations {
            let route = labels.iter().find(|(name, _)| name == semconv::HTTP_ROUTE);
            let (_, route) = route.expect("a duration has a route");
            *routes.entry(route.as_str()).or_default() += values.len();
        }
        routes
    }
}

/// These labels, but for those that are empty.
pub(crate) fn labels(pairs: &[(&str, &str)]) -> Labels {
    labels_of(pairs.iter().filter(|(_, value)| !value.is_empty()).map(|&(name, value)| (name.into(), value.into())))
}

fn labels_of(pairs: impl Iterator<Item = (String, String)>) -> Labels {
    let mut labels: Labels = pairs.collect();
    labels.sort_unstable();
    labels
}
