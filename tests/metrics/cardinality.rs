//! How many series callers and services can make.

use std::convert::Infallible;

use axum::body::Body;
use http::{Request, Response};
use tests::app::{app, request, rpc, run};
use tower::{Layer, service_fn};
use tower_telemetry_core::{Endpoint, Observe, RequestContext};
use tower_telemetry_metrics::Metrics;

use super::fixtures::Recorder;

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
    assert_eq!((told.durations.len(), told.active.len()), (4, 3), "{:?}", told.durations.keys());
    assert_eq!(told.routes().into_iter().collect::<Vec<_>>(), [("/users/{id}", 3_000), ("unmatched", 11_000)]);
}
