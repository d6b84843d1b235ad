//! Where the layer stands in an axum application: each position has its own view of the routes, and all of them are alike on
//! the wire.

use std::convert::Infallible;

use axum::{
    Router,
    body::Body,
    extract::{MatchedPath, Request},
    response::{IntoResponse, Response},
    routing::{MethodRouter, any, get},
};
use bytes::Bytes;
use http::{Method, StatusCode};
use tests::probe::{Ended, Probe, Stage};
use tower::{Layer, Service, ServiceExt, util::BoxCloneService};
use tower_telemetry_core::ObserveLayer;

use super::{
    hosts::{Server, ends, only_end},
    http2::{self, Got},
    wire::Wire,
};

const ITEM: &str = "/items/{id}";
const UNMATCHED: &str = "unmatched";

/// A layer that observes nothing, and tells those around it which route was matched.
fn tap() -> ObserveLayer<()> {
    ObserveLayer::new(())
}

fn item() -> MethodRouter {
    get(async || "hello").post(async |body: Bytes| body)
}

fn items() -> Router {
    Router::new().route(ITEM, item())
}

async fn missing() -> impl IntoResponse {
    (StatusCode::NOT_FOUND, "nothing")
}

/// The application, each of whose inner routers `part` may change.
fn app(part: impl Fn(Router) -> Router) -> Router {
    items()
        .nest("/api", part(items().nest("/v1", items())))
        .nest("/shop", part(items().fallback(missing)))
        .nest_service("/files", part(items()))
        .fallback(missing)
}

struct Case {
    method: Method,
    path: &'static str,
    body: &'static str,
    status: u16,
    bytes: u64,
    /// The route that the whole application's router matches.
    route: &'static str,
    /// What is matched in the inner router that the request comes to, if it comes to one.
    inner: Option<&'static str>,
    /// Whether the outer router has a route for it, if only to another service.
    routed: bool,
}

/// A request for an item of the outer router.
fn own(method: Method, path: &'static str, status: u16, bytes: u64) -> Case {
    Case { method, path, body: "", status, bytes, route: ITEM, inner: None, routed: true }
}

/// A request that inner routers know by this route, as the outer one does.
fn nested(method: Method, path: &'static str, status: u16, bytes: u64, route: &'static str) -> Case {
    Case { route, inner: Some(route), ..own(method, path, status, bytes) }
}

fn cases() -> Vec<Case> {
    let lost = |path, bytes| Case { route: UNMATCHED, routed: false, ..own(Method::GET, path, 404, bytes) };
    // The outer router has a name of its own for all that is in there.
    let service = |case: Case| Case { route: UNMATCHED, ..case };
    vec![
        own(Method::GET, "/items/7", 200, 5),
        own(Method::GET, "/items/7?token=secret", 200, 5),
        own(Method::HEAD, "/items/7", 200, 0),
        Case { body: "ping", ..own(Method::POST, "/items/7", 200, 4) },
        own(Method::DELETE, "/items/7", 405, 0),
        nested(Method::GET, "/api/items/7", 200, 5, "/api/items/{id}"),
        Case { body: "ping", ..nested(Method::POST, "/api/items/7", 200, 4, "/api/items/{id}") },
        nested(Method::DELETE, "/api/items/7", 405, 0, "/api/items/{id}"),
        nested(Method::GET, "/api/v1/items/7", 200, 5, "/api/v1/items/{id}"),
        nested(Method::GET, "/shop/items/7", 200, 5, "/shop/items/{id}"),
        service(nested(Method::GET, "/files/items/7", 200, 5, "/files/items/{id}")),
        service(Case { body: "ping", ..nested(Method::POST, "/files/items/7", 200, 4, "/files/items/{id}") }),
        service(nested(Method::DELETE, "/files/items/7", 405, 0, "/files/items/{id}")),
        service(nested(Method::GET, "/files/nothing/7", 404, 0, UNMATCHED)),
        nested(Method::GET, "/files", 404, 0, "/files"),
        // An inner router without a fallback leaves it to the outer one's.
        lost("/api/nothing/7", 7),
        Case { inner: Some(UNMATCHED), ..lost("/shop/nothing/7", 7) },
        Case { inner: Some(UNMATCHED), ..lost("/shop", 7) },
        lost("/nothing/7", 7),
        lost("/", 7),
        lost("/nothing/{id}", 7),
    ]
}

/// Whatever axum can serve.
type App = BoxCloneService<Request, Response, Infallible>;

struct Position {
    name: &'static str,
    app: fn(&Probe) -> App,
    sees: Sees,
}

