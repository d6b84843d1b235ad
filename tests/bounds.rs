//! What callers invent stays out: names and memory are bounded, whatever they send.

use std::{
    alloc::System,
    collections::HashSet,
    convert::Infallible,
    future::{Ready, ready},
    pin::pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use http::{Request, Response, request};
use http_body_util::Full;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use tower::{Layer, Service, service_fn};
use tower_telemetry_core::{Endpoint, Exchange, Observe, ObserveLayer, Outcome, RequestContext, RouteTable};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Room for a thousand names, and what the test itself keeps.
const SLACK: usize = 512 * 1024;

const MAX_ENDPOINTS: usize = 1000;

/// Keeps the name of each endpoint that there was.
#[derive(Clone, Default)]
struct Names(Arc<Mutex<HashSet<String>>>);

impl Observe for Names {
    type Exchange = Self;

    fn begin(&self, _: &mut request::Parts, _: &RequestContext) -> Self {
        self.clone()
    }
}

impl Exchange for Names {
    fn end(&mut self, _: &RequestContext, outcome: &Outcome<'_>) {
        let mut names = self.0.lock().expect("no panic");
        if !names.contains(outcome.endpoint().as_str()) {
            names.insert(outcome.endpoint().to_string());
        }
    }
}

/// gRPC callers are refused by an auth layer, which answers to any name; the others get a page.
fn answer(request: &Request<()>) -> Ready<Result<Response<Full<Bytes>>, Infallible>> {
    let mut response = Response::new(Full::new(Bytes::from_static(b"a page")));
    if request.headers().contains_key("content-type") {
        response.headers_mut().insert("content-type", "application/grpc".parse().expect("a value"));
        response.headers_mut().insert("grpc-status", "16".parse().expect("a value"));
    }
    ready(Ok(response))
}

/// The names that so many requests make, and by how much memory grew in the second half of them.
fn names_of(
    layer: impl FnOnce(ObserveLayer<Names>) -> ObserveLayer<Names>,
    requests: impl Iterator<Item = Request<()>>,
) -> (HashSet<String>, usize) {
    let names = Names::default();
    let mut service = layer(names.clone().into_layer()).layer(service_fn(|request: Request<()>| answer(&request)));
    let requests: Vec<_> = requests.collect();
    let half = requests.len() / 2;
    let mut at_half = 0;
    for (n, request) in requests.into_iter().enumerate() {
        if n == half {
            at_half = live_bytes();
        }
        let response = pin!(service.call(request)).poll(&mut Context::from_waker(Waker::noop()));
        assert!(matches!(response, Poll::Ready(Ok(_))));
    }
    let grown = live_bytes().saturating_sub(at_half);
    let names = names.0.lock().expect("no panic").clone();
    (names, grown)
}

fn live_bytes() -> usize {
    let stats = ALLOCATOR.stats();
    stats.bytes_allocated - stats.bytes_deallocated
}

fn request(method: &str, uri: &str) -> request::Builder {
    Request::builder().method(method).uri(uri)
}

fn finish(request: request::Builder) -> Request<()> {
    request.body(()).expect("a request")
}

// One test, since the allocator counts for the whole process.
#[test]
fn names_and_memory_are_bounded() {
    let routes = || RouteTable::new(["/users/{id}", "/files/{*path}"]).expect("good templates");
    let with_routes = |layer: ObserveLayer<Names>| layer.routes(routes());

    let paths = (0..200_000).map(|n| finish(request("GET", &format!("/nothing/{n}"))));
    let (names, grown) = names_of(with_routes, paths);
    assert_eq!(names, HashSet::from(["unmatched".to_owned()]));
    assert!(grown < SLACK, "{grown}");

    let matched = (0..10_000).map(|n| finish(request("GET", &format!("/users/{n}?{n}"))));
    let (names, _) = names_of(with_routes, matched);
    assert_eq!(names, HashSet::from(["/users/{id}".to_owned()]));

    let methods = (0..10_000).map(|n| finish(request(&format!("X{n}"), "/users/1")));
    let (names, grown) = names_of(with_routes, methods);
    assert_eq!(names, HashSet::from(["/users/{id}".to_owned()]));
    assert!(grown < SLACK, "{grown}");

    let hosts = (0..10_000).map(|n| finish(request("GET", "/files/a/b").header("host", format!("h{n}.example"))));
    let (names, grown) = names_of(with_routes, hosts);
    assert_eq!(names, HashSet::from(["/files/{*path}".to_owned()]));
    assert!(grown < SLACK, "{grown}");

    let rpcs = || {
        (0..50_000).map(|n| finish(request("POST", &format!("/s{n}.S/M")).header("content-type", "application/grpc")))
    };
    let (names, grown) = names_of(|layer| layer, rpcs());
    assert_eq!(names.len(), MAX_ENDPOINTS + 1);
    assert!(names.contains("overflow") && grown < SLACK, "{grown}");
    let (names, _) = names_of(|layer| layer.max_endpoints(10), rpcs());
    assert_eq!(names.len(), 11);

    let by_path = |layer: ObserveLayer<Names>| layer.name_by(|head| Some(Endpoint::route(head.uri.path())));
    let (names, grown) = names_of(by_path, (0..50_000).map(|n| finish(request("GET", &format!("/{n}")))));
    assert_eq!(names.len(), MAX_ENDPOINTS + 1);
    assert!(names.contains("overflow") && grown < SLACK, "{grown}");
}

#[test]
fn bad_templates_are_refused_by_name_and_place() {
    let cases: &[(&[&str], &[&str])] = &[
        (&["users"], &["template 1", "\"users\"", "begins with a slash"]),
        (&["/a", ""], &["template 2", "\"\"", "begins with a slash"]),
        (&["/a", "/{id"], &["template 2", "\"/{id\""]),
        (&["/{a}/{b}", "/x", "/{c}/{d}"], &["template 3", "\"/{c}/{d}\"", "/{a}/{b}"]),
        (&["/x", "/x"], &["template 2", "\"/x\""]),
        (&["/{*rest}/more"], &["template 1", "/{*rest}/more"]),
        (&["/{}"], &["template 1", "\"/{}\""]),
    ];
    for (templates, wanted) in cases {
        let error = RouteTable::new(templates.iter().copied()).expect_err("it is bad").to_string();
        for wanted in *wanted {
            assert!(error.contains(wanted), "{wanted} in {error}");
        }
    }
    RouteTable::new(["/users/{id}", "/users/me", "/users/{id}/orders", "/files/{*path}", "/"]).expect("they are good");
}
