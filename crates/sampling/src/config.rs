use std::{fmt, sync::Arc, time::Duration};

use tower_telemetry_core::{BuildError, EndpointRules, Keep};

use crate::{
    Budget, HighVolume, Rule, STANDARD_EXCLUSIONS, Upstream, keep::Room, limit::Limiter, rule::is_rate, rules::Rules,
};

/// Observer that decides for each exchange. See the [crate docs](crate).
///
/// Its clones share their budgets.
#[derive(Clone)]
#[must_use]
pub struct Sampling {
    pub(crate) rate: Option<f64>,
    pub(crate) off: bool,
    pub(crate) rules: Arc<Rules>,
    exclusions: EndpointRules,
    /// The rules, and behind them the exclusions.
    pub(crate) endpoints: EndpointRules,
    pub(crate) exclude_preflights: bool,
    pub(crate) exclude_heads: bool,
    pub(crate) upstream: Upstream,
    pub(crate) keep: Keep,
    pub(crate) room: Room,
    volume: Option<HighVolume>,
    budgets: Vec<Budget>,
    pub(crate) limiter: Option<Arc<Limiter>>,
}

/// How much memory there is for exchanges that may yet be kept, in bytes.
const KEEP_MEMORY: usize = 64 << 20;

impl Sampling {
    /// Traces everything but the [standard exclusions](STANDARD_EXCLUSIONS).
    pub fn new() -> Self {
        let exclusions = EndpointRules::new(STANDARD_EXCLUSIONS).expect("the standard is as it should be");
        Self {
            rate: None,
            off: false,
            rules: Arc::default(),
            endpoints: exclusions.clone(),
            exclusions,
            exclude_preflights: false,
            exclude_heads: false,
            upstream: Upstream::default(),
            keep: Keep::default(),
            room: Room::new(KEEP_MEMORY),
            volume: None,
            budgets: Vec::new(),
            limiter: None,
        }
    }

    /// The share of exchanges that is traced where no rule says otherwise, in 0..=1. Default: 1.
    pub fn rate(mut self, rate: f64) -> Result<Self, BuildError> {
        if !is_rate(rate) {
            return Err(BuildError::value("the sampling rate", rate.to_string(), "a number from 0 to 1"));
        }
        self.rate = Some(rate);
        Ok(self)
    }

    /// Whether a [`rate`](Self::rate) was set.
    pub fn has_rate(&self) -> bool {
        self.rate.is_some()
    }

    /// The rate where no rule says otherwise: 1 if none was set.
    pub fn base_rate(&self) -> f64 {
        if self.off { 0.0 } else { self.rate.unwrap_or(1.0) }
    }

    /// Whether anything can be traced at all.
    pub fn traces_any(&self) -> bool {
        !self.off && (self.base_rate() > 0.0 || self.rules.trace_any || self.keep != Keep::default())
    }

    /// How many rules there are.
    pub fn rule_count(&self) -> usize {
        self.rules.len()
    }

    /// Traces nothing at all, whatever the rest says; what is excluded still is.
    pub fn off(mut self) -> Self {
        self.off = true;
        self
    }

    /// Rules by endpoint. The first that matches decides; they come before the [exclusions](Self::exclusions). Default: none.
    ///
    /// A rule matches the template of the route where one is known when the exchange begins, and the path otherwise. An error
    /// names the rule by its position.
    pub fn rules(mut self, rules: impl IntoIterator<Item = Rule>) -> Result<Self, BuildError> {
        let rules: Vec<_> = rules.into_iter().collect();
        self.rules = Arc::new(Rules::new(&rules)?);
        Ok(self.indexed())
    }

    /// As [`rules`](Self::rules), from a text: between rules there are semicolons or line breaks, and each is as
    /// [`Rule`] describes.
    ///
    /// ```
    /// # use tower_telemetry_sampling::Sampling;
    /// # fn main() -> Result<(), tower_telemetry_core::BuildError> {
    /// let sampling = Sampling::new().rules_from("/internal/** = exclude; POST /orders = trace; GET /users/{id} = 0.1 slow 2s")?;
    /// # let _ = sampling; Ok(()) }
    /// ```
    pub fn rules_from(self, text: &str) -> Result<Self, BuildError> {
        self.rules(Rule::list(text)?)
    }

