use std::{fmt, time::Instant};

use metrics::Unit;

use super::{
    OwnLabels,
    kind::LabelSet,
    metric::{Metric, Shape},
    names::check,
    series::Series,
};

/// Counts what happens and takes no time: business events, and others of one's own.
///
/// ```
/// use tower_telemetry_metrics::instrument::Events;
///
/// static BUSINESS: Events<2> = Events::business();
/// static COUPONS: Events<1> = Events::own("coupons_redeemed", &["campaign"]);
///
/// BUSINESS.happened(["order_placed", "success"]); // business_events_total{event_name="order_placed",event_outcome="success"}
/// COUPONS.happened(["spring"]); // coupons_redeemed_total{campaign="spring"}
/// ```
pub struct Events<const N: usize> {
    pub(super) metric: Metric,
    series: Series,
}

impl Events<2> {
    /// Business events, by name and outcome: `business_events_total`.
    pub const fn business() -> Self {
        Self::own("business_events", &["event_name", "event_outcome"]).help("Business events.")
    }
}

impl<const N: usize> Events<N> {
    /// Events of one's own, by what the metric's name begins with (`_total` follows) and its labels' names.
    ///
    /// # Panics
    ///
    /// As [`Instrument::own`](super::Instrument::own) does.
    pub const fn own(name: &'static str, labels: &'static [&'static str; N]) -> Self {
        check(name, labels);
        let metric = Metric {
            part: 0,
            base: name,
            suffix: "_total",
            shape: Shape::Counter,
            unit: Unit::Count,
            help: "How often this happened.",
            labels,
            extra: "",
        };
        Self { metric, series: Series::new() }
    }

    /// What it counts, as Prometheus shows it. Default: `How often this happened.`
    pub const fn help(mut self, help: &'static str) -> Self {
        self.metric.help = help;
        self
    }

    /// How many series with a [free text](super::Label::text) it may have; after them, free texts are `overflow`. Default: 1000.
    pub const fn max_series(mut self, max: usize) -> Self {
        self.series.cap.set_max(max);
        self
    }

    /// It happened.
    pub fn happened<'a>(&self, labels: impl Into<OwnLabels<'a, N>>) {
        self.happened_times(labels, 1);
    }

    /// It happened several times.
    pub fn happened_times<'a>(&self, labels: impl Into<OwnLabels<'a, N>>, times: u64) {
        let labels = labels.into();
        self.series.tell(&self.metric, labels.values().as_ref(), "", Instant::now(), |events| events.count(times));
    }
}

impl<const N: usize> fmt::Debug for Events<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").field("metric", &self.metric).finish_non_exhaustive()
    }
}
