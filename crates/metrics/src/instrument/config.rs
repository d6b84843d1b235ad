use std::{fmt, marker::PhantomData, time::Duration};

use tower_telemetry_scrub::Scrubber;

use super::{
    Known, Own,
    names::check,
    series::Series,
    spec::{Active, Spec},
};

/// Counts, times and traces one kind of work: see the [module's page](super).
///
/// It is declared once, as a `static`, and used by reference. What it knows of its series is kept by each thread, so that none
/// waits for another: in the steady state an observation takes two clock reads, a lookup and a histogram's push, and allocates
/// nothing.
pub struct Instrument<K> {
    pub(super) spec: Spec,
    pub(super) series: Series,
    kind: PhantomData<fn(K)>,
}

impl<K: Known> Instrument<K> {
    /// An instrument of one of this module's kinds.
    pub const fn new() -> Self {
        Self::of(K::SPEC)
    }
}

impl<const N: usize> Instrument<Own<N>> {
    /// An instrument of a kind of one's own, by what its metrics' names begin with and its labels' names.
    ///
    /// ```
    /// use tower_telemetry_metrics::instrument::{Instrument, Own};
    ///
    /// static RESIZE: Instrument<Own<1>> = Instrument::own("image_resize", &["image_format"]).op("image.resize");
    ///
    /// # async fn resize() -> std::io::Result<()> { Ok(()) }
    /// # async fn handler() -> std::io::Result<()> {
    /// RESIZE.observe(["png"], resize()).await?; // image_resize_duration_seconds{image_format="png"}
    /// # Ok(()) }
    /// ```
    ///
    /// # Panics
    ///
    /// If a name is none that Prometheus takes (letters, digits and underscores, the first no digit), or is one of those that
    /// the instrument or Prometheus sets (`error_type`, `le`, `quantile`, or two underscores first). In a `static`, where it
    /// belongs, that does not compile.
    pub const fn own(name: &'static str, labels: &'static [&'static str; N]) -> Self {
        check(name, labels);
        Self::of(Spec { op: Some(name), ..Spec::new(name, "Duration of this work.", labels) })
    }

    /// What the metric of durations measures, as Prometheus shows it. Default: `Duration of this work.`
    pub const fn help(mut self, help: &'static str) -> Self {
        self.spec.duration.help = help;
        self
    }
}

impl<K> Instrument<K> {
    const fn of(spec: Spec) -> Self {
        Self { spec, series: Series::new(), kind: PhantomData }
    }

    /// From which duration on work is slow: it is counted, told in an event, and its span is tagged. Default: the kind's, which
    /// is in the [table](super#kinds); 5 s for one's own. [`Duration::MAX`] is never.
    pub const fn slow_after(mut self, duration: Duration) -> Self {
        self.spec.slow_after = duration;
        self
    }

    /// The spans' operation, for Sentry. Default: the kind's, which is in the [table](super#kinds); the name of one's own.
    pub const fn op(mut self, op: &'static str) -> Self {
        self.spec.op = Some(op);
        self
    }

    /// How many series with a [free text](super::Label::text) it may have; after them, free texts are `overflow`. Default: 1000.
    pub const fn max_series(mut self, max: usize) -> Self {
        self.series.cap.set_max(max);
        self
    }

    /// Counts what is running as well, in a gauge: `…_active`. Default: for background tasks only.
    pub const fn count_active(mut self) -> Self {
        self.spec.active = Active::Counted;
        self
    }

    /// The rules for free texts. Default: the standard ones.
    pub fn scrubber(mut self, scrubber: Scrubber) -> Self {
        self.series.scrubber = Some(scrubber);
        self
    }
}

impl<K: Known> Default for Instrument<K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K> fmt::Debug for Instrument<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Instrument").field("spec", &self.spec).finish_non_exhaustive()
    }
}
