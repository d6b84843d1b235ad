//! What the whole of it allocates, beyond a layer that only forwards, on each host. In a process of its own, since the allocator
//! counts for all of one.

use std::{
    alloc::System,
    convert::Infallible,
    future::{Ready, pending, ready},
    sync::Arc,
};

use axum::{
    Router,
    body::Body,
    response::{IntoResponse, Response},
    routing::{any, get},
};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, header::CONTENT_TYPE};
use http_body::Frame;
use http_body_util::{Full, StreamBody};
use sentry::Hub;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tests::{
    Nowhere, allocated,
    app::{poll_once, request, rpc, run},
};
use tokio_stream::iter;
use tonic::service::Routes;
use tower::{Layer, Service, layer::util::Identity, service_fn};
use tower_telemetry::{
    Telemetry, TelemetryLayer, User, UserSource, Users,
    core::RouteTable,
    sampling::{Rule, Sampling},
};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Of allocations.
struct Budget {
    excluded: usize,
    not_sampled: usize,
    sampled: usize,
}

// The one of an excluded request is axum's box around a body of another type.
const AXUM: Budget = Budget { excluded: 1, not_sampled: 14, sampled: 71 };
const HYPER: Budget = Budget { excluded: 0, not_sampled: 16, sampled: 73 };
const TONIC: Budget = Budget { excluded: 0, not_sampled: 13, sampled: 72 };

/// What an exchange in flight holds beyond what it holds without us.
struct Held {
    allocations: usize,
    bytes: usize,
}

const IN_FLIGHT: Held = Held { allocations: 15, bytes: 3_500 };

/// How many are in flight when that is measured.
const EXCHANGES: usize = 100;

// One test, since the allocator counts for the whole process.
#[test]
fn the_whole_of_it_keeps_to_its_budget() {
    let (off, on) = (telemetry(0.0), telemetry(1.0));
    axum(&off, &on);
    hyper(&off, &on);
    tonic(&off, &on);
    in_flight(&off, &on);
}

/// The telemetry, with the hub that its client is bound to.
struct Monitoring {
    telemetry: Telemetry,
    hub: Arc<Hub>,
}

fn telemetry(rate: f64) -> Monitoring {
    let rules = [Rule::trace("POST /orders"), Rule::rate("/search/**", 0.01), Rule::exclude("/internal/**")];
    let sampling = Sampling::new().rules(rules).expect("the rules are good");
    let users = Users::new().sources([UserSource::extension::<Account>()]);
    let builder = Telemetry::builder().sampling(sampling).users(users).transport(Nowhere);
    let builder = builder.traces_sample_rate(rate).expect("a rate").dsn("https://key@sentry.example/1").expect("a DSN");
    let hub = Arc::new(Hub::new(None, Arc::default()));
    let telemetry = Hub::run(hub.clone(), || builder.build()).expect("nothing is wrong with it");
    Monitoring { telemetry, hub }
}

fn axum(off: &Monitoring, on: &Monitoring) {
    let app = || Router::new().route("/users/{id}", get(|| async { "ada" })).route("/health", get(|| async { "ok" }));
    let bare: Router = app().layer(Identity::new()).with_state(());
    let observed = |layer: TelemetryLayer| -> Router { app().layer(layer).with_state(()) };
    keeps_to("axum", &AXUM, &bare, observed, [off, on], [|| request("GET", "/health"), || request("GET", "/users/42")]);
}

fn hyper(off: &Monitoring, on: &Monitoring) {
    let observed = |layer: TelemetryLayer| {
        layer.routes(RouteTable::new(["/users/{id}"]).expect("a template")).layer(service_fn(answer))
    };
    let bare = service_fn(answer);
    keeps_to(
        "hyper",
        &HYPER,
        &bare,
        observed,
        [off, on],
        [|| request("GET", "/health"), || request("GET", "/users/42")],
    );
}

fn tonic(off: &Monitoring, on: &Monitoring) {
    let routes = || {
        let router = Router::new()
            .route("/pkg.Greeter/{method}", any(|| async { greeting() }))
            .route("/grpc.health.v1.Health/{method}", any(|| async { greeting() }));
        Routes::from(router).prepare()
    };
    let bare = routes();
    let observed = |layer: TelemetryLayer| layer.layer(routes());
    let health = || {
        let mut health = rpc("Check");
        *health.uri_mut() = "/grpc.health.v1.Health/Check".parse().expect("a URI");
        health
    };
    keeps_to("tonic", &TONIC, &bare, observed, [off, on], [health, || rpc("Hello")]);
}

