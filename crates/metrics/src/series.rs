use std::hash::{Hash, Hasher};

use metrics::{Counter, Histogram, Key, Label, Level, Metadata, Recorder, SharedString, Unit};
use tower_telemetry_core::{End, FailurePhase, GrpcStatus, Outcome, semconv};

use crate::{
    Measure,
    config::Config,
    kept::{Here, Kept, Timed},
    label::Value,
    measure::MEASURES,
};

pub(crate) static METADATA: Metadata<'static> =
    Metadata::new("tower_telemetry", Level::INFO, Some("tower_telemetry_metrics"));

/// What routes and own labels are called beyond the cap.
pub(crate) const OVERFLOW: &str = "overflow";

/// The series that exchanges with the same labels have, one of each metric.
pub(crate) struct Series {
    kind: Kind,
    labels: Box<[Label]>,
    overflows: bool,
    kept: Kept<Handles>,
}

/// What has metrics of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Http,
    Rpc,
}

#[derive(Default)]
struct Handles {
    histograms: [Timed<Histogram>; MEASURES],
    total: Timed<Counter>,
    overflows: Timed<Counter>,
}

/// What tells a series from others, beside its route and own labels: all from closed sets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Facts {
    pub(crate) kind: Kind,
    pub(crate) method: Option<&'static str>,
    pub(crate) scheme: Option<&'static str>,
    pub(crate) version: Option<&'static str>,
    status: Option<u16>,
    grpc: Option<GrpcStatus>,
    end: EndKey,
}

// In two words, without a length and a terminator for each text. Those are told apart by their first letters and lengths.
impl Hash for Facts {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let letters = |text: Option<&str>| {
            text.map_or(0, |text| text.bytes().take(4).fold(1, |all, byte| all << 7 | u64::from(byte)))
        };
        let grpc = self.grpc.map_or(31, GrpcStatus::code);
        let length = self.scheme.map_or(0, str::len) as u64;
        let small = [self.kind as u64, self.end as u64, u64::from(grpc), length];
        let small = small.into_iter().fold(u64::from(self.status.unwrap_or_default()), |all, part| all << 5 | part);
        state.write_u64(small);
        state.write_u64(letters(self.method) << 32 ^ letters(self.version));
    }
}

/// What tells one `error_type` from another, beside the statuses, without its text.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum EndKey {
    Completed,
    TimedOut,
    Service,
    Body,
    Cancelled,
    Panicked,
}

/// What is recorded of an exchange, by measure.
pub(crate) type Values = [Option<f64>; MEASURES];

impl Facts {
    /// What is known of the outcome.
    pub(crate) fn of(kind: Kind, outcome: &Outcome<'_>, classic: bool) -> Self {
        let status = outcome.status().map(|status| status.as_u16());
        let end = EndKey::of(outcome);
        let grpc = outcome.grpc_status();
        let none = Self { kind, method: None, scheme: None, version: None, status: None, grpc: None, end };
        match kind {
            Kind::Http if classic => {
                Self { status: status.or(Some(classic_status(end, grpc))), end: EndKey::Completed, ..none }
            }
            Kind::Http => Self { status, grpc, ..none },
            Kind::Rpc => Self { grpc, ..none },
        }
    }

    /// What is left of it in an overflow series.
    pub(crate) fn overflowed(self) -> Self {
        let is_standard =
            |status: u16| http::StatusCode::from_u16(status).is_ok_and(|status| status.canonical_reason().is_some());
        let status = self.status.filter(|&status| is_standard(status) || status == CLIENT_CLOSED_REQUEST);
        Self { method: None, scheme: None, version: None, status, ..self }
    }

    pub(crate) fn has_status(self) -> bool {
        self.status.is_some()
    }

    /// The labels.
    pub(crate) fn labels(
        &self,
        config: &Config,
        route: &str,
        own: &[Option<Value>],
        error: Option<&str>,
    ) -> Box<[Label]> {
        let mut labels = Vec::new();
        let mut add = |name: &'static str, value: Option<SharedString>| {
            labels.extend(value.map(|value| Label::new(name, value)));
        };
        let fixed = |text: Option<&'static str>| text.map(SharedString::from);
        let status = self.status.map(|status| status.to_string().into());
        let route = SharedString::from(route.to_owned());
        match self.kind {
            Kind::Http if config.names.is_classic() => {
                add("method", fixed(self.method));
                add("status", status);
                add("endpoint", Some(route));
            }
            Kind::Http => {
                add(semconv::HTTP_REQUEST_METHOD, fixed(self.method));
                add(semconv::HTTP_ROUTE, Some(route));
                add(semconv::URL_SCHEME, fixed(self.scheme));
                add(semconv::NETWORK_PROTOCOL_VERSION, fixed(self.version));
                add(semconv::HTTP_RESPONSE_STATUS_CODE, status);
                add(semconv::ERROR_TYPE, error.map(|error| error.to_owned().into()));
            }
            Kind::Rpc => {
                add(semconv::RPC_SYSTEM_NAME, Some("grpc".into()));
                add(semconv::RPC_METHOD, Some(route));
                add(semconv::RPC_RESPONSE_STATUS_CODE, fixed(self.grpc.map(GrpcStatus::name)));
                add(semconv::ERROR_TYPE, error.map(|error| error.to_owned().into()));
            }
        }
        for (label, value) in config.labels.iter().zip(own) {
            add(label.name, value.as_deref().map(|value| config.scrubber.text(value).into_owned().into()));
        }
        labels.into()
    }
}