/// The endpoint as each observer sees it.
type Sees = fn(&Case) -> Vec<&'static str>;

const POSITIONS: &[Position] = &[
    Position {
        name: "Router::layer",
        app: |probe| boxed(app(whole).layer(probe.layer())),
        sees: |case| vec![case.route],
    },
    Position {
        name: "Router::route_layer",
        app: |probe| boxed(app(whole).route_layer(probe.layer())),
        sees: |case| if case.routed { vec![case.route] } else { vec![] },
    },
    Position { name: "around the router", app: |probe| around(probe, app(whole)), sees: |_| vec![UNMATCHED] },
    Position {
        name: "around the router, as another's fallback",
        app: |probe| boxed(Router::new().fallback_service(probe.layer().layer(app(whole)))),
        sees: |_| vec![UNMATCHED],
    },
    Position {
        name: "around the router, with a tap on it",
        app: |probe| around(probe, app(whole).layer(tap())),
        sees: |case| vec![case.route],
    },
    Position {
        name: "around the router, with a tap on its routes",
        app: |probe| around(probe, app(whole).route_layer(tap())),
        sees: |case| vec![case.route],
    },
    Position {
        name: "around the router, with a tap on each inner one",
        app: |probe| around(probe, app(|part| part.layer(tap()))),
        sees: |case| vec![case.inner.unwrap_or(UNMATCHED)],
    },
    Position {
        name: "around the router, with a tap on it and on each inner one",
        app: |probe| around(probe, app(|part| part.layer(tap())).layer(tap())),
        sees: |case| vec![innermost(case)],
    },
    Position {
        name: "Router::layer, with a tap on each inner one",
        app: |probe| boxed(app(|part| part.layer(tap())).layer(probe.layer())),
        sees: |case| vec![innermost(case)],
    },
    Position {
        name: "on each inner router",
        app: |probe| boxed(app(|part| part.layer(probe.layer()))),
        sees: |case| case.inner.into_iter().collect(),
    },
    Position {
        name: "on a method router",
        app: |probe| boxed(Router::new().route(ITEM, item().layer(probe.layer())).fallback_service(app(whole))),
        sees: |case| if case.path.starts_with("/items") { vec![case.route] } else { vec![] },
    },
    Position {
        name: "twice on the router",
        app: |probe| boxed(app(whole).layer(probe.layer()).layer(probe.beside("outer").layer())),
        sees: |case| vec![case.route; 2],
    },
    Position {
        name: "on the router and around it",
        app: |probe| around(&probe.beside("outer"), app(whole).layer(probe.layer())),
        sees: |case| vec![case.route; 2],
    },
    Position {
        name: "twice around the router, with a tap on it",
        app: |probe| around(&probe.beside("outer"), around(probe, app(whole).layer(tap()))),
        sees: |case| vec![case.route; 2],
    },
    Position {
        name: "on each inner router and around the whole",
        app: |probe| around(&probe.beside("outer"), app(|part| part.layer(probe.layer()))),
        sees: |case| case.inner.map_or(vec![UNMATCHED], |route| vec![route; 2]),
    },
];

fn whole(router: Router) -> Router {
    router
}

/// What is matched by whichever router comes last.
fn innermost(case: &Case) -> &'static str {
    case.inner.unwrap_or(case.route)
}

fn boxed(router: Router) -> App {
    BoxCloneService::new(router)
}

fn around<S>(probe: &Probe, inner: S) -> App
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    // axum serves no body but its own.
    let own_body = |response: http::Response<_>| response.map(Body::new);
    BoxCloneService::new(probe.layer().layer(inner).map_response(own_body))
}

#[derive(Clone, Copy, Debug)]
enum Version {
    Http1,
    Http2,
}

/// All cases on one connection, one after the other: what the client gets for each. With an observer, none begins before it
/// has seen the end of the last.
async fn talk(version: Version, server: Server, observed: Option<(&Probe, Sees)>) -> Vec<String> {
    let mut wire = match version {
        Version::Http1 => Client::Http1(Wire::connect(server.address).await),
        Version::Http2 => Client::Http2(http2::connect(server.address).await),
    };
    let (mut replies, mut exchanges) = (Vec::new(), 0);
    for case in cases() {
        replies.push(wire.ask(&case).await);
        if let Some((probe, sees)) = observed {
            exchanges += sees(&case).len();
            probe.log().wait_for(Stage::End, exchanges).await;
        }
    }
    drop(wire);
    server.stop().await;
    replies
}

enum Client {
    Http1(Wire),
    Http2(http2::Client),
}

