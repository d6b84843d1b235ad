use std::time::Duration;

use metrics::Unit;

use super::metric::{Metric, Shape};

/// What a kind of work is called, and when it is slow.
#[expect(unnameable_types, reason = "the trait that tells it is sealed")]
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    /// What all its metrics' names begin with.
    pub(crate) base: &'static str,
    pub(crate) help: &'static str,
    pub(crate) labels: &'static [&'static str],
    pub(crate) op: Option<&'static str>,
    pub(crate) slow_after: Duration,
    pub(crate) active: Active,
}

impl Spec {
    pub(super) const fn duration(&self) -> Metric {
        Metric {
            part: 1,
            base: self.base,
            suffix: "_duration_seconds",
            shape: Shape::Histogram,
            unit: Unit::Seconds,
            help: self.help,
            labels: self.labels,
            extra: "error_type",
        }
    }

    pub(super) const fn slow(&self) -> Metric {
        Metric {
            part: 2,
            base: self.base,
            suffix: "_slow_total",
            shape: Shape::Counter,
            unit: Unit::Count,
            help: "How often this work took longer than its threshold.",
            labels: self.labels,
            extra: "",
        }
    }

    pub(super) const fn active(&self) -> Metric {
        Metric {
            part: 3,
            base: self.base,
            suffix: "_active",
            shape: Shape::Gauge,
            unit: Unit::Count,
            help: "How much of this work is running.",
            labels: self.labels,
            extra: "",
        }
    }
}

/// Whether there is a gauge of what is running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Active {
    Counted,
    Uncounted,
}
