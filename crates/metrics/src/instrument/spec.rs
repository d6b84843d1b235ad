use std::time::Duration;

use metrics::Unit;

use super::metric::{Metric, Shape};

/// What a kind of work is called, and when it is slow.
#[expect(unnameable_types, reason = "the trait that tells it is sealed")]
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    /// How long it takes. The other metrics are called after it.
    pub(super) duration: Metric,
    pub(super) op: Option<&'static str>,
    pub(super) slow_after: Duration,
    pub(super) active: Active,
}

impl Spec {
    pub(super) const fn new(base: &'static str, help: &'static str, labels: &'static [&'static str]) -> Self {
        let duration = Metric {
            part: 1,
            base,
            suffix: "_duration_seconds",
            shape: Shape::Histogram,
            unit: Unit::Seconds,
            help,
            labels,
            extra: "error_type",
        };
        Self { duration, op: None, slow_after: Duration::from_secs(5), active: Active::Uncounted }
    }

    pub(super) const fn slow(&self) -> Metric {
        Metric {
            part: 2,
            suffix: "_slow_total",
            shape: Shape::Counter,
            unit: Unit::Count,
            help: "How often this work took longer than its threshold.",
            extra: "",
            ..self.duration
        }
    }

    pub(super) const fn active(&self) -> Metric {
        Metric {
            part: 3,
            suffix: "_active",
            shape: Shape::Gauge,
            unit: Unit::Count,
            help: "How much of this work is running.",
            extra: "",
            ..self.duration
        }
    }
}

/// Whether there is a gauge of what is running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Active {
    Counted,
    Uncounted,
}
