use std::{fmt, time::Instant};

use metrics::Unit;

use super::{
    OwnLabels,
    kind::LabelSet,
    metric::{Metric, Shape},
    names::check,
    series::Series,
};

/// Shows how much there is of something: messages in a queue, and others of one's own.
///
/// ```
/// use tower_telemetry_metrics::instrument::Level;
///
/// static DEPTH: Level<2> = Level::queue_depth();
/// static STOCK: Level<1> = Level::own("stock_items", &["warehouse"]);
///
/// DEPTH.set(["rabbitmq", "orders"], 17.0); // queue_depth{messaging_system="rabbitmq",messaging_destination_name="orders"}
/// STOCK.set(["north"], 1200.0);
/// ```
pub struct Level<const N: usize> {
    pub(super) metric: Metric,
    series: Series,
}

impl Level<2> {
    /// How many messages wait, by the queue's system and name: `queue_depth`.
    pub const fn queue_depth() -> Self {
        Self::own("queue_depth", &["messaging_system", "messaging_destination_name"])
            .help("Messages that wait in a queue.")
    }
}

impl<const N: usize> Level<N> {
    /// A level of one's own, by the metric's name and its labels' names.
    ///
    /// # Panics
    ///
    /// As [`Instrument::own`](super::Instrument::own) does.
    pub const fn own(name: &'static str, labels: &'static [&'static str; N]) -> Self {
        check(name, labels);
        let metric = Metric {
            part: 0,
            base: name,
            suffix: "",
            shape: Shape::Gauge,
            unit: Unit::Count,
            help: "How much there is of this.",
            labels,
            extra: "",
        };
        Self { metric, series: Series::new() }
    }

    /// What it shows, as Prometheus shows it. Default: `How much there is of this.`
    pub const fn help(mut self, help: &'static str) -> Self {
        self.metric.help = help;
        self
    }

    /// How many series with a [free text](super::Label::text) it may have; after them, free texts are `overflow`. Default: 1000.
    pub const fn max_series(mut self, max: usize) -> Self {
        self.series.cap.set_max(max);
        self
    }

    /// So much there is now.
    pub fn set<'a>(&self, labels: impl Into<OwnLabels<'a, N>>, value: f64) {
        let labels = labels.into();
        self.series.tell(&self.metric, labels.values().as_ref(), "", Instant::now(), |level| level.set(value));
    }
}

impl<const N: usize> fmt::Debug for Level<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Level").field("metric", &self.metric).finish_non_exhaustive()
    }
}