    /// The endpoints that are excluded from everything, as if the layer were not there. Default:
    /// [`STANDARD_EXCLUSIONS`]. An empty list excludes nothing.
    pub fn exclusions<T: AsRef<str>>(mut self, endpoints: impl IntoIterator<Item = T>) -> Result<Self, BuildError> {
        self.exclusions = EndpointRules::new(endpoints)?;
        Ok(self.indexed())
    }

    /// Whether a browser's question before the request, an `OPTIONS` with `Access-Control-Request-Method`, is excluded too.
    /// Default: no.
    pub fn exclude_preflights(mut self, exclude: bool) -> Self {
        self.exclude_preflights = exclude;
        self
    }

    /// Whether `HEAD` requests are excluded too. Default: no.
    pub fn exclude_heads(mut self, exclude: bool) -> Self {
        self.exclude_heads = exclude;
        self
    }

    /// Whose word counts of what callers say about tracing. Default: [`Upstream::Lower`].
    pub fn upstream(mut self, upstream: Upstream) -> Self {
        self.upstream = upstream;
        self
    }

    /// What is done about endpoints that are asked for very often. Default: nothing.
    pub fn high_volume(mut self, volume: HighVolume) -> Self {
        self.volume = Some(volume);
        self.limited()
    }

    /// At most so many traces, with a fair share for each endpoint: what is left of the budget goes to those that want least
    /// first, and the rest is divided evenly. Two budgets with different periods hold both; of the same period, the last.
    /// Default: no budget.
    pub fn budget(mut self, budget: Budget) -> Self {
        self.budgets.retain(|other| other.period() != budget.period());
        self.budgets.push(budget);
        self.limited()
    }

    /// Whether exchanges that [the service failed](tower_telemetry_core::Outcome::is_server_failure) are traced even if they
    /// were not to be. Default: no.
    ///
    /// Their spans are recorded until it is known, which costs as much as tracing all of them does, but for the sending. Until
    /// then the SDK tells the services that this one calls that the exchange is traced: they should not
    /// [trust](Upstream::Always) that.
    pub fn keep_errors(mut self, keep: bool) -> Self {
        self.keep.errors = keep;
        self
    }

    /// Whether exchanges with a [latency](tower_telemetry_core::Outcome::latency) of this or more are traced even if they were
    /// not to be; a rule may have [a limit of its own](Rule::slower_than). 3 s is what users notice. Default: no. It costs what
    /// [`keep_errors`](Self::keep_errors) does.
    pub fn keep_slower_than(mut self, limit: Duration) -> Self {
        self.keep.slower_than = Some(limit);
        self
    }

    /// How much memory, in bytes, the spans may take of exchanges that may yet be kept. Each takes 1 MiB of it, the most that
    /// it can need; those that find none left are not kept. Default: 64 MiB.
    pub fn keep_memory(mut self, bytes: usize) -> Self {
        self.room = Room::new(bytes);
        self
    }

    fn indexed(mut self) -> Self {
        let endpoints = self.rules.endpoints.followed_by(&self.exclusions);
        self.endpoints = endpoints.expect("each of them was small enough");
        self
    }

    fn limited(mut self) -> Self {
        self.limiter = Some(Arc::new(Limiter::new(self.volume, &self.budgets)));
        self
    }
}

impl Default for Sampling {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Sampling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sampling")
            .field("rate", &self.rate)
            .field("off", &self.off)
            .field("rules", &self.rules)
            .field("upstream", &self.upstream)
            .field("volume", &self.volume)
            .field("budgets", &self.budgets)
            .field("keep", &self.keep)
            .finish_non_exhaustive()
    }
}