impl EndKey {
    fn of(outcome: &Outcome<'_>) -> Self {
        match outcome.end() {
            End::Completed => Self::Completed,
            End::Failed(failure) if failure.is_timeout() => Self::TimedOut,
            End::Failed(failure) if failure.phase() == FailurePhase::Body => Self::Body,
            End::Cancelled => Self::Cancelled,
            End::Panicked => Self::Panicked,
            _ => Self::Service,
        }
    }
}

/// nginx's, for who went away before there was an answer.
const CLIENT_CLOSED_REQUEST: u16 = 499;

/// The status of an exchange that had none.
fn classic_status(end: EndKey, grpc: Option<GrpcStatus>) -> u16 {
    match (end, grpc) {
        (EndKey::TimedOut, _) | (_, Some(GrpcStatus::DEADLINE_EXCEEDED)) => 504,
        (EndKey::Cancelled, _) => CLIENT_CLOSED_REQUEST,
        _ => 500,
    }
}

impl Series {
    pub(crate) fn new(kind: Kind, labels: Box<[Label]>, overflows: bool) -> Self {
        Self { kind, labels, overflows, kept: Kept::default() }
    }

    /// Counts an exchange.
    pub(crate) fn record(&self, config: &Config, here: Here<'_>, values: &Values) {
        let recorder = here.recorder;
        let good = |handles: &Handles| {
            let used = handles.histograms.iter().zip(values).filter(|(_, value)| value.is_some());
            let counters = handles.total.is_good(here) && handles.overflows.is_good(here);
            counters && used.map(|(histogram, _)| histogram).all(|histogram| histogram.is_good(here))
        };
        self.kept.with(here, Handles::default, good, |handles| {
            for (measure, (histogram, value)) in Measure::ALL.into_iter().zip(handles.histograms.iter().zip(values)) {
                if let Some(value) = *value {
                    histogram.with(here, || self.histogram(recorder, config, measure), |known| known.record(value));
                }
            }
            if config.names.is_classic() {
                handles.total.with(here, || self.total(recorder, config), |known| known.increment(1));
            }
            if self.overflows {
                handles.overflows.with(here, || self.overflow(recorder, config), |known| known.increment(1));
            }
        });
    }

    fn histogram(&self, recorder: &dyn Recorder, config: &Config, measure: Measure) -> Histogram {
        let Some(name) = config.names.histogram(self.kind, measure) else { return Histogram::noop() };
        recorder.describe_histogram(name.clone().into(), Some(measure.unit()), help(self.kind, measure).into());
        // axum-prometheus's sizes have no status.
        let sizes = matches!(measure, Measure::RequestBodySize | Measure::ResponseBodySize);
        let without = if config.names.is_classic() && sizes { "status" } else { "" };
        let labels: Vec<_> = self.labels.iter().filter(|label| label.key() != without).cloned().collect();
        recorder.register_histogram(&Key::from_parts(name, labels), &METADATA)
    }

    fn total(&self, recorder: &dyn Recorder, config: &Config) -> Counter {
        let Some(name) = config.names.total() else { return Counter::noop() };
        recorder.describe_counter(name.clone().into(), Some(Unit::Count), "HTTP requests.".into());
        recorder.register_counter(&Key::from_parts(name, self.labels.to_vec()), &METADATA)
    }

    fn overflow(&self, recorder: &dyn Recorder, config: &Config) -> Counter {
        let Some(metric) = config.names.histogram(self.kind, Measure::Duration) else { return Counter::noop() };
        overflow(recorder, metric)
    }
}

/// The counter of what a metric has recorded in its overflow series.
pub(crate) fn overflow(recorder: &dyn Recorder, metric: SharedString) -> Counter {
    let name = semconv::TELEMETRY_METRIC_OVERFLOW;
    let help = "What was recorded in an overflow series, because its metric has as many series as it may.";
    recorder.describe_counter(name.into(), Some(Unit::Count), help.into());
    recorder.register_counter(&Key::from_parts(name, vec![Label::new(semconv::METRIC, metric)]), &METADATA)
}

fn help(kind: Kind, measure: Measure) -> &'static str {
    match (kind, measure) {
        (Kind::Http, Measure::Duration) => "Duration of HTTP server requests.",
        (Kind::Http, Measure::TimeToHead) => {
            "Time from the arrival of HTTP server requests to the head of their responses."
        }
        (Kind::Http, Measure::RequestBodySize) => "Size of HTTP server request bodies.",
        (Kind::Http, Measure::ResponseBodySize) => "Size of HTTP server response bodies.",
        (Kind::Rpc, Measure::Duration) => "Duration of incoming gRPC calls.",
        (Kind::Rpc, Measure::TimeToHead) => "Time from the arrival of gRPC calls to the head of their responses.",
        (Kind::Rpc, Measure::RequestBodySize) => "Size of all request messages of a gRPC call.",
        (Kind::Rpc, Measure::ResponseBodySize) => "Size of all response messages of a gRPC call.",
        (_, Measure::StreamDuration) => "Lifetime of event streams.",
        (_, Measure::MessagesReceived) => "Messages that a gRPC call received.",
        (_, Measure::MessagesSent) => "Messages that a gRPC call sent.",
    }
}
