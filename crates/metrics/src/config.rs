use std::{borrow::Cow, fmt, sync::Arc, time::Duration};

use metrics::SharedString;
use tower_telemetry_core::{BuildError, Outcome, RequestContext, RequestHead};
use tower_telemetry_scrub::Scrubber;

use crate::{
    Measure, Names,
    label::{By, OwnLabel},
    measure::{MEASURES, Measures},
    recorder,
    series::Kind,
    shared::Shared,
};

/// Observer that counts and times exchanges. See the [crate docs](crate).
///
/// Clones share what is known of the series, so set it up first.
#[derive(Clone)]
#[must_use]
pub struct Metrics {
    pub(crate) shared: Arc<Shared>,
}

/// What can be said of the set-up.
#[derive(Clone)]
pub(crate) struct Config {
    pub(crate) names: Names,
    pub(crate) measures: Measures,
    /// What was said of them, whatever the names' default.
    said: [Option<bool>; MEASURES],
    buckets: [Option<Box<[f64]>>; MEASURES],
    pub(crate) version: bool,
    pub(crate) labels: Vec<OwnLabel>,
    pub(crate) max_series: usize,
    /// In seconds.
    pub(crate) patience: u64,
    pub(crate) scrubber: Scrubber,
}

/// Series of each metric, beside those for the overflow.
const MAX_SERIES: usize = 10_000;

const PATIENCE: Duration = Duration::from_secs(10);

impl Metrics {
    /// OpenTelemetry's names, and all measures but messages.
    ///
    /// Where the process's recorder is not known yet, this and each of the others looks for it, on a thread of its own, and waits
    /// some 50 µs. One that is installed later is found when an exchange begins.
    pub fn new() -> Self {
        Self::of(Config::default())
    }

    /// How metrics and labels are called. Default: [`Names::OpenTelemetry`].
    pub fn names(self, names: Names) -> Self {
        self.set(|config| config.names = names)
    }

    /// Makes this histogram too: [`Measure::MessagesReceived`] and [`Measure::MessagesSent`], say, or with the classic names any
    /// but the duration.
    pub fn with(self, measure: Measure) -> Self {
        self.set(|config| config.said[measure as usize] = Some(true))
    }

    /// Does without this histogram: without its series, and without what it costs.
    pub fn without(self, measure: Measure) -> Self {
        self.set(|config| config.said[measure as usize] = Some(false))
    }

    /// Adds the label `network_protocol_version`, such as `1.1` or `2`, to the metrics of HTTP with OpenTelemetry's names.
    /// Default: off.
    pub fn with_protocol_version(self) -> Self {
        self.set(|config| config.version = true)
    }

