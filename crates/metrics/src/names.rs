use metrics::SharedString;
use tower_telemetry_core::{BuildError, semconv};

use crate::{Measure, series::Kind};

/// How metrics and labels are called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Names {
    /// As OpenTelemetry calls them. gRPC calls have metrics of their own.
    ///
    /// Source: [semantic conventions 1.44](https://opentelemetry.io/docs/specs/semconv/http/http-metrics/).
    #[default]
    OpenTelemetry,
    /// As axum-prometheus calls them, so that its dashboards go on working: `http_requests_total`,
    /// `http_requests_duration_seconds` and `http_requests_pending`, with the labels `method`, `endpoint` and `status`. What is
    /// off unless asked for there, as `http_response_body_size`, is off here. gRPC calls are requests like others.
    ///
    /// Who had no answer has a status too: 499 if the caller went away, 504 if time was up, 500 if the service failed.
    Classic,
    /// Those of [`Classic`](Self::Classic) behind a prefix, made by [`with_prefix`](Self::with_prefix).
    Prefixed(Prefix),
}

/// What stands before a metric's name, with an underscore behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prefix(String);

impl Names {
    /// The [`Classic`](Self::Classic) names behind `prefix` and an underscore. axum-prometheus's own default is `axum`.
    pub fn with_prefix(prefix: &str) -> Result<Self, BuildError> {
        if is_name(prefix) {
            return Ok(Self::Prefixed(Prefix(format!("{prefix}_"))));
        }
        Err(BuildError::value("the metrics' prefix", prefix, "a word of ASCII letters, digits and underscores: axum"))
    }

    pub(crate) fn is_classic(&self) -> bool {
        *self != Self::OpenTelemetry
    }

    /// The name of the histogram. `None` if there is none for that kind.
    pub(crate) fn histogram(&self, kind: Kind, measure: Measure) -> Option<SharedString> {
        let name = match (self.is_classic(), kind, measure) {
            (false, Kind::Http, Measure::Duration) => semconv::HTTP_SERVER_REQUEST_DURATION,
            (false, Kind::Http, Measure::TimeToHead) => semconv::HTTP_SERVER_TIME_TO_HEAD,
            (false, Kind::Http, Measure::RequestBodySize) => semconv::HTTP_SERVER_REQUEST_BODY_SIZE,
            (false, Kind::Http, Measure::ResponseBodySize) => semconv::HTTP_SERVER_RESPONSE_BODY_SIZE,
            (false, Kind::Http, Measure::StreamDuration) => semconv::HTTP_SERVER_STREAM_DURATION,
            (false, Kind::Rpc, Measure::Duration) => semconv::RPC_SERVER_CALL_DURATION,
            (false, Kind::Rpc, Measure::TimeToHead) => semconv::RPC_SERVER_TIME_TO_HEAD,
            (false, Kind::Rpc, Measure::RequestBodySize) => semconv::RPC_SERVER_REQUEST_SIZE,
            (false, Kind::Rpc, Measure::ResponseBodySize) => semconv::RPC_SERVER_RESPONSE_SIZE,
            (false, Kind::Rpc, Measure::MessagesReceived) => semconv::RPC_SERVER_REQUESTS_PER_RPC,
            (false, Kind::Rpc, Measure::MessagesSent) => semconv::RPC_SERVER_RESPONSES_PER_RPC,
            (true, _, Measure::Duration) => "http_requests_duration_seconds",
            (true, _, Measure::TimeToHead) => "http_requests_time_to_head_seconds",
            (true, _, Measure::RequestBodySize) => "http_request_body_size",
            (true, _, Measure::ResponseBodySize) => "http_response_body_size",
            (true, _, Measure::StreamDuration) => "http_stream_duration_seconds",
            (true, _, Measure::MessagesReceived) => "grpc_messages_received",
            (true, _, Measure::MessagesSent) => "grpc_messages_sent",
            (false, Kind::Http, _) | (false, Kind::Rpc, Measure::StreamDuration) => return None,
        };
        Some(self.prefixed(name))
    }

    pub(crate) fn active(&self) -> SharedString {
        if self.is_classic() {
            self.prefixed("http_requests_pending")
        } else {
            semconv::HTTP_SERVER_ACTIVE_REQUESTS.into()
        }
    }

    pub(crate) fn total(&self) -> Option<SharedString> {
        self.is_classic().then(|| self.prefixed("http_requests_total"))
    }

    /// Whether a measure is made unless something else is said.
    pub(crate) fn has_by_default(&self, measure: Measure) -> bool {
        match measure {
            Measure::Duration | Measure::StreamDuration => true,
            Measure::TimeToHead | Measure::RequestBodySize | Measure::ResponseBodySize => !self.is_classic(),
            Measure::MessagesReceived | Measure::MessagesSent => false,
        }
    }

    fn prefixed(&self, name: &'static str) -> SharedString {
        match self {
            Self::Prefixed(Prefix(prefix)) => format!("{prefix}{name}").into(),
            _ => name.into(),
        }
    }
}

/// Whether Prometheus takes it as a metric's or a label's name.
pub(crate) fn is_name(text: &str) -> bool {
    let is_first = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    text.bytes().next().is_some_and(is_first) && text.bytes().all(|byte| is_first(byte) || byte.is_ascii_digit())
}
