use std::{
    hash::{Hash, Hasher},
    sync::{PoisonError, RwLock},
};

use hashbrown::HashTable;
use metrics::{Counter, Gauge, Histogram, Key, KeyName, Label, Level, Metadata, Recorder, Unit, with_recorder};
use rustc_hash::FxHasher;
use tower_telemetry_core::{Decision, End, FailurePhase, GrpcStatus, Outcome, Reason, semconv};
use tower_telemetry_scrub::Scrubber;

/// After so many series of a metric, new routes are counted as `overflow`.
const MAX_SERIES: usize = 10_000;

static METADATA: Metadata<'static> = Metadata::new("tower_telemetry", Level::INFO, Some("tower_telemetry_metrics"));

/// Handles of all series so far. A handle from before a recorder was installed stays a no-op for ever, so each is kept with the
/// recorder that made it.
pub(crate) struct Handles {
    scrubber: Scrubber,
    durations: RwLock<HashTable<Series<DurationKey, Histogram>>>,
    active: RwLock<HashTable<Series<ActiveKey, Gauge>>>,
    decisions: RwLock<HashTable<Series<DecisionKey, Counter>>>,
}

struct Series<K, H> {
    key: K,
    /// The route, or the sampling rule; `None` for a metric that has neither.
    route: Option<Box<str>>,
    handle: H,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct DurationKey {
    recorder: usize,
    method: &'static str,
    scheme: &'static str,
    status: Option<u16>,
    error: ErrorKey,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct ActiveKey {
    recorder: usize,
    method: &'static str,
    scheme: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct DecisionKey {
    recorder: usize,
    traced: bool,
    reason: Reason,
}

/// What tells one `error_type` from another, beside the status, without its text.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum ErrorKey {
    Completed(Option<u8>),
    Service,
    Body,
    Cancelled(Option<u8>),
    Panicked,
}

impl Handles {
    pub(crate) fn new(scrubber: Scrubber) -> Self {
        Self { scrubber, durations: RwLock::default(), active: RwLock::default(), decisions: RwLock::default() }
    }

    pub(crate) fn duration(&self, method: &'static str, scheme: &'static str, outcome: &Outcome<'_>) -> Histogram {
        with_recorder(|recorder| {
            let key = DurationKey {
                recorder: identity(recorder),
                method,
                scheme,
                status: outcome.status().map(|status| status.as_u16()),
                error: ErrorKey::of(outcome),
            };
            find_or_make(&self.durations, key, Some(outcome.endpoint().as_str()), |route| {
                let route = route.unwrap_or_default();
                // Once for each series. Templates are the service's own code, and the other labels come from closed sets.
                let closed = outcome.endpoint().is_closed();
                let route = if closed { route.into() } else { self.scrubber.text(route) };
                register_duration(recorder, method, scheme, &route, outcome)
            })
        })
    }

    pub(crate) fn active(&self, method: &'static str, scheme: &'static str) -> Gauge {
        with_recorder(|recorder| {
            let key = ActiveKey { recorder: identity(recorder), method, scheme };
            find_or_make(&self.active, key, None, |_| register_active(recorder, method, scheme))
        })
    }

    pub(crate) fn decisions(&self, decision: &Decision, outcome: &Outcome<'_>) -> Counter {
        let verdict = decision.verdict(outcome);
        let (traced, reason) = (verdict.is_some(), verdict.unwrap_or(decision.reason));
        with_recorder(|recorder| {
            let key = DecisionKey { recorder: identity(recorder), traced, reason };
            find_or_make(&self.decisions, key, Some(decision.rule), |rule| {
                register_decisions(recorder, rule.unwrap_or_default(), traced, reason)
            })
        })
    }
}

impl ErrorKey {
    fn of(outcome: &Outcome<'_>) -> Self {
        let grpc = outcome.grpc_status().map(GrpcStatus::code);
        match outcome.end() {
            End::Completed => Self::Completed(grpc),
            End::Failed(failure) if failure.phase() == FailurePhase::Body => Self::Body,
            End::Cancelled => Self::Cancelled(grpc),
            End::Panicked => Self::Panicked,
            _ => Self::Service,
        }
    }
}

fn identity(recorder: &dyn Recorder) -> usize {
    std::ptr::from_ref(recorder).cast::<()>().addr()
}

fn find_or_make<K: Copy + Eq + Hash, H: Clone>(
    table: &RwLock<HashTable<Series<K, H>>>,
    key: K,
    route: Option<&str>,
    make: impl FnOnce(Option<&str>) -> H,
) -> H {
    let hash = hash(&key, route);
    let same = |series: &Series<K, H>| series.key == key && series.route.as_deref() == route;
    let full = {
        let table = table.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(series) = table.find(hash, same) {
            return series.handle.clone();
        }
        table.len() >= MAX_SERIES
    };
    // Registering is the recorder's work, and may take its time: no lock is held meanwhile. A second maker gets the same series.
    let route = route.map(|route| if full { "overflow" } else { route });
    let handle = make(route);
    if !full {
        let mut table = table.write().unwrap_or_else(PoisonError::into_inner);
        let series = Series { key, route: route.map(Into::into), handle: handle.clone() };
        table.entry(hash, same, |series| self::hash(&series.key, series.route.as_deref())).or_insert(series);
    }
    handle
}

fn hash<K: Hash>(key: &K, route: Option<&str>) -> u64 {
    let mut hasher = FxHasher::default();
    key.hash(&mut hasher);
    route.hash(&mut hasher);
    hasher.finish()
}

fn register_duration(
    recorder: &dyn Recorder,
    method: &'static str,
    scheme: &'static str,
    route: &str,
    outcome: &Outcome<'_>,
) -> Histogram {
    let name = KeyName::from_const_str(semconv::HTTP_SERVER_REQUEST_DURATION);
    recorder.describe_histogram(name.clone(), Some(Unit::Seconds), "Duration of HTTP server requests.".into());
    let mut labels = vec![
        Label::from_static_parts(semconv::HTTP_REQUEST_METHOD, method),
        Label::new(semconv::HTTP_ROUTE, route.to_owned()),
        Label::from_static_parts(semconv::URL_SCHEME, scheme),
    ];
    if let Some(status) = outcome.status() {
        labels.push(Label::new(semconv::HTTP_RESPONSE_STATUS_CODE, status.as_str().to_owned()));
    }
    if let Some(error) = outcome.error_type() {
        labels.push(Label::new(semconv::ERROR_TYPE, error.to_owned()));
    }
    recorder.register_histogram(&Key::from_parts(name, labels), &METADATA)
}

fn register_active(recorder: &dyn Recorder, method: &'static str, scheme: &'static str) -> Gauge {
    let name = KeyName::from_const_str(semconv::HTTP_SERVER_ACTIVE_REQUESTS);
    recorder.describe_gauge(name.clone(), Some(Unit::Count), "HTTP server requests in flight.".into());
    let labels = vec![
        Label::from_static_parts(semconv::HTTP_REQUEST_METHOD, method),
        Label::from_static_parts(semconv::URL_SCHEME, scheme),
    ];
    recorder.register_gauge(&Key::from_parts(name, labels), &METADATA)
}

fn register_decisions(recorder: &dyn Recorder, rule: &str, traced: bool, reason: Reason) -> Counter {
    let name = KeyName::from_const_str("http_server_sampling_decisions_total");
    recorder.describe_counter(name.clone(), Some(Unit::Count), "Exchanges by what was decided on tracing them.".into());
    let labels = vec![
        Label::new("sampling_rule", rule.to_owned()),
        Label::from_static_parts("sampling_decision", if traced { "traced" } else { "untraced" }),
        Label::from_static_parts("sampling_reason", reason.as_str()),
    ];
    recorder.register_counter(&Key::from_parts(name, labels), &METADATA)
}
