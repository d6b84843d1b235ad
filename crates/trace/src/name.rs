use std::borrow::Cow;

use tower_telemetry_core::Endpoint;
use tower_telemetry_scrub::Scrubber;
use tracing::Span;

/// The endpoint's name as it may be shown.
///
/// Templates of a router are the service's own code: nothing a caller sends gets into them, and `/login/password:reset` is no
/// password. A name that a closure made, or a gRPC caller, may hold anything.
pub(crate) fn shown<'a>(endpoint: &'a Endpoint, scrubber: &Scrubber) -> Cow<'a, str> {
    if endpoint.is_closed() { Cow::Borrowed(endpoint.as_str()) } else { scrubber.text(endpoint.as_str()) }
}

/// Records the endpoint. Once only: subscribers that format fields show each recording.
pub(crate) fn record(span: &Span, method: &str, endpoint: &Endpoint, scrubber: &Scrubber) {
    let name = &*shown(endpoint, scrubber);
    if endpoint.is_grpc() {
        span.record("otel.name", name);
        span.record("rpc.method", name);
    } else {
        span.record("otel.name", format_args!("{method} {name}").to_string());
        span.record("http.route", name);
    }
}
