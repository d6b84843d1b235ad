//! The histogram of durations: its labels, and what is measured.

use std::{convert::Infallible, error::Error, hint::spin_loop, io, pin::pin, task::Poll, time::Instant};

use axum::body::Body;
use http::{HeaderValue, Request, Response, header::CONTENT_TYPE};
use http_body_util::BodyExt;
use tests::app::{app, poll_once, request, rpc, run};
use tokio_stream::{StreamExt, iter};
use tower::{Layer, ServiceExt, service_fn, timeout::error::Elapsed};
use tower_telemetry_core::{Endpoint, Observe, RequestContext, semconv};
use tower_telemetry_metrics::Metrics;

use super::fixtures::{Labels, Recorder, labels};

#[test]
fn each_exchange_is_measured_once_with_labels_from_closed_sets() {
    // The request, then the method and the route, the status, and the error; "" is no label.
    let cases = [
        (request("GET", "/users/7?a=b"), "GET /users/{id}", "200", ""),
        (request("HEAD", "/users/7"), "HEAD /users/{id}", "200", ""),
        (request("GET", "/nothing/here"), "GET unmatched", "404", ""),
        (request("GET", "/missing/7"), "GET /missing/{id}", "404", ""),
        (request("POST", "/missing/7"), "POST /missing/{id}", "405", ""),
        (request("GET", "/broken"), "GET /broken", "500", "500"),
        (request("BREW", "/users/7"), "_OTHER /users/{id}", "200", ""),
        (request("GET", "/pending"), "GET /pending", "", "cancelled"),
        (request("GET", "/body/pending"), "GET /body/pending", "200", "cancelled"),
        (request("GET", "/error"), "GET /error", "", "service_error"),
        (request("GET", "/panic"), "GET /panic", "", "panic"),
        (request("GET", "/body/error"), "GET /body/error", "200", "body_error"),
        (request("GET", "/body/panic"), "GET /body/panic", "200", "panic"),
    ];
    for (request, name, status, error) in cases {
        let recorder = Recorder::new();
        recorder.record(|| run(app(Metrics::new()), request));
        let (method, route) = name.split_once(' ').expect("two words");
        assert_eq!(counts(&recorder), [(series(method, route, status, error), 1)], "{name}");
        assert_eq!(recorder.told().counts(semconv::RPC_SERVER_CALL_DURATION), [], "{name}");
    }
}

#[test]
fn a_time_out_is_an_error_of_its_own() {
    let error = |error: Box<dyn Error + Send + Sync>| error;
    let cases = [
        (error(Box::new(Elapsed::new())), "timeout"),
        (io::Error::new(io::ErrorKind::TimedOut, "the store is slow").into(), "timeout"),
        (io::Error::other(Box::new(Elapsed::new())).into(), "timeout"),
        ("the time is up".into(), "service_error"),
    ];
    for (error, told) in cases {
        let text = error.to_string();
        let mut error = Some(error);
        let service = service_fn(move |_: Request<Body>| {
            let error = error.take().expect("it is called once");
            async { Err::<Response<Body>, _>(error) }
        });
        let recorder = Recorder::new();
        recorder.record(|| run(Metrics::new().into_layer().layer(service), request("GET", "/")));
        assert_eq!(counts(&recorder), [(series("GET", "unmatched", "", told), 1)], "{text}");
    }
}

#[test]
fn a_grpc_call_is_measured_as_that_and_as_nothing_else() {
    // The request, then the method, the status, and the error; "" is no label.
    let cases = [
        (rpc("Hello"), "pkg.Greeter/Hello", "OK", ""),
        (rpc("Crash"), "pkg.Greeter/Crash", "INTERNAL", "INTERNAL"),
        (rpc("Find"), "pkg.Greeter/Find", "NOT_FOUND", ""),
        (rpc("Invented"), "_OTHER", "UNIMPLEMENTED", "UNIMPLEMENTED"),
    ];
    for (request, method, status, error) in cases {
        let recorder = Recorder::new();
        recorder.record(|| run(app(Metrics::new()), request));
        let told = recorder.told();
        let counts = told.counts(semconv::RPC_SERVER_CALL_DURATION);
        assert_eq!(counts, [(call(method, status, error), 1)], "{method}");
        assert!(told.histograms.keys().all(|name| name.starts_with("rpc_")), "{:?}", told.histograms.keys());
    }
    // A gRPC request that something else answers is no call.
    let recorder = Recorder::new();
    let mut request = request("POST", "/pkg.Other/Method");
    request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    recorder.record(|| run(app(Metrics::new()), request));
    assert_eq!(counts(&recorder), [(series("POST", "unmatched", "404", ""), 1)]);
}

