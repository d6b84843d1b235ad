//! The span: what it is called, what is recorded of it, what happens in it, and when it closes.

use std::convert::Infallible;

use axum::body::Body;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::BodyExt;
use tests::{
    app::{app, request, rpc},
    spans::Spans,
};
use tokio_stream::{StreamExt, iter};
use tower::{Layer, ServiceExt, service_fn};
use tower_telemetry_core::Observe;
use tower_telemetry_trace::Trace;
use tracing::Level;

use super::fixtures::{KNOWN_IDS, SPAN, only_span, recorded, trace};

#[test]
fn each_field_is_recorded_once_by_its_standard_name() {
    // The request, then `otel.name`, the statuses of HTTP and gRPC, `error.type`, `otel.status_code`; "" is not recorded.
    let cases = [
        (request("GET", "/users/7?a=b"), "GET /users/{id}", "200", "", "", ""),
        (request("GET", "/nothing/here"), "GET unmatched", "404", "", "", ""),
        (request("GET", "/missing/7"), "GET /missing/{id}", "404", "", "", ""),
        (request("POST", "/missing/7"), "POST /missing/{id}", "405", "", "", ""),
        (request("GET", "/broken"), "GET /broken", "500", "", "500", "ERROR"),
        (request("BREW", "/users/7"), "_OTHER /users/{id}", "200", "", "", ""),
        (rpc("Hello"), "pkg.Greeter/Hello", "200", "OK", "", ""),
        (rpc("Crash"), "pkg.Greeter/Crash", "200", "INTERNAL", "INTERNAL", "ERROR"),
        (rpc("Find"), "pkg.Greeter/Find", "200", "NOT_FOUND", "", ""),
        (rpc("Invented"), "POST unmatched", "200", "UNIMPLEMENTED", "UNIMPLEMENTED", "ERROR"),
        (request("GET", "/pending"), "GET /pending", "", "", "cancelled", ""),
        (request("GET", "/body/pending"), "GET /body/pending", "200", "", "cancelled", ""),
        (request("GET", "/error"), "GET /error", "", "", "service_error", "ERROR"),
        (request("GET", "/panic"), "GET /panic", "", "", "panic", "ERROR"),
        (request("GET", "/body/error"), "GET /body/error", "200", "", "body_error", "ERROR"),
        (request("GET", "/body/panic"), "GET /body/panic", "200", "", "panic", "ERROR"),
    ];
    for (request, otel_name, status, rpc_status, error, otel_status) in cases {
        let name = request.uri().to_string();
        let spans = Spans::keep();
        trace(Trace::new(), request);
        let span = only_span(&spans);
        assert_eq!((span.name, span.target, span.level), ("http.server.request", SPAN, Level::INFO), "{name}");
        assert!(span.closed && span.entered > 0, "{name}");

        let mut expected = KNOWN_IDS.to_vec();
        expected.extend([("otel.kind", "server"), ("url.scheme", "http"), ("otel.name", otel_name)]);
        match otel_name.split_once(' ') {
            Some((method, route)) => expected.extend([("http.request.method", method), ("http.route", route)]),
            None => expected.extend([("http.request.method", "POST"), ("rpc.method", otel_name)]),
        }
        expected.extend([("http.response.status_code", status), ("rpc.response.status_code", rpc_status)]);
        expected.extend([("error.type", error), ("otel.status_code", otel_status)]);
        assert_eq!(span.fields.sorted(), recorded(expected), "{name}");
    }
}

#[test]
fn the_scheme_is_the_targets() {
    for (uri, scheme) in [("https://example.org/users/7", "https"), ("http://example.org/users/7", "http")] {
        let spans = Spans::keep();
        trace(Trace::new(), request("GET", uri));
        assert_eq!(only_span(&spans).fields.get("url.scheme"), Some(scheme));
    }
}

#[tokio::test]
async fn what_the_service_tells_happens_in_the_span() {
    let spans = Spans::keep();
    let tell = |what| tracing::info!(target: "service", what);
    let service = Trace::new().into_layer().layer(service_fn(|_: Request<Body>| async move {
        tell("before an await");
        tokio::task::yield_now().await;
        tell("after an await");
        let until_dropped = TellsOfItsDrop;
        let chunks = iter(["one", "two"]).map(move |chunk| {
            let _ = &until_dropped;
            tell(chunk);
            Ok::<_, Infallible>(Bytes::from(chunk))
        });
        Ok::<_, Infallible>(Response::new(Body::from_stream(chunks)))
    }));
    let mut body = service.oneshot(request("GET", "/")).await.expect("it cannot fail").into_body();
    while let Some(frame) = body.frame().await {
        frame.expect("it cannot fail");
        tracing::info!(target: "host", "between two polls");
    }

    let told = spans.events("service");
    let what: Vec<_> = told.iter().map(|event| event.fields.get("what").expect("it is told")).collect();
    assert_eq!(what, ["before an await", "after an await", "one", "two", "dropped"]);
    assert!(told.iter().all(|event| event.span == Some("http.server.request")), "{told:#?}");
    assert!(spans.events("host").iter().all(|event| event.span.is_none()));
}

struct TellsOfItsDrop;

impl Drop for TellsOfItsDrop {
    fn drop(&mut self) {
        tracing::info!(target: "service", what = "dropped");
    }
}

#[tokio::test]
async fn the_span_closes_at_the_end_of_the_body_and_not_before() {
    let spans = Spans::keep();
    let chunks = || Body::from_stream(iter(["one", "two"]).map(Ok::<_, Infallible>));
    let service = service_fn(|_: Request<Body>| async { Ok::<_, Infallible>(Response::new(chunks())) });
    let response = Trace::new().into_layer().layer(service).oneshot(request("GET", "/")).await;
    let mut body = response.expect("it cannot fail").into_body();
    for _ in ["one", "two"] {
        assert!(!only_span(&spans).closed);
        body.frame().await.expect("a frame").expect("it cannot fail");
    }
    assert!(!only_span(&spans).closed);
    assert!(body.frame().await.is_none());
    assert!(only_span(&spans).closed, "and the body is still there");
}

#[tokio::test]
async fn the_span_of_a_body_that_nobody_reads_closes_with_it() {
    let spans = Spans::keep();
    let response = app(Trace::new()).oneshot(request("GET", "/users/7")).await.expect("it cannot fail");
    assert!(!only_span(&spans).closed);
    drop(response);
    assert!(only_span(&spans).closed);
}
