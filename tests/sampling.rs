//! What `Sampling` decides: who is excluded, and who is traced.

use std::{cell::Cell, convert::Infallible, pin::pin, task::Poll};

use bytes::Bytes;
use http::{Extensions, Request, Response, Uri};
use http_body_util::Full;
use metrics_util::debugging::DebuggingRecorder;
use tests::{app::poll_once, spans::Spans};
use tower::{Layer, ServiceExt, service_fn};
use tower_telemetry_core::{
    Decision, Observe, Parent, Reason, RequestContext, RequestHead, SpanId, TraceContext, TraceId,
};
use tower_telemetry_metrics::Metrics;
use tower_telemetry_sampling::Sampling;
use tower_telemetry_trace::Trace;

mod sampling {
    mod file;
    mod limits;
    mod line;
    mod rules;
    mod upstream;
}

const EXCLUDED: [&str; 34] = [
    "/health",
    "/health/",
    "/health?verbose=1",
    "https://example.org/health",
    "/healthz",
    "/health/live",
    "/health/ready",
    "/live",
    "/livez",
    "/liveness",
    "/ready",
    "/readyz",
    "/readiness",
    "/ping",
    "/-/healthy",
    "/-/ready",
    "/metrics",
    "/metrics/",
    "/docs",
    "/docs/",
    "/docs/index.html",
    "/redoc",
    "/swagger",
    "/swagger-ui/index.html",
    "/api-docs/openapi.json",
    "/openapi.json",
    "/openapi.yaml",
    "/favicon.ico",
    "/robots.txt",
    "/grpc.health.v1.Health/Check",
    "/grpc.health.v1.Health/Watch",
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
    "/docs/a/b?c=d",
];

const NEARLY: [&str; 24] = [
    "/",
    "//",
    "*",
    // A CONNECT's target, whose path is empty.
    "example.org:443",
    "/?/health",
    "/healthcare/patients",
    "/health/records",
    "/health//",
    "//health",
    "/Health",
    "/health%2f",
    "/%68ealth",
    "/health;v=1",
    "/health/../admin",
    "/api/health",
    "/ping-pong",
    "/metrics2",
    "/metrics/7",
    "/documents",
    "/docs2/index.html",
    "/openapi.json.bak",
    "/grpc.health.v1.Healthcare/Check",
    "/grpc.health.v2.Health/Check",
    "/my.grpc.health.v1.Health/Check",
];

#[test]
fn machines_endpoints_are_excluded_and_what_looks_like_them_is_not() {
    let standard = Sampling::new();
    for path in EXCLUDED {
        assert!(!admits(&standard, path), "{path:?}");
    }
    for path in NEARLY {
        assert!(admits(&standard, path), "{path:?}");
    }
    let nothing = Sampling::new().exclusions([""; 0]).expect("no rule is wrong");
    for path in EXCLUDED.iter().chain(&NEARLY) {
        assert!(admits(&nothing, path), "{path:?}");
    }
}

#[test]
fn an_excluded_exchange_leaves_nothing_behind() {
    let standard = Sampling::new();
    let nothing = Sampling::new().exclusions([""; 0]).expect("no rule is wrong");
    for (sampling, path, traces) in [(&standard, "/health", 0), (&standard, "/healthcare", 1), (&nothing, "/health", 1)]
    {
        let spans = Spans::keep();
        let recorder = DebuggingRecorder::new();
        let contexts = Cell::new(0);
        let service = service_fn(|request: Request<()>| {
            contexts.update(|contexts| contexts + usize::from(request.extensions().get::<RequestContext>().is_some()));
            async { Ok::<_, Infallible>(Response::new(Full::new(Bytes::from("hello")))) }
        });
        let layer = (sampling.clone(), Trace::new(), Metrics::new()).into_layer();
        let request = Request::get(path).header("x-request-id", "request-1").body(()).expect("a request");
        metrics::with_local_recorder(&recorder, || {
            let Poll::Ready(Ok(response)) = poll_once(pin!(layer.layer(service).oneshot(request))) else {
                unreachable!("the service is ready, and cannot fail");
            };
            assert_eq!(response.headers().contains_key("x-request-id"), traces == 1, "{path}");
        });
        assert_eq!(contexts.get(), traces, "{path}");
        assert_eq!(spans.spans().len(), traces, "{path}");
        assert_eq!(spans.events("tower_telemetry::access").len(), traces, "{path}");
        // A gauge, three histograms (the request's body is not watched) and a counter of decisions.
        assert_eq!(recorder.snapshotter().snapshot().into_vec().len(), 5 * traces, "{path}");
    }
}

