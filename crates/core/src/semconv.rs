//! OpenTelemetry's names and closed sets of values, in one place.
//!
//! Source: [semantic conventions 1.44](https://opentelemetry.io/docs/specs/semconv/http/). Metric and label names are in their
//! Prometheus form: dots are underscores, and the unit is a suffix.

use http::{Method, Uri, uri::Scheme};

/// Histogram, seconds: how long callers wait.
pub const HTTP_SERVER_REQUEST_DURATION: &str = "http_server_request_duration_seconds";
/// Gauge: exchanges in flight.
pub const HTTP_SERVER_ACTIVE_REQUESTS: &str = "http_server_active_requests";

/// Label: the method, or `_OTHER`.
pub const HTTP_REQUEST_METHOD: &str = "http_request_method";
/// Label: the endpoint.
pub const HTTP_ROUTE: &str = "http_route";
/// Label: the response's status, where there was a response.
pub const HTTP_RESPONSE_STATUS_CODE: &str = "http_response_status_code";
/// Label: `http` or `https`.
pub const URL_SCHEME: &str = "url_scheme";
/// Label: what went wrong, where something did.
pub const ERROR_TYPE: &str = "error_type";

/// The buckets that OpenTelemetry advises for [`HTTP_SERVER_REQUEST_DURATION`], in seconds.
pub const DURATION_BUCKETS: [f64; 14] =
    [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// The method's name if it is a standard one, else `_OTHER`: callers can invent methods.
pub fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        Method::PATCH => "PATCH",
        Method::TRACE => "TRACE",
        Method::CONNECT => "CONNECT",
        _ => "_OTHER",
    }
}

/// The target's scheme if it tells one (HTTP/2 does), else `http`.
pub fn scheme(uri: &Uri) -> &'static str {
    if uri.scheme() == Some(&Scheme::HTTPS) { "https" } else { "http" }
}