impl Client {
    async fn ask(&mut self, Case { method, path, body, .. }: &Case) -> String {
        match self {
            Self::Http1(wire) => {
                let length = body.len();
                wire.send(format!("{method} {path} HTTP/1.1\r\nhost: here\r\ncontent-length: {length}\r\n\r\n{body}"))
                    .await;
                String::from_utf8_lossy(&wire.response(method == Method::HEAD).await).into_owned()
            }
            Self::Http2(client) => {
                let response = client.send_request(http2::request(method.clone(), path, body)).await;
                format!("{:?}", Got::of(response, || ()).await)
            }
        }
    }
}

fn expected(case: &Case, endpoint: &str, request_bytes: Option<u64>) -> Ended {
    Ended { endpoint: endpoint.into(), request_bytes, ..Ended::completed(case.status, case.bytes) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_position_sees_its_routes_and_changes_nothing() {
    for version in [Version::Http1, Version::Http2] {
        let without = talk(version, Server::axum(app(whole)).await, None).await;
        for (case, reply) in cases().iter().zip(&without) {
            assert!(reply.contains(&case.status.to_string()), "{version:?}: {} {}: {reply}", case.method, case.path);
        }
        for Position { name, app, sees } in POSITIONS {
            let probe = Probe::new();
            let with = talk(version, Server::axum(app(&probe)).await, Some((&probe, *sees))).await;
            assert_eq!(with, without, "{version:?}: {name}");
            let sent = |case: &Case| Some(case.body.len() as u64);
            let expected: Vec<_> = cases()
                .iter()
                .flat_map(|case| sees(case).into_iter().map(move |endpoint| expected(case, endpoint, sent(case))))
                .collect();
            assert_eq!(ends(&probe, expected.len()).await, expected, "{version:?}: {name}");
        }
    }
}

/// hyper's body type cannot be counted without changing it; inside the router it is axum's, which can.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tap_inside_also_counts_for_a_layer_around_a_router_on_hyper() {
    type Counts = fn(&Case) -> (&'static str, Option<u64>);
    let positions: [(Router, Counts); 2] = [
        (app(whole), |_| (UNMATCHED, None)),
        (app(whole).layer(tap()), |case| (case.route, Some(case.body.len() as u64))),
    ];
    for version in [Version::Http1, Version::Http2] {
        let without = talk(version, Server::hyper(app(whole)).await, None).await;
        for (router, sees) in &positions {
            let probe = Probe::new();
            let server = Server::hyper(probe.layer().layer(router.clone())).await;
            assert_eq!(talk(version, server, Some((&probe, |_| vec![""]))).await, without, "{version:?}");
            let expected: Vec<_> = cases()
                .iter()
                .map(|case| {
                    let (endpoint, request_bytes) = sees(case);
                    expected(case, endpoint, request_bytes)
                })
                .collect();
            assert_eq!(ends(&probe, expected.len()).await, expected, "{version:?}");
        }
    }
}

/// axum 0.8 tells nobody of the catch-alls that it makes for a nested service and for a fallback. Its next release tells of the
/// latter, which until then only a route of that name can show.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_catch_all_of_axums_own_is_no_endpoint() {
    async fn tell(matched: Option<MatchedPath>) -> String {
        matched.map_or_else(|| "nothing".into(), |matched| matched.as_str().to_owned())
    }
    let own = || Router::new().route("/{*__private__axum_fallback}", any(tell));
    let routers: [(Router, &str); 5] = [
        (own(), "/{*__private__axum_fallback}"),
        (Router::new().nest("/api", own()), "/api/{*__private__axum_fallback}"),
        (Router::new().nest_service("/api", any(tell)), "nothing"),
        (Router::new().nest("/api", Router::new().fallback(tell)), "nothing"),
        (Router::new().fallback(tell), "nothing"),
    ];
    for (router, matched) in routers {
        let layered: [fn(&Probe, Router) -> App; 2] =
            [|probe, router| boxed(router.layer(probe.layer())), |probe, router| around(probe, router.layer(tap()))];
        for app in layered {
            let probe = Probe::new();
            let server = Server::axum(app(&probe, router.clone())).await;
            let mut wire = Wire::connect(server.address).await;
            wire.send("GET /api/users/7 HTTP/1.1\r\nhost: here\r\n\r\n").await;
            let reply = wire.response(false).await;
            assert!(reply.ends_with(format!("\r\n\r\n{matched}").as_bytes()), "{matched}: {reply:?}");
            drop(wire);
            server.stop().await;
            let bytes = matched.len() as u64;
            let expected = Ended { request_bytes: Some(0), ..Ended::completed(200, bytes) };
            assert_eq!(only_end(&probe).await, expected, "{matched}");
        }
    }
}