    /// Adds a label by a function of the request's head, which is called when an exchange begins: a tenant's plan, a client's
    /// kind. `None` is no label.
    ///
    /// Its values must be few: they multiply the series, up to [so many](Self::max_series), behind which they are `overflow`.
    /// They are scrubbed, and cut at 128 bytes. A panic in the function is no label. A `'static` value costs no allocation. A
    /// name that is not one, is taken, or is the ninth, is an error. Default: none.
    pub fn label(
        self,
        name: &'static str,
        by: impl Fn(&RequestHead<'_>) -> Option<Cow<'static, str>> + Send + Sync + 'static,
    ) -> Result<Self, BuildError> {
        self.own_label(name, By::Request(Arc::new(by)))
    }

    /// Adds a label by a function of the outcome, and of what was left in the context; otherwise as [`label`](Self::label).
    pub fn outcome_label(
        self,
        name: &'static str,
        by: impl Fn(&RequestContext, &Outcome<'_>) -> Option<Cow<'static, str>> + Send + Sync + 'static,
    ) -> Result<Self, BuildError> {
        self.own_label(name, By::Outcome(Arc::new(by)))
    }

    /// How many series each metric may have. What comes later is recorded in overflow series, with `overflow` for the route and
    /// for own labels, without method, scheme and version, and counted in `telemetry_metric_overflow_total`. Default: 10,000.
    pub fn max_series(self, max: usize) -> Self {
        self.set(|config| config.max_series = max)
    }

    /// The bounds of a histogram's buckets, in its unit, for [`buckets`](Self::buckets): at least one, finite, and each larger
    /// than the one before. Default: OpenTelemetry's for times, see [`semconv`](tower_telemetry_core::semconv) for others.
    pub fn set_buckets(self, measure: Measure, bounds: &[f64]) -> Result<Self, BuildError> {
        if bounds.is_empty() || bounds.iter().any(|bound| !bound.is_finite()) || !bounds.is_sorted_by(|a, b| a < b) {
            let expected = "numbers of which each is larger than the one before: [0.1, 0.5, 2.5]";
            return Err(BuildError::value(format!("the buckets of {measure:?}"), format!("{bounds:?}"), expected));
        }
        Ok(self.set(|config| config.buckets[measure as usize] = Some(bounds.into())))
    }

    /// How long a recorder's handles are good without a use. Must be shorter than the recorder's idle timeout, if it has one,
    /// or what is recorded of a series that was idle is lost. Default: 10 s. In whole seconds, and one at least.
    ///
    /// A series that is used at longer intervals is registered anew each time, which costs a microsecond.
    pub fn recheck_after(self, time: Duration) -> Self {
        self.set(|config| config.patience = time.as_secs().max(1))
    }

    /// The rules for labels that are no templates: own ones, and names of endpoints that a closure or a gRPC caller made.
    /// Default: the standard rules.
    pub fn scrubber(self, scrubber: Scrubber) -> Self {
        self.set(|config| config.scrubber = scrubber)
    }

    /// Each histogram's name and the bounds of its buckets, for a recorder that has to be told of them, such as Prometheus':
    /// without them it makes summaries.
    ///
    /// ```
    /// use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder};
    /// use tower_telemetry_metrics::Metrics;
    ///
    /// let metrics = Metrics::new();
    /// let builder = metrics.buckets().into_iter().try_fold(PrometheusBuilder::new(), |builder, (name, bounds)| {
    ///     builder.set_buckets_for_metric(Matcher::Full(name), &bounds)
    /// })?;
    /// let recorder = builder.build_recorder();
    /// # let _ = recorder;
    /// # Ok::<(), BuildError>(())
    /// ```
    pub fn buckets(&self) -> Vec<(String, Vec<f64>)> {
        let config = &self.shared.config;
        let of = |kind, measure| {
            let name = config.names.histogram(kind, measure).filter(|_| config.measures.have(measure))?;
            let bounds = config.buckets[measure as usize].as_deref().unwrap_or(measure.default_buckets());
            Some((SharedString::into_owned(name), bounds.to_vec()))
        };
        let kinds: &[_] = if config.names.is_classic() { &[Kind::Http] } else { &[Kind::Http, Kind::Rpc] };
        kinds.iter().flat_map(|&kind| Measure::ALL.into_iter().filter_map(move |measure| of(kind, measure))).collect()
    }

    fn own_label(self, name: &'static str, by: By) -> Result<Self, BuildError> {
        let label = OwnLabel::new(name, by, &self.shared.config.labels)?;
        Ok(self.set(|config| config.labels.push(label)))
    }

    fn set(self, f: impl FnOnce(&mut Config)) -> Self {
        let mut config = self.shared.config.clone();
        f(&mut config);
        config.measures = measures(&config.names, config.said);
        Self::of(config)
    }

    fn of(config: Config) -> Self {
        recorder::look();
        Self { shared: Arc::new(Shared::new(config)) }
    }
}

impl Config {
    pub(crate) fn counts_messages(&self) -> bool {
        self.measures.iter().any(Measure::is_of_messages)
    }

    pub(crate) fn has_outcome_labels(&self) -> bool {
        self.labels.iter().any(|label| matches!(label.by, By::Outcome(_)))
    }
}

/// What was said of them counts, else what is the names' default.
fn measures(names: &Names, said: [Option<bool>; MEASURES]) -> Measures {
    let is_made = |&measure: &Measure| said[measure as usize].unwrap_or(names.has_by_default(measure));
    Measure::ALL.into_iter().filter(is_made).collect()
}

impl Default for Config {
    fn default() -> Self {
        let (names, said) = (Names::default(), [None; MEASURES]);
        Self {
            measures: measures(&names, said),
            names,
            said,
            buckets: [const { None }; MEASURES],
            version: false,
            labels: Vec::new(),
            max_series: MAX_SERIES,
            patience: PATIENCE.as_secs(),
            scrubber: Scrubber::default(),
        }
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Config { names, max_series, .. } = &self.shared.config;
        f.debug_struct("Metrics").field("names", names).field("max_series", max_series).finish_non_exhaustive()
    }
}
