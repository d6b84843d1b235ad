use std::{
    hash::{BuildHasher, Hash, Hasher, RandomState},
    sync::OnceLock,
    time::{Duration, Instant},
};

use metrics::Label;
use rustc_hash::FxHasher;
use tower_telemetry_core::{Endpoint, Outcome, semconv};

use crate::{
    active::Active,
    asked::{ASKED, Asked},
    config::Config,
    decisions::{DecisionKey, Decisions},
    kept::Now,
    label::Value,
    series::{Facts, Kind, OVERFLOW, Series},
    table::Table,
};

/// What all exchanges of one [`Metrics`](crate::Metrics) have in common: every series so far.
pub(crate) struct Shared {
    pub(crate) config: Config,
    beginning: Instant,
    /// Callers have a hand in some names. They do not know this.
    seed: usize,
    series: Table<SeriesKey, Series>,
    overflow: Table<SeriesKey, Series>,
    /// Those without a route, by method and scheme.
    fixed: [OnceLock<Active>; ASKED],
    active: Table<ActiveKey, Active>,
    active_overflow: Table<ActiveKey, Active>,
    decisions: Table<DecisionKey, Decisions>,
}

struct SeriesKey {
    facts: Facts,
    route: Box<str>,
    own: Box<[Option<Value>]>,
}

struct ActiveKey {
    asked: Asked,
    route: Box<str>,
}

impl Shared {
    pub(crate) fn new(config: Config) -> Self {
        let max = config.max_series;
        Self {
            config,
            beginning: Instant::now(),
            #[expect(clippy::cast_possible_truncation, reason = "any bits will do")]
            seed: RandomState::new().hash_one(0) as usize,
            series: Table::new(max),
            // What is left of the labels is from closed sets.
            overflow: Table::new(usize::MAX),
            fixed: [const { OnceLock::new() }; ASKED],
            active: Table::new(max),
            active_overflow: Table::new(usize::MAX),
            decisions: Table::new(usize::MAX),
        }
    }

    /// How long after the beginning this was.
    pub(crate) fn since_beginning(&self, at: Instant) -> Duration {
        at.saturating_duration_since(self.beginning)
    }

    /// The time that is so long after the beginning.
    pub(crate) fn now(&self, since_beginning: Duration) -> Now {
        Now::new(since_beginning, self.config.patience)
    }

    /// The series of an exchange.
    pub(crate) fn series(&self, facts: Facts, outcome: &Outcome<'_>, own: &[Option<Value>]) -> &Series {
        let endpoint = outcome.endpoint();
        let route = match facts.kind {
            // OpenTelemetry's word for a method that the service does not know.
            Kind::Rpc if endpoint.is_unmatched() => "_OTHER",
            _ => endpoint.as_str(),
        };
        let error = outcome.error_type();
        let found = self.series.find_or_insert(
            self.hash(&(facts, route, own)),
            |key| key.facts == facts && *key.route == *route && *key.own == *own,
            || {
                let key = SeriesKey { facts, route: route.into(), own: own.into() };
                // Templates are the service's own code.
                let text = if endpoint.is_closed() { route.into() } else { self.config.scrubber.text(route) };
                (key, Series::new(facts, facts.labels(&self.config, &text, own, error), false))
            },
        );
        found.unwrap_or_else(|| {
            let facts = facts.overflowed();
            // A status that is not the standard's is no error's name either.
            let is_status = |error: &str| error.bytes().all(|byte| byte.is_ascii_digit());
            self.overflow(facts, error.filter(|error| facts.has_status() || !is_status(error)))
        })
    }

    fn overflow(&self, facts: Facts, error: Option<&str>) -> &Series {
        let found = self.overflow.find_or_insert(
            self.hash(&facts),
            |key| key.facts == facts,
            || {
                let key = SeriesKey { facts, route: OVERFLOW.into(), own: Box::default() };
                let own = vec![Some(OVERFLOW.into()); self.config.labels.len()];
                (key, Series::new(facts, facts.labels(&self.config, OVERFLOW, &own, error), true))
            },
        );
        found.expect("it has no end")
    }

    /// The gauge of exchanges in flight. `route` is what is known of it at their arrival, with the classic names.
    pub(crate) fn active(&self, asked: Asked, route: Option<&Endpoint>) -> &Active {
        let Some(route) = route.map(Endpoint::as_str) else {
            return self.fixed[asked.index()].get_or_init(|| self.new_active(asked, None));
        };
        let asked = asked.of_any_scheme();
        let same = |key: &ActiveKey| key.asked == asked && *key.route == *route;
        let make = |route: &str| (ActiveKey { asked, route: route.into() }, self.new_active(asked, Some(route)));
        self.active.find_or_insert(self.hash(&(asked, route)), same, || make(route)).unwrap_or_else(|| {
            let same = |key: &ActiveKey| key.asked == asked;
            let found = self.active_overflow.find_or_insert(self.hash(&asked), same, || make(OVERFLOW));
            found.expect("it has no end")
        })
    }

    fn new_active(&self, asked: Asked, route: Option<&str>) -> Active {
        let names = &self.config.names;
        let labels = if names.is_classic() {
            let route = route.unwrap_or_default().to_owned();
            vec![Label::from_static_parts("method", asked.method()), Label::new("endpoint", route)]
        } else {
            vec![
                Label::from_static_parts(semconv::HTTP_REQUEST_METHOD, asked.method()),
                Label::from_static_parts(semconv::URL_SCHEME, asked.scheme()),
            ]
        };
        Active::new(names.active(), labels)
    }

    /// The counter of those decisions.
    pub(crate) fn decisions(&self, key: DecisionKey) -> &Decisions {
        let same = |other: &DecisionKey| *other == key;
        let found = self.decisions.find_or_insert(self.hash(&key), same, || (key, Decisions::new(key)));
        found.expect("it has no end")
    }

    fn hash(&self, key: &impl Hash) -> u64 {
        let mut hasher = FxHasher::with_seed(self.seed);
        key.hash(&mut hasher);
        hasher.finish()
    }
}