#[test]
fn a_rate_is_a_number_from_0_to_1() {
    for rate in [0.0, 0.001, 0.5, 1.0] {
        assert!(Sampling::new().rate(rate).is_ok(), "{rate}");
    }
    for (rate, held) in [
        (f64::NAN, "NaN"),
        (-0.1, "-0.1"),
        (1.1, "1.1"),
        (100.0, "100"),
        (f64::INFINITY, "inf"),
        (f64::NEG_INFINITY, "-inf"),
    ] {
        let error = Sampling::new().rate(rate).expect_err("no rate").to_string();
        let expected = format!(r#"the sampling rate was given as "{held}", but it may be a number from 0 to 1"#);
        assert_eq!(error, expected);
    }
}

#[test]
fn the_rate_is_kept_and_a_higher_one_keeps_the_same_and_more() {
    const TRACES: u32 = 1_000_000;
    // The generator of our own ids, seeded for this thread.
    fastrand::seed(1);
    let rates = [0.0, 0.001, 0.1, 0.5, 1.0];
    let samplings = rates.map(|rate| Sampling::new().rate(rate).expect("a rate"));
    let mut kept = [0_u32; 5];
    for _ in 0..TRACES {
        let trace = TraceContext::root();
        let sampled = samplings.each_ref().map(|sampling| decide(sampling, &trace).sampled);
        assert!(sampled.is_sorted(), "{trace:?} is kept by a rate but not by a higher one: {sampled:?}");
        for (kept, sampled) in kept.iter_mut().zip(sampled) {
            *kept += u32::from(sampled);
        }
    }
    for (rate, kept) in rates.into_iter().zip(kept) {
        let expected = rate * f64::from(TRACES);
        let standard_error = (expected * (1.0 - rate)).sqrt();
        let off = (f64::from(kept) - expected).abs();
        // So it is none at all at 0, and all at 1.
        assert!(off <= 4.0 * standard_error, "{kept} of {TRACES} at {rate}");
    }
}

#[test]
fn only_the_random_part_of_an_id_decides() {
    // The W3C asks for randomness in the last seven bytes only.
    let half = Sampling::new().rate(0.5).expect("a rate");
    for (low, sampled) in [("7fffffffffffff", true), ("80000000000000", false), ("00000000000000", true)] {
        for high in ["000000000000000001", "ffffffffffffffffff"] {
            let id = TraceId::parse(&format!("{high}{low}")).expect("an id");
            assert_eq!(decide(&half, &called(id, None)).sampled, sampled, "{id}");
        }
    }
}

#[test]
fn a_caller_may_ask_for_less_and_not_for_more() {
    let (low, high) = ("00000000000000000000000000000001", "000000000000000000ffffffffffffff");
    for (rate, id, caller, sampled, reason) in [
        (1.0, low, Some(false), false, Reason::Caller),
        (0.5, low, Some(false), false, Reason::Caller),
        (0.0, low, Some(false), false, Reason::Caller),
        (0.0, low, Some(true), false, Reason::Rate),
        (0.5, high, Some(true), false, Reason::Rate),
        (0.5, low, Some(true), true, Reason::Rate),
        (1.0, high, Some(true), true, Reason::Rate),
        (0.5, high, None, false, Reason::Rate),
        (0.5, low, None, true, Reason::Rate),
    ] {
        let sampling = Sampling::new().rate(rate).expect("a rate");
        let trace = called(TraceId::parse(id).expect("an id"), caller);
        assert_eq!(decide(&sampling, &trace), Decision::new(sampled, rate, reason), "{rate} {trace:?}");
    }
}

#[test]
fn the_first_decision_stands() {
    let (mut head, ()) = Request::new(()).into_parts();
    let cx = RequestContext::of(&mut head.extensions);
    Sampling::new().rate(0.0).expect("a rate").begin(&mut head, &cx);
    Sampling::new().begin(&mut head, &cx);
    assert_eq!(cx.decision(), Some(&Decision::new(false, 0.0, Reason::Rate)));
    assert!(cx.trace().is_some(), "whose id has decided");
}

fn admits(sampling: &Sampling, target: &str) -> bool {
    let (mut head, ()) = Request::new(()).into_parts();
    head.uri = target.parse::<Uri>().expect("a target");
    sampling.admits(&RequestHead::of(&head))
}

/// A trace that came from a caller.
fn called(trace_id: TraceId, sampled: Option<bool>) -> TraceContext {
    TraceContext::child(trace_id, Parent::new(SpanId::random(), sampled), None)
}

fn decide(sampling: &Sampling, trace: &TraceContext) -> Decision {
    let (mut head, ()) = Request::new(()).into_parts();
    let cx = RequestContext::of(&mut Extensions::new());
    cx.trace_or_init(|| trace.clone());
    sampling.begin(&mut head, &cx);
    *cx.decision().expect("it has been made")
}
