//! The access log: one event at the end.

use axum::body::Body;
use http::Request;
use http_body_util::BodyExt;
use tests::{
    app::{app, request, rpc, run},
    spans::{Fields, Spans},
};
use tower::ServiceExt;
use tower_telemetry_trace::{AccessLog, Trace};
use tracing::Level;

use super::fixtures::{ACCESS, KNOWN_IDS, SPAN, only_access, only_span, recorded, trace};

type Case = (Request<Body>, Level, &'static str, [&'static str; 4], [&'static str; 3]);

/// The request, the level, the message; then the statuses of HTTP and gRPC and the sizes of request and response; then
/// what the span tells already: method, route, and error. "" is not recorded.
fn cases() -> [Case; 14] {
    let (info, warn, error) = (Level::INFO, Level::WARN, Level::ERROR);
    let (completed, cancelled) = ("request completed", "request cancelled");
    let (panicked, failed) = ("request panicked", "request failed");
    let echo = request("POST", "/echo").map(|_| Body::from("hello"));
    let get = |path| request("GET", path);
    [
        (get("/users/7"), info, completed, ["200", "", "0", "3"], ["GET", "/users/{id}", ""]),
        (echo, info, completed, ["200", "", "5", "5"], ["POST", "/echo", ""]),
        (get("/missing/7"), warn, completed, ["404", "", "0", "0"], ["GET", "/missing/{id}", ""]),
        (get("/nothing"), warn, completed, ["404", "", "0", "0"], ["GET", "unmatched", ""]),
        (request("BREW", "/echo"), warn, completed, ["405", "", "0", "0"], ["_OTHER", "/echo", ""]),
        (get("/broken"), error, completed, ["500", "", "0", "6"], ["GET", "/broken", "500"]),
        (get("/pending"), warn, cancelled, ["", "", "0", "0"], ["GET", "/pending", "cancelled"]),
        (get("/body/pending"), warn, cancelled, ["200", "", "0", "3"], ["GET", "/body/pending", "cancelled"]),
        (get("/panic"), error, panicked, ["", "", "0", "0"], ["GET", "/panic", "panic"]),
        (get("/error"), error, failed, ["", "", "0", "0"], ["GET", "/error", "service_error"]),
        (get("/body/error"), error, failed, ["200", "", "0", "3"], ["GET", "/body/error", "body_error"]),
        (rpc("Hello"), info, completed, ["200", "OK", "0", "5"], ["POST", "pkg.Greeter/Hello", ""]),
        (rpc("Crash"), error, completed, ["200", "INTERNAL", "0", "5"], ["POST", "pkg.Greeter/Crash", "INTERNAL"]),
        (rpc("Find"), info, completed, ["200", "NOT_FOUND", "0", "0"], ["POST", "pkg.Greeter/Find", ""]),
    ]
}

#[test]
fn in_the_span_the_event_tells_what_the_span_does_not() {
    for (request, level, message, own, _) in cases() {
        let name = request.uri().to_string();
        let spans = Spans::keep();
        trace(Trace::new(), request);
        let event = only_access(&spans);
        assert_eq!((event.level, event.span), (level, Some("http.server.request")), "{name}");
        check(&event.fields, own, vec![("message", message)], &name);
    }
}

#[test]
fn where_nobody_listens_to_the_span_the_event_tells_it_all() {
    for (request, level, message, own, [method, route, error]) in cases() {
        let name = request.uri().to_string();
        let spans = Spans::keep_if(|metadata| metadata.target() != SPAN);
        trace(Trace::new(), request);
        assert_eq!(spans.spans().len(), 0);
        let event = only_access(&spans);
        assert_eq!((event.level, event.span), (level, None), "{name}");
        let endpoint = if route.starts_with("pkg.") { "rpc.method" } else { "http.route" };
        let mut rest = vec![("message", message), ("http.request.method", method), (endpoint, route)];
        rest.extend([("error.type", error)].iter().chain(&KNOWN_IDS));
        check(&event.fields, own, rest, &name);
    }
}

#[test]
fn ids_that_nobody_sent_are_told_too() {
    let spans = Spans::keep_if(|metadata| metadata.target() != SPAN);
    run(app(Trace::new()), request("GET", "/users/7"));
    let fields = only_access(&spans).fields;
    let lengths = ["request_id", "trace_id"].map(|name| fields.get(name).map(str::len));
    assert_eq!(lengths, [Some(32); 2]);
}

#[tokio::test]
async fn it_comes_at_the_end_of_the_body() {
    let spans = Spans::keep();
    let response = app(Trace::new()).oneshot(request("GET", "/users/7")).await.expect("it cannot fail");
    assert_eq!(spans.events(ACCESS).len(), 0);
    response.into_body().collect().await.expect("it cannot fail");
    assert_eq!(only_access(&spans).level, Level::INFO);
}

#[test]
fn it_can_be_off() {
    for path in ["/users/7", "/broken", "/panic", "/pending"] {
        let spans = Spans::keep();
        trace(Trace::new().access_log(AccessLog::Off), request("GET", path));
        assert_eq!(spans.events(ACCESS).len(), 0, "{path}");
        assert!(only_span(&spans).closed, "{path}");
    }
}

/// Checks that these fields are recorded once and no others, and that the times are as they should be.
#[track_caller]
fn check(fields: &Fields, own: [&'static str; 4], mut expected: Vec<(&'static str, &'static str)>, name: &str) {
    let [status, rpc_status, request_size, response_size] = own;
    expected.extend([("http.response.status_code", status), ("rpc.response.status_code", rpc_status)]);
    expected.extend([("http.request.body.size", request_size), ("http.response.body.size", response_size)]);
    let (times, others): (Vec<_>, Vec<_>) =
        fields.sorted().into_iter().partition(|(name, _)| ["duration_ms", "time_to_head_ms"].contains(name));
    assert_eq!(others, recorded(expected), "{name}");

    let millis: Vec<f64> = times.iter().map(|(_, millis)| millis.parse().expect("a number")).collect();
    let in_order = match millis[..] {
        [duration] => status.is_empty() && duration >= 0.0,
        [duration, to_head] => !status.is_empty() && duration >= to_head && to_head >= 0.0,
        _ => false,
    };
    assert!(in_order, "{name}: {times:?}");
}
