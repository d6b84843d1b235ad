use metrics::Unit;

use super::{
    Events, Level,
    kinds::SPECS,
    metric::{Metric, Shape},
    pool,
    series::OVERFLOW,
    spec::Active,
    special::{FALLBACKS, TOKENS},
};

/// A metric of this module, for rules, dashboards and tests that are to fail when one is renamed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Described {
    /// As a recorder knows it.
    pub name: String,
    /// As Prometheus calls it: `counter`, `gauge`, `histogram`.
    pub kind: &'static str,
    /// What it measures.
    pub help: &'static str,
    /// What it measures it in.
    pub unit: Unit,
    /// The labels that it may have.
    pub labels: Vec<String>,
}

/// All metrics of this module, but for those of one's own kinds.
///
/// ```
/// let metrics = tower_telemetry_metrics::instrument::catalogue();
/// let slow = metrics.iter().find(|metric| metric.name == "db_client_operation_slow_total").expect("it is one of them");
/// assert_eq!((slow.kind, slow.labels.len()), ("counter", 4));
/// ```
pub fn catalogue() -> Vec<Described> {
    let of_kinds = SPECS.iter().flat_map(|spec| {
        let active = (spec.active == Active::Counted).then(|| spec.active());
        [Some(spec.duration), Some(spec.slow()), active].into_iter().flatten()
    });
    let others = [TOKENS, FALLBACKS, Events::business().metric, Level::queue_depth().metric, OVERFLOW];
    of_kinds.chain(others).chain(pool::METRICS.into_iter().copied()).map(|metric| metric.described()).collect()
}

impl Metric {
    fn described(&self) -> Described {
        let labels = self.labels.iter().chain((!self.extra.is_empty()).then_some(&self.extra));
        let kind = match self.shape {
            Shape::Counter => "counter",
            Shape::Gauge => "gauge",
            Shape::Histogram => "histogram",
        };
        let labels = labels.map(|label| label.replace('.', "_")).collect();
        Described { name: self.name(), kind, help: self.help, unit: self.unit, labels }
    }
}
