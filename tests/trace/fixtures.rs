//! What the cases share.

use axum::body::Body;
use http::{HeaderName, HeaderValue, Request};
use tests::{
    app::{app, run},
    spans::{KeptEvent, KeptSpan, Spans},
};
use tower_telemetry_trace::Trace;

pub(crate) const SPAN: &str = "tower_telemetry::exchange";
pub(crate) const ACCESS: &str = "tower_telemetry::access";

const TRACE_ID: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
pub(crate) const REQUEST_ID: &str = "request-1";

/// What is recorded of the ids that each request of [`trace`] comes with.
pub(crate) const KNOWN_IDS: [(&str, &str); 2] = [("request_id", REQUEST_ID), ("trace_id", TRACE_ID)];

/// Carries an exchange with the app to its end, whatever that is.
pub(crate) fn trace(trace: Trace, request: Request<Body>) {
    let traceparent = format!("00-{TRACE_ID}-00f067aa0ba902b7-01");
    let request = with_header(request, "x-request-id", REQUEST_ID);
    run(app(trace), with_header(request, "traceparent", &traceparent));
}

pub(crate) fn with_header(mut request: Request<Body>, name: &'static str, value: &str) -> Request<Body> {
    let value = HeaderValue::from_bytes(value.as_bytes()).expect("a header's value");
    request.headers_mut().append(HeaderName::from_static(name), value);
    request
}

/// The one span of the one exchange.
#[track_caller]
pub(crate) fn only_span(spans: &Spans) -> KeptSpan {
    let mut spans = spans.spans();
    assert_eq!(spans.len(), 1, "{spans:#?}");
    spans.remove(0)
}

/// The one access-log event of the one exchange.
#[track_caller]
pub(crate) fn only_access(spans: &Spans) -> KeptEvent {
    let mut events = spans.events(ACCESS);
    assert_eq!(events.len(), 1, "{events:#?}");
    events.remove(0)
}

/// The pairs that are not empty, in the order that `Fields::sorted` gives.
pub(crate) fn recorded<'a>(mut pairs: Vec<(&'static str, &'a str)>) -> Vec<(&'static str, &'a str)> {
    pairs.retain(|(_, value)| !value.is_empty());
    pairs.sort_unstable();
    pairs
}
