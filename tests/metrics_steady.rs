//! A million exchanges with the process's recorder: what they allocate, what stays, and how many series they make.

use std::{
    alloc::System,
    collections::BTreeMap,
    convert::Infallible,
    future::{Ready, ready},
    sync::Barrier,
    thread,
};

use axum::{Router, body::Body, routing::any};
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tests::{
    allocated,
    app::{request, run},
};
use tower::{Layer, Service, layer::layer_fn, service_fn};
use tower_telemetry_core::{Observe, RouteTable};
use tower_telemetry_metrics::Metrics;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const ROUTES: usize = 50;
const EXCHANGES: usize = 1_000_000;

/// Of allocations, beyond those of a layer that only forwards.
const BUDGET: usize = 3;

#[test]
fn a_million_exchanges_leave_nothing_but_their_series() {
    let metrics = Metrics::new();
    let builder = metrics.buckets().into_iter().fold(PrometheusBuilder::new(), |builder, (name, bounds)| {
        builder.set_buckets_for_metric(Matcher::Full(name), &bounds).expect("there are buckets")
    });
    let recorder = builder.install_recorder().expect("there is none yet");
    // Once for all of the handles that another thread has to find the recorder for.
    let metrics = metrics.max_series(100_000);
    let statuses: Vec<_> = (200..600).filter(|&status| is_standard(status)).collect();

    let templates = RouteTable::new((0..ROUTES).map(|route| format!("/r{route}/{{status}}"))).expect("good templates");
    let service = metrics.clone().into_layer().routes(templates).layer(service_fn(answer));
    let requests: Vec<_> = (0..ROUTES)
        .flat_map(|route| {
            statuses.iter().map(move |status| request("GET", &format!("/r{route}/{status}")).into_parts().0)
        })
        .collect();
    let round = || {
        for head in &requests {
            run(service.clone(), Request::from_parts(head.clone(), Body::empty()));
        }
    };
    let upkeep = || recorder.run_upkeep();
    let of_a_round = ROUTES * statuses.len();
    round();
    upkeep();
    round();
    upkeep();
    let region = Region::new(ALLOCATOR);
    // Two at once, as a server does it.
    let rounds = EXCHANGES.div_ceil(of_a_round).next_multiple_of(2);
    // metrics-util's buckets lose what is pushed at the very moment of a drain, so they take turns.
    let turn = Barrier::new(2);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..rounds / 2 {
                    round();
                    if turn.wait().is_leader() {
                        upkeep();
                    }
                    turn.wait();
                }
            });
        }
    });
    let change = region.change();
    let kept = change.bytes_allocated.cast_signed() - change.bytes_deallocated.cast_signed();
    assert!(kept.abs() < 1024 * 1024, "{kept} bytes were kept");

    let page = recorder.render();
    let counted = series(&page);
    let total = (rounds + 2) * of_a_round;
    for name in
        ["request_duration_seconds", "time_to_head_seconds", "request_body_size_bytes", "response_body_size_bytes"]
    {
        let name = format!("http_server_{name}_count");
        let (count, sum) = counted[name.as_str()];
        #[expect(clippy::cast_precision_loss, reason = "there are not so many")]
        let total = total as f64;
        assert_eq!((count, sum), (of_a_round, total), "{name}");
    }
    assert_eq!(counted["http_server_active_requests"], (1, 0.0));
    // Each histogram has its buckets, the infinite one, a sum and a count; besides there is the gauge.
    let lines = of_a_round * (2 * (14 + 3) + 2 * (11 + 3)) + 1;
    assert_eq!(page.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).count(), lines);

    budget(&recorder, metrics);
}

/// What a known series costs.
fn budget(recorder: &PrometheusHandle, metrics: Metrics) {
    let identity = routes().layer(layer_fn(Identity)).with_state(());
    let measured = routes().layer(metrics.into_layer()).with_state(());
    let (identity, measured) = (allocations(&identity, recorder), allocations(&measured, recorder));
    assert!(measured <= identity + BUDGET, "{measured} allocations, and {identity} with a layer that only forwards");
}

/// The median of many requests.
fn allocations(app: &Router, recorder: &PrometheusHandle) -> usize {
    let mut counts: Vec<_> = (0..1_001)
        .map(|_| {
            let (app, request) = (app.clone(), request("GET", "/r1/200"));
            let region = Region::new(ALLOCATOR);
            run(app, request);
            allocated(&region)
        })
        .collect();
    recorder.run_upkeep();
    counts.sort_unstable();
    counts[counts.len() / 2]
}

fn routes() -> Router {
    Router::new().route("/r1/{status}", any(async || "hello"))
}

/// The status at the end of the path.
fn answer(request: Request<Body>) -> Ready<Result<Response<Full<Bytes>>, Infallible>> {
    let (head, _) = request.into_parts();
    let status = head.uri.path().rsplit('/').next().and_then(|status| status.parse().ok());
    let mut response = Response::new(Full::new(Bytes::from_static(b"hello")));
    *response.status_mut() = status.expect("it is a status");
    ready(Ok(response))
}

fn is_standard(status: u16) -> bool {
    StatusCode::from_u16(status).is_ok_and(|status| status.canonical_reason().is_some())
}

/// How many series each name has, and their sum.
fn series(page: &str) -> BTreeMap<&str, (usize, f64)> {
    let mut series = BTreeMap::<_, (usize, f64)>::new();
    for line in page.lines().filter(|line| !line.starts_with('#')) {
        let Some((name, rest)) = line.split_once('{') else { continue };
        let value: f64 = rest.rsplit(' ').next().and_then(|value| value.parse().ok()).expect("a number");
        let (count, sum) = series.entry(name).or_default();
        *count += 1;
        *sum += value;
    }
    series
}

#[derive(Clone)]
struct Identity<S>(S);

impl<S: Service<Request<Body>, Error = Infallible>> Service<Request<Body>> for Identity<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Self::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        self.0.call(request)
    }
}
