//! OpenTelemetry's names and closed sets of values, in one place.
//!
//! Source: [semantic conventions 1.44](https://opentelemetry.io/docs/specs/semconv/http/). Metric and label names are in their
//! Prometheus form: dots are underscores, and the unit is a suffix.

use http::{Method, Uri, Version, uri::Scheme};

/// Histogram, seconds: how long callers wait.
pub const HTTP_SERVER_REQUEST_DURATION: &str = "http_server_request_duration_seconds";
/// Gauge: exchanges in flight.
pub const HTTP_SERVER_ACTIVE_REQUESTS: &str = "http_server_active_requests";

/// Histogram, seconds: how long callers wait for a response's head. Named as `gen_ai.server.time_to_first_token` is:
/// OpenTelemetry has no metric of it.
pub const HTTP_SERVER_TIME_TO_HEAD: &str = "http_server_time_to_head_seconds";
/// Histogram, bytes: what the service read of requests' bodies.
pub const HTTP_SERVER_REQUEST_BODY_SIZE: &str = "http_server_request_body_size_bytes";
/// Histogram, bytes: what hosts were handed of responses' bodies.
pub const HTTP_SERVER_RESPONSE_BODY_SIZE: &str = "http_server_response_body_size_bytes";
/// Histogram, seconds: how long event streams live. OpenTelemetry has no metric of it.
pub const HTTP_SERVER_STREAM_DURATION: &str = "http_server_stream_duration_seconds";

/// Histogram, seconds: how long gRPC calls take.
pub const RPC_SERVER_CALL_DURATION: &str = "rpc_server_call_duration_seconds";
/// Histogram, seconds: as [`HTTP_SERVER_TIME_TO_HEAD`], for gRPC.
pub const RPC_SERVER_TIME_TO_HEAD: &str = "rpc_server_time_to_head_seconds";
/// Histogram, bytes: all that a gRPC call's caller sent. OpenTelemetry had a metric of this name until 1.38, by message.
pub const RPC_SERVER_REQUEST_SIZE: &str = "rpc_server_request_size_bytes";
/// Histogram, bytes: all that a gRPC call's caller was sent.
pub const RPC_SERVER_RESPONSE_SIZE: &str = "rpc_server_response_size_bytes";
/// Histogram: messages that a gRPC call's caller sent. OpenTelemetry's until 1.38, which has replaced it by nothing.
pub const RPC_SERVER_REQUESTS_PER_RPC: &str = "rpc_server_requests_per_rpc";
/// Histogram: messages that a gRPC call's caller was sent.
pub const RPC_SERVER_RESPONSES_PER_RPC: &str = "rpc_server_responses_per_rpc";

/// Counter: exchanges by what was decided on tracing them.
pub const HTTP_SERVER_SAMPLING_DECISIONS: &str = "http_server_sampling_decisions_total";
/// Label: the rule that decided.
pub const SAMPLING_RULE: &str = "sampling_rule";
/// Label: `traced` or `untraced`.
pub const SAMPLING_DECISION: &str = "sampling_decision";
/// Label: why it was decided so.
pub const SAMPLING_REASON: &str = "sampling_reason";

/// Counter: what was recorded in an overflow series, because its metric has as many series as it may.
pub const TELEMETRY_METRIC_OVERFLOW: &str = "telemetry_metric_overflow_total";
/// Label: the name of a metric that overflowed.
pub const METRIC: &str = "metric";

/// Label: the method, or `_OTHER`.
pub const HTTP_REQUEST_METHOD: &str = "http_request_method";
/// Label: the endpoint.
pub const HTTP_ROUTE: &str = "http_route";
/// Label: the response's status, where there was a response.
pub const HTTP_RESPONSE_STATUS_CODE: &str = "http_response_status_code";
/// Label: `http` or `https`.
pub const URL_SCHEME: &str = "url_scheme";
/// Label: the protocol's version, such as `1.1`.
pub const NETWORK_PROTOCOL_VERSION: &str = "network_protocol_version";
/// Label: `grpc`.
pub const RPC_SYSTEM_NAME: &str = "rpc_system_name";
/// Label: the gRPC method, as `pkg.Service/Method`, or `_OTHER`.
pub const RPC_METHOD: &str = "rpc_method";
/// Label: the gRPC status's name, where there was one.
pub const RPC_RESPONSE_STATUS_CODE: &str = "rpc_response_status_code";
/// Label: what went wrong, where something did.
pub const ERROR_TYPE: &str = "error_type";

/// The buckets that OpenTelemetry advises for [`HTTP_SERVER_REQUEST_DURATION`], in seconds.
pub const DURATION_BUCKETS: [f64; 14] =
    [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// Buckets for the sizes of bodies, in bytes: powers of four from 64 to 64 MiB. OpenTelemetry advises none.
pub const SIZE_BUCKETS: [f64; 11] =
    [64.0, 256.0, 1024.0, 4096.0, 16_384.0, 65_536.0, 262_144.0, 1_048_576.0, 4_194_304.0, 16_777_216.0, 67_108_864.0];

/// Buckets for what lives long, in seconds: from one second to a day.
pub const LIFETIME_BUCKETS: [f64; 11] =
    [1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 1800.0, 3600.0, 14_400.0, 43_200.0, 86_400.0];

/// Buckets for the messages of a gRPC call.
pub const MESSAGE_BUCKETS: [f64; 10] = [0.0, 1.0, 2.0, 5.0, 10.0, 50.0, 100.0, 500.0, 1000.0, 10_000.0];

/// What [`method`] gives, by [`method_index`].
pub const METHODS: [&str; 10] =
    ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "CONNECT", "_OTHER"];

/// The method's name if it is a standard one, else `_OTHER`: callers can invent methods.
pub fn method(method: &Method) -> &'static str {
    METHODS[method_index(method)]
}

/// The method's place among [`METHODS`].
pub fn method_index(method: &Method) -> usize {
    match *method {
        Method::GET => 0,
        Method::POST => 1,
        Method::PUT => 2,
        Method::DELETE => 3,
        Method::HEAD => 4,
        Method::OPTIONS => 5,
        Method::PATCH => 6,
        Method::TRACE => 7,
        Method::CONNECT => 8,
        _ => 9,
    }
}

/// The target's scheme if it tells one (HTTP/2 does), else `http`.
pub fn scheme(uri: &Uri) -> &'static str {
    if uri.scheme() == Some(&Scheme::HTTPS) { "https" } else { "http" }
}

/// The version of HTTP, as OpenTelemetry writes it: `1.0`, `1.1`, `2`, `3`.
pub fn protocol_version(version: Version) -> &'static str {
    match version {
        Version::HTTP_09 => "0.9",
        Version::HTTP_10 => "1.0",
        Version::HTTP_2 => "2",
        Version::HTTP_3 => "3",
        _ => "1.1",
    }
}
