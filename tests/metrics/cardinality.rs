//! How many series callers and services can make.

use std::convert::Infallible;

use axum::body::Body;
use http::{Request, Response, StatusCode};
use tests::app::{app, request, rpc, run};
use tower::{Layer, service_fn};
use tower_telemetry_core::{Endpoint, Observe, RequestContext, semconv};
use tower_telemetry_metrics::Metrics;

use super::fixtures::{Recorder, labels};

#[test]
fn routes_beyond_the_cap_are_one() {
    const CAP: usize = 10_000;
    let named_by_its_path = service_fn(|mut request: Request<Body>| {
        let cx = RequestContext::of(request.extensions_mut());
        cx.set_endpoint(Endpoint::route(request.uri().path()));
        async { Ok::<_, Infallible>(Response::new(Body::empty())) }
    });
    let service = Metrics::new().into_layer().max_endpoints(usize::MAX).layer(named_by_its_path);
    let recorder = Recorder::new();
    recorder.record(|| {
        for n in 0..2 * CAP {
            run(service.clone(), request("GET", &format!("/{n}")));
        }
        // A route from before the cap still has its own.
        run(service.clone(), request("GET", "/0"));
    });

    let told = recorder.told();
    let routes = told.routes();
    assert_eq!((routes.len(), routes["overflow"]), (CAP + 1, CAP));
    assert_eq!((routes["/0"], routes["/1"], routes["/9999"]), (2, 1, 1));
    assert_eq!(told.durations.len(), CAP + 1);
    assert_eq!(recorder.active().len(), 1);
}

#[test]
fn what_a_caller_invents_makes_no_series() {
    let mut random = fastrand::Rng::with_seed(1);
    let mut word = || -> String { (0..random.usize(1..20)).map(|_| random.alphanumeric()).collect() };
    let app = app(Metrics::new());
    let recorder = Recorder::new();
    recorder.record(|| {
        for _ in 0..10_000 {
            run(app.clone(), request("GET", &format!("/nothing/{}?{}={}", word(), word(), word())));
        }
        for _ in 0..1_000 {
            run(app.clone(), request("GET", &format!("/users/{}", word())));
            run(app.clone(), request("GET", &format!("http://{}.example.org/users/7", word())));
            run(app.clone(), request(&format!("X{}", word()), "/users/7"));
            run(app.clone(), rpc(&word()));
        }
    });
    let told = recorder.told();
    // Each of GET, `_OTHER` and the POST of gRPC.
    assert_eq!((told.durations.len(), told.active.len()), (3, 3), "{:?}", told.durations.keys());
    assert_eq!(told.routes().into_iter().collect::<Vec<_>>(), [("/users/{id}", 3_000), ("unmatched", 10_000)]);
    let calls: Vec<_> = told.counts(semconv::RPC_SERVER_CALL_DURATION).into_iter().map(|(_, count)| count).collect();
    assert_eq!(calls, [1_000]);
}

#[test]
fn beyond_the_cap_each_metric_has_one_series_for_a_status_and_an_error() {
    const CAP: usize = 100;
    // Callers choose the route, the label, the method, the scheme and the status.
    let service = service_fn(|mut request: Request<Body>| {
        let cx = RequestContext::of(request.extensions_mut());
        cx.set_endpoint(Endpoint::route(request.uri().path()));
        let status = request.headers()["status"].to_str().expect("it is text").parse().expect("it is a status");
        let status = StatusCode::from_u16(status).expect("it is a status");
        async move { Ok::<_, Infallible>(Response::builder().status(status).body(Body::empty()).expect("a response")) }
    });
    let metrics = Metrics::new()
        .max_series(CAP)
        .label("agent", |head| Some(head.headers.get("user-agent")?.to_str().ok()?.to_owned().into()))
        .expect("a label");
    let service = metrics.into_layer().max_endpoints(usize::MAX).layer(service);
    let recorder = Recorder::new();
    recorder.record(|| {
        let mut random = fastrand::Rng::with_seed(2);
        for n in 0..5_000 {
            let method = ["GET", "POST", "BREW", "X"][random.usize(..4)];
            let scheme = ["http", "https"][random.usize(..2)];
            let mut request = request(method, &format!("{scheme}://host{n}/{n}"));
            let mut add = |name, value: String| request.headers_mut().insert(name, value.parse().expect("a value"));
            add("user-agent", format!("agent-{n}"));
            add("status", random.u16(200..1000).to_string());
            run(service.clone(), request);
        }
    });
    let told = recorder.told();
    let (known, over): (Vec<_>, Vec<_>) = told
        .counts(semconv::HTTP_SERVER_REQUEST_DURATION)
        .into_iter()
        .partition(|(labels, _)| labels.iter().all(|(_, value)| value != "overflow"));
    assert_eq!((known.len(), known.iter().map(|(_, count)| count).sum::<usize>()), (CAP, CAP));
    assert_eq!(over.iter().map(|(_, count)| count).sum::<usize>(), 5_000 - CAP);
    // The standard statuses from 200 on, and none.
    assert!(over.len() <= 60, "{}", over.len());
    for (labels, _) in over {
        let names: Vec<_> = labels.iter().map(|(name, _)| name.as_str()).collect();
        let closed = ["agent", semconv::ERROR_TYPE, semconv::HTTP_RESPONSE_STATUS_CODE, semconv::HTTP_ROUTE];
        assert!(names.iter().all(|name| closed.contains(name)), "{labels:?}");
        assert!(labels.contains(&("agent".into(), "overflow".into())), "{labels:?}");
    }
    for (name, series) in &told.histograms {
        assert!(series.len() <= CAP + 60, "{name} has {} series", series.len());
    }
    let overflows = labels(&[(semconv::METRIC, semconv::HTTP_SERVER_REQUEST_DURATION)]);
    assert_eq!(told.counters[semconv::TELEMETRY_METRIC_OVERFLOW][&overflows], 5_000 - CAP as u64);
}
