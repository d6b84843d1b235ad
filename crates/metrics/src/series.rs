use http::Version;
use metrics::{Counter, Histogram, Key, Label, Level, Metadata, Recorder, SharedString, Unit};
use tower_telemetry_core::{End, FailurePhase, GrpcStatus, Outcome, semconv};

use crate::{
    Measure,
    asked::Asked,
    config::Config,
    kept::{Here, Kept},
    label::Value,
    measure::{Measures, Values},
};

pub(crate) static METADATA: Metadata<'static> =
    Metadata::new("tower_telemetry", Level::INFO, Some("tower_telemetry_metrics"));

/// What routes and own labels are called beyond the cap.
pub(crate) const OVERFLOW: &str = "overflow";

/// The series that exchanges with the same labels have, one of each metric.
pub(crate) struct Series {
    kind: Kind,
    measures: Measures,
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

struct Handles {
    histograms: Box<[Histogram]>,
    total: Option<Counter>,
    overflows: Option<Counter>,
}

/// What tells a series from others, beside its route and own labels: all from closed sets.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Facts {
    pub(crate) kind: Kind,
    pub(crate) asked: Option<Asked>,
    pub(crate) version: Option<Version>,
    measures: Measures,
    status: Option<u16>,
    grpc: Option<GrpcStatus>,
    end: EndKey,
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

impl Facts {
    /// What is known of the outcome.
    pub(crate) fn of(kind: Kind, measures: Measures, outcome: &Outcome<'_>, classic: bool) -> Self {
        let status = outcome.status().map(|status| status.as_u16());
        let end = EndKey::of(outcome);
        let grpc = outcome.grpc_status();
        let none = Self { kind, asked: None, version: None, measures, status: None, grpc: None, end };
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
        Self { asked: None, version: None, status, ..self }
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
                add("method", fixed(self.asked.map(Asked::method)));
                add("status", status);
                add("endpoint", Some(route));
            }
            Kind::Http => {
                add(semconv::HTTP_REQUEST_METHOD, fixed(self.asked.map(Asked::method)));
                add(semconv::HTTP_ROUTE, Some(route));
                add(semconv::URL_SCHEME, fixed(self.asked.map(Asked::scheme)));
                add(semconv::NETWORK_PROTOCOL_VERSION, fixed(self.version.map(semconv::protocol_version)));
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
    pub(crate) fn new(Facts { kind, measures, .. }: Facts, labels: Box<[Label]>, overflows: bool) -> Self {
        Self { kind, measures, labels, overflows, kept: Kept::default() }
    }

    /// Counts an exchange with values of these measures.
    pub(crate) fn record(&self, config: &Config, here: Here<'_>, values: &Values) {
        self.kept.with(
            here,
            || self.register(here.recorder, config),
            |handles| {
                for (histogram, value) in handles.histograms.iter().zip(values.as_slice()) {
                    histogram.record(*value);
                }
                if let Some(total) = &handles.total {
                    total.increment(1);
                }
                if let Some(overflows) = &handles.overflows {
                    overflows.increment(1);
                }
            },
        );
    }

    fn register(&self, recorder: &dyn Recorder, config: &Config) -> Handles {
        Handles {
            histograms: self.measures.iter().map(|measure| self.histogram(recorder, config, measure)).collect(),
            total: config.names.total().map(|name| self.total(recorder, name)),
            overflows: config
                .names
                .histogram(self.kind, Measure::Duration)
                .filter(|_| self.overflows)
                .map(|metric| overflow(recorder, metric)),
        }
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

    fn total(&self, recorder: &dyn Recorder, name: SharedString) -> Counter {
        recorder.describe_counter(name.clone().into(), Some(Unit::Count), "HTTP requests.".into());
        recorder.register_counter(&Key::from_parts(name, self.labels.to_vec()), &METADATA)
    }
}

pub(crate) const OVERFLOW_HELP: &str =
    "What was recorded in an overflow series, because its metric has as many series as it may.";

/// The counter of what a metric has recorded in its overflow series.
pub(crate) fn overflow(recorder: &dyn Recorder, metric: SharedString) -> Counter {
    let name = semconv::TELEMETRY_METRIC_OVERFLOW;
    recorder.describe_counter(name.into(), Some(Unit::Count), OVERFLOW_HELP.into());
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