#[test]
fn series_of_one_route_are_told_apart() {
    let app = app(Metrics::new());
    let recorder = Recorder::new();
    for _ in ["they are made", "they are found"] {
        for mut request in [
            request("GET", "/users/7"),
            request("HEAD", "/users/7"),
            request("BREW", "/users/7"),
            request("GET", "/missing/7"),
            request("GET", "/broken"),
            request("GET", "/pending"),
            request("GET", "/body/pending"),
            request("GET", "/error"),
            request("GET", "/panic"),
            request("GET", "/body/error"),
            request("GET", "/body/panic"),
            rpc("Hello"),
            rpc("Find"),
            rpc("Crash"),
            rpc("Invented"),
        ] {
            // Who comes first names it.
            RequestContext::of(request.extensions_mut()).set_endpoint(Endpoint::route("/one"));
            recorder.record(|| run(app.clone(), request));
        }
    }
    let mut expected = vec![
        (series("GET", "/one", "200", ""), 2),
        (series("HEAD", "/one", "200", ""), 2),
        (series("_OTHER", "/one", "200", ""), 2),
        (series("GET", "/one", "404", ""), 2),
        (series("GET", "/one", "500", "500"), 2),
        (series("GET", "/one", "", "cancelled"), 2),
        (series("GET", "/one", "200", "cancelled"), 2),
        (series("GET", "/one", "", "service_error"), 2),
        (series("GET", "/one", "", "panic"), 2),
        (series("GET", "/one", "200", "body_error"), 2),
        (series("GET", "/one", "200", "panic"), 2),
    ];
    expected.sort_unstable();
    assert_eq!(counts(&recorder), expected);
    let mut calls = vec![
        (call("/one", "OK", ""), 2),
        (call("/one", "NOT_FOUND", ""), 2),
        (call("/one", "INTERNAL", "INTERNAL"), 2),
        (call("/one", "UNIMPLEMENTED", "UNIMPLEMENTED"), 2),
    ];
    calls.sort_unstable();
    assert_eq!(recorder.told().counts(semconv::RPC_SERVER_CALL_DURATION), calls);
}

#[test]
fn the_scheme_is_the_targets() {
    for (uri, scheme) in [("https://example.org/users/7", "https"), ("http://example.org/users/7", "http")] {
        let recorder = Recorder::new();
        recorder.record(|| run(app(Metrics::new()), request("GET", uri)));
        let told = recorder.told();
        let (duration, active) = (told.durations.keys().next(), told.active.keys().next());
        for labels in [duration, active].map(|labels| labels.expect("it is recorded")) {
            assert!(labels.contains(&(semconv::URL_SCHEME.into(), scheme.into())), "{labels:?}");
        }
    }
}

#[test]
fn the_life_of_a_stream_is_measured_but_for_those_that_are_meant_to_live_long() {
    let cases = [
        ("a stream that is left", "GET", 200, "text/plain", Ends::Never, false),
        ("a stream that ends", "GET", 200, "text/plain", Ends::Later, false),
        ("events that are left", "GET", 200, "text/event-stream", Ends::Never, true),
        ("events that end", "GET", 200, "text/event-stream; charset=utf-8", Ends::Later, true),
        ("an upgrade", "GET", 101, "text/plain", Ends::Never, true),
        ("a tunnel", "CONNECT", 200, "text/plain", Ends::Never, true),
        ("a refused tunnel", "CONNECT", 403, "text/plain", Ends::Later, false),
    ];
    for (name, method, status, content_type, ends, only_to_head) in cases {
        let service = service_fn(|_| async move {
            let chunks = iter([Ok::<_, Infallible>("one")]);
            let body = match ends {
                Ends::Never => Body::from_stream(chunks.chain(tokio_stream::pending())),
                Ends::Later => Body::from_stream(chunks),
            };
            Response::builder().status(status).header(CONTENT_TYPE, content_type).body(body)
        });
        let service = Metrics::new().into_layer().layer(service);
        let recorder = Recorder::new();
        let to_head = recorder.record(|| {
            let before = Instant::now();
            let Poll::Ready(Ok(response)) = poll_once(pin!(service.oneshot(request(method, "/")))) else {
                unreachable!("the service answers at once");
            };
            let to_head = before.elapsed();
            // It lives for longer than its head took, however long that was.
            let head_at = Instant::now();
            while head_at.elapsed() <= to_head {
                spin_loop();
            }
            let _ = poll_once(pin!(response.into_body().collect()));
            to_head.as_secs_f64()
        });
        let measured = recorder.told().only_duration();
        assert_eq!(measured <= to_head, only_to_head, "{name}: {measured} s, of which {to_head} s to the head");
    }
}

/// When a body ends that goes on after its head.
#[derive(Clone, Copy)]
enum Ends {
    Never,
    Later,
}

fn series(method: &str, route: &str, status: &str, error: &str) -> Labels {
    labels(&[
        (semconv::HTTP_REQUEST_METHOD, method),
        (semconv::HTTP_ROUTE, route),
        (semconv::URL_SCHEME, "http"),
        (semconv::HTTP_RESPONSE_STATUS_CODE, status),
        (semconv::ERROR_TYPE, error),
    ])
}

fn call(method: &str, status: &str, error: &str) -> Labels {
    labels(&[
        (semconv::RPC_SYSTEM_NAME, "grpc"),
        (semconv::RPC_METHOD, method),
        (semconv::RPC_RESPONSE_STATUS_CODE, status),
        (semconv::ERROR_TYPE, error),
    ])
}

/// How many durations each series has.
fn counts(recorder: &Recorder) -> Vec<(Labels, usize)> {
    recorder.told().durations.into_iter().map(|(labels, values)| (labels, values.len())).collect()
}
