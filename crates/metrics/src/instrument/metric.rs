use metrics::{Counter, Gauge, Histogram, Key, KeyName, Level, Metadata, Recorder, Unit};
use tower_telemetry_scrub::Scrubber;

use super::{Label, span::scrubbed};

static METADATA: Metadata<'static> = Metadata::new("tower_telemetry", Level::INFO, Some("tower_telemetry_metrics"));

/// One of an instrument's metrics.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Metric {
    /// Tells it from the instrument's other metrics.
    pub(crate) part: u8,
    /// The name is these two together.
    pub(crate) base: &'static str,
    pub(crate) suffix: &'static str,
    pub(crate) shape: Shape,
    pub(crate) unit: Unit,
    pub(crate) help: &'static str,
    /// The labels' names, with dots where Prometheus has underscores.
    pub(crate) labels: &'static [&'static str],
    /// One more label, by name, that no one gives as such.
    pub(crate) extra: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Counter,
    Gauge,
    Histogram,
}

/// A series in the recorder.
pub(crate) enum Handle {
    Counter(Counter),
    Gauge(Gauge),
    Histogram(Histogram),
}

impl Metric {
    pub(crate) fn name(&self) -> String {
        format!("{}{}", self.base, self.suffix)
    }

    /// What a recorder knows a series by. Free texts are scrubbed here.
    pub(crate) fn key(&self, values: &[Label<'_>], extra: &'static str, scrubber: Option<&Scrubber>) -> Key {
        let present = self.labels.iter().zip(values).filter(|(_, value)| !value.is_absent());
        let mut labels: Vec<_> = present
            .map(|(name, value)| {
                let text = value.to_string();
                let text = if value.is_free() { scrubbed(&text, scrubber).into_owned() } else { text };
                metrics::Label::new(prometheus(name), text)
            })
            .collect();
        if !extra.is_empty() {
            labels.push(metrics::Label::from_static_parts(self.extra, extra));
        }
        Key::from_parts(self.name(), labels)
    }

    /// The recorder's own handle of the series. Where it has the series already, it is the same one.
    pub(crate) fn register(&self, key: &Key, recorder: &dyn Recorder) -> Handle {
        let name = KeyName::from(self.name());
        match self.shape {
            Shape::Counter => {
                recorder.describe_counter(name, Some(self.unit), self.help.into());
                Handle::Counter(recorder.register_counter(key, &METADATA))
            }
            Shape::Gauge => {
                recorder.describe_gauge(name, Some(self.unit), self.help.into());
                Handle::Gauge(recorder.register_gauge(key, &METADATA))
            }
            Shape::Histogram => {
                recorder.describe_histogram(name, Some(self.unit), self.help.into());
                Handle::Histogram(recorder.register_histogram(key, &METADATA))
            }
        }
    }
}

impl Handle {
    #[inline]
    pub(crate) fn count(&self, by: u64) {
        if let Self::Counter(counter) = self {
            counter.increment(by);
        }
    }

    #[inline]
    pub(crate) fn record(&self, value: f64) {
        if let Self::Histogram(histogram) = self {
            histogram.record(value);
        }
    }

    #[inline]
    pub(crate) fn set(&self, value: f64) {
        if let Self::Gauge(gauge) = self {
            gauge.set(value);
        }
    }

    pub(crate) fn gauge(&self) -> Option<Gauge> {
        if let Self::Gauge(gauge) = self { Some(gauge.clone()) } else { None }
    }
}

fn prometheus(name: &'static str) -> metrics::SharedString {
    if name.contains('.') { name.replace('.', "_").into() } else { name.into() }
}