/// What the first of the requests, which is excluded, and the other, by the one that samples nothing and by the one that samples
/// all, allocate beyond the bare service.
fn keeps_to<S, O, B, C>(
    host: &str,
    budget: &Budget,
    bare: &S,
    observed: impl Fn(TelemetryLayer) -> O,
    [off, on]: [&Monitoring; 2],
    [excluded, asked]: [fn() -> Request<Body>; 2],
) where
    S: Service<Request<Body>, Response = http::Response<B>> + Clone,
    O: Service<Request<Body>, Response = http::Response<C>> + Clone,
    B: http_body::Body,
    C: http_body::Body,
{
    let over = |monitoring: &Monitoring, request: fn() -> Request<Body>| {
        let service = observed(monitoring.telemetry.layer());
        let bare = allocations(bare, request);
        Hub::run(monitoring.hub.clone(), || allocations(&service, request)) - bare
    };
    let cases = [
        ("excluded", over(on, excluded), budget.excluded),
        ("not sampled", over(off, asked), budget.not_sampled),
        ("sampled", over(on, asked), budget.sampled),
    ];
    for (case, allocations, budget) in cases {
        assert!(allocations <= budget, "{host}, {case}: {allocations} allocations, and not {budget}");
    }
}

/// The median of many requests.
fn allocations<S, B>(service: &S, request: fn() -> Request<Body>) -> usize
where
    S: Service<Request<Body>, Response = http::Response<B>> + Clone,
    B: http_body::Body,
{
    let mut counts: Vec<_> = (0..501)
        .map(|_| {
            let (service, request) = (service.clone(), logged_in(request()));
            let region = Region::new(ALLOCATOR);
            run(service, request);
            allocated(&region)
        })
        .collect();
    counts.sort_unstable();
    counts[counts.len() / 2]
}

/// Exchanges whose handler waits, and such whose body nobody reads.
fn in_flight(off: &Monitoring, on: &Monitoring) {
    let app =
        || Router::new().route("/waiting/{id}", get(pending::<()>)).route("/unread/{id}", get(|| async { "ada" }));
    let bare: Router = app().layer(Identity::new()).with_state(());
    for monitoring in [off, on] {
        let observed: Router = app().layer(monitoring.telemetry.layer()).with_state(());
        for path in ["/waiting/42", "/unread/42"] {
            let bare = held(&bare, path);
            let held = Hub::run(monitoring.hub.clone(), || held(&observed, path));
            let (allocations, bytes) = (held.allocations - bare.allocations, held.bytes - bare.bytes);
            assert!(allocations <= IN_FLIGHT.allocations, "{path}: {allocations} allocations are held");
            assert!(bytes <= IN_FLIGHT.bytes, "{path}: {bytes} bytes are held");
        }
    }
}

/// What an exchange holds, of so many at once.
fn held(app: &Router, path: &str) -> Held {
    let hold = || {
        let mut exchanges = Vec::with_capacity(EXCHANGES);
        let region = Region::new(ALLOCATOR);
        for _ in 0..EXCHANGES {
            let (mut app, request) = (app.clone(), logged_in(request("GET", path)));
            let mut exchange = Box::pin(async move {
                let response = app.call(request).await;
                pending::<()>().await;
                drop(response);
            });
            assert!(poll_once(exchange.as_mut()).is_pending());
            exchanges.push(exchange);
        }
        let change = region.change();
        Held {
            allocations: (change.allocations - change.deallocations) / EXCHANGES,
            bytes: (change.bytes_allocated - change.bytes_deallocated) / EXCHANGES,
        }
    };
    // The first fills caches.
    hold();
    hold()
}

fn logged_in(mut request: Request<Body>) -> Request<Body> {
    request.extensions_mut().insert(Account(7));
    request
}

fn answer(_: Request<Body>) -> Ready<Result<http::Response<Full<Bytes>>, Infallible>> {
    ready(Ok(http::Response::new(Full::new(Bytes::from_static(b"ada")))))
}

fn greeting() -> Response {
    let trailers = HeaderMap::from_iter([("grpc-status".parse().expect("a name"), HeaderValue::from_static("0"))]);
    let frames = [Frame::data(Bytes::from_static(b"\0\0\0\0\0")), Frame::trailers(trailers)];
    let body = Body::new(StreamBody::new(iter(frames.map(Ok::<_, Infallible>))));
    ([(CONTENT_TYPE, "application/grpc")], body).into_response()
}

/// Who an auth layer says it is.
#[derive(Clone)]
struct Account(u64);

impl From<&Account> for User {
    fn from(account: &Account) -> Self {
        Self::new(account.0)
    }
}
