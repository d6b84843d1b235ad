//! axum's routes as endpoints.

use std::convert::Infallible;

use axum::{
    Router,
    body::Body,
    response::Response,
    routing::{any_service, get},
};
use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use tests::probe::{Ended, Probe, Stage};
use tokio_stream::iter;
use tower::{Layer, ServiceExt};
use tower_telemetry_core::ObserveLayer;

struct Case {
    name: &'static str,
    method: &'static str,
    path: &'static str,
    status: u16,
    endpoint: &'static str,
}

const fn case(name: &'static str, path: &'static str, status: u16, endpoint: &'static str) -> Case {
    Case { name, method: "GET", path, status, endpoint }
}

const CASES: &[Case] = &[
    case("route", "/users/7", 200, "/users/{id}"),
    case("route with a query", "/users/7?token=secret", 200, "/users/{id}"),
    case("static route", "/", 200, "/"),
    case("wildcard", "/assets/css/site.css", 200, "/assets/{*path}"),
    case("nest", "/api/items/7", 200, "/api/items/{id}"),
    case("nest in a nest", "/api/v1/orders/7", 200, "/api/v1/orders/{id}"),
    case("nest with a parameter", "/tenants/7/items/8", 200, "/tenants/{tenant}/items/{id}"),
    case("unmatched in a nest", "/api/nothing/7", 404, "unmatched"),
    case("fallback of a nest", "/shop/nothing/7", 404, "unmatched"),
    case("fallback of a nest itself", "/shop", 404, "unmatched"),
    case("nested service", "/files/etc/passwd", 200, "unmatched"),
    case("nested service itself", "/files", 200, "/files"),
    case("unmatched", "/wp-admin/7", 404, "unmatched"),
    case("a template as a path", "/nothing/{id}", 404, "unmatched"),
    Case { method: "POST", ..case("wrong method", "/users/7", 405, "/users/{id}") },
    Case { method: "HEAD", ..case("HEAD of a GET", "/users/7", 200, "/users/{id}") },
];

fn router() -> Router {
    async fn ok() {}
    let file =
        any_service(tower::service_fn(async |_: Request<Body>| Ok::<_, Infallible>(Response::new(Body::empty()))));
    let orders = Router::new().route("/orders/{id}", get(ok));
    let items = Router::new().route("/items/{id}", get(ok));
    Router::new()
        .route("/", get(ok))
        .route("/users/{id}", get(ok))
        .route("/assets/{*path}", get(ok))
        .route("/count", axum::routing::post(async |body: Bytes| body.len().to_string()))
        .nest("/api", items.clone().nest("/v1", orders))
        .nest("/tenants/{tenant}", items.clone())
        .nest("/shop", items.fallback(missing))
        .nest_service("/files", file)
}

async fn status(router: impl AsyncFnOnce(Request<Body>) -> Result<Response, Infallible>, case: &Case) -> StatusCode {
    let request = Request::builder().method(case.method).uri(case.path).body(Body::empty()).expect("a request");
    let Ok(response) = router(request).await;
    let status = response.status();
    response.into_body().collect().await.expect("the body is whole");
    status
}

/// The ways to arrange a layer and a router that all name the endpoint.
#[tokio::test]
async fn a_route_is_its_template_and_anything_else_is_unmatched() {
    type Arrange = fn(Router, &Probe) -> Router;
    let arrangements: [(&str, Arrange); 4] = [
        ("Router::layer", |router, probe| router.layer(probe.layer())),
        ("Router::layer, and a fallback", |router, probe| router.fallback(missing).layer(probe.layer())),
        ("around the router, with a tap inside", |router, probe| {
            let tapped = router.layer(ObserveLayer::new(()));
            Router::new().fallback_service(probe.layer().layer(tapped))
        }),
        ("merged into another", |router, probe| {
            Router::new().route("/other", get(missing)).merge(router).layer(probe.layer())
        }),
    ];
    for (arrangement, arrange) in arrangements {
        for case in CASES {
            let probe = Probe::new();
            let router = arrange(router(), &probe);
            let status = status(async |request| router.oneshot(request).await, case).await;
            assert_eq!(status, case.status, "{arrangement}: {}", case.name);
            let ended = probe.log().only_end();
            assert_eq!(ended.endpoint, case.endpoint, "{arrangement}: {}", case.name);
        }
    }
}

async fn missing() -> StatusCode {
    StatusCode::NOT_FOUND
}

#[tokio::test]
async fn a_layer_around_a_router_without_a_tap_knows_no_route() {
    for case in CASES {
        let probe = Probe::new();
        let service = probe.layer().layer(router());
        let serve = async |request| service.oneshot(request).await.map(|response| response.map(Body::new));
        status(serve, case).await;
        assert_eq!(probe.log().only_end().endpoint, "unmatched", "{}", case.name);
    }
}

#[tokio::test]
async fn a_route_layer_sees_only_what_has_a_route() {
    for case in CASES {
        let probe = Probe::new();
        let router = router().route_layer(probe.layer());
        status(async |request| router.oneshot(request).await, case).await;
        if case.status == 404 {
            assert_eq!(probe.log().count(Stage::Begin), 0, "{}", case.name);
        } else {
            assert_eq!(probe.log().only_end().endpoint, case.endpoint, "{}", case.name);
        }
    }
}

#[tokio::test]
async fn a_layer_inside_a_nest_knows_the_whole_template() {
    let probe = Probe::new();
    let items = Router::new().route("/items/{id}", get(async || ())).layer(probe.layer());
    let router = Router::new().nest("/api", items);
    let case = case("nest", "/api/items/7", 200, "/api/items/{id}");
    status(async |request| router.oneshot(request).await, &case).await;
    assert_eq!(probe.log().only_end().endpoint, case.endpoint);
}

#[tokio::test]
async fn a_tap_in_a_nested_service_names_the_route() {
    let probe = Probe::new();
    let items = Router::new().route("/items/{id}", get(async || ())).layer(ObserveLayer::new(()));
    let router = Router::new().nest_service("/api", items);
    let service = probe.layer().layer(router);
    let case = case("nested service", "/api/items/7", 200, "/api/items/{id}");
    let serve = async |request| service.oneshot(request).await.map(|response| response.map(Body::new));
    assert_eq!(status(serve, &case).await, 200);
    assert_eq!(probe.log().only_end().endpoint, case.endpoint);
}

#[tokio::test]
async fn a_streamed_post_is_counted_in_and_out() {
    for around in [false, true] {
        let probe = Probe::new();
        let router = if around {
            let tapped = router().layer(ObserveLayer::new(()));
            Router::new().fallback_service(probe.layer().layer(tapped))
        } else {
            router().layer(probe.layer())
        };
        let chunks = ["one", "two", "three"].map(|chunk| Ok::<_, Infallible>(Bytes::from(chunk)));
        let request = Request::post("/count").body(Body::from_stream(iter(chunks))).expect("a request");
        let Ok(response) = router.oneshot(request).await;
        let body = response.into_body().collect().await.expect("the body is whole").to_bytes();
        assert_eq!(body, "11");
        let expected = Ended { endpoint: "/count".into(), request_bytes: Some(11), ..Ended::completed(200, 2) };
        assert_eq!(probe.log().only_end(), expected, "around: {around}");
    }
}

#[tokio::test]
async fn a_group_is_one_endpoint_by_route_or_by_path() {
    let groups = [("/users/*", "people"), ("/assets/**", "assets"), ("POST **", "posts"), ("/nothing/**", "nothing")];
    for around in [false, true] {
        for (case, inside, outside) in [
            (case("route", "/users/7", 200, ""), "people", "people"),
            (case("wildcard", "/assets/css/site.css", 200, ""), "assets", "assets"),
            (Case { method: "POST", ..case("first match", "/users/7", 405, "") }, "people", "people"),
            (Case { method: "POST", ..case("method", "/", 405, "") }, "posts", "posts"),
            (case("by path", "/nothing/7", 404, ""), "nothing", "nothing"),
            (case("neither", "/api/items/7", 200, ""), "/api/items/{id}", "unmatched"),
        ] {
            let probe = Probe::new();
            let layer = probe.layer().groups(groups).expect("good patterns");
            if around {
                let service = layer.layer(router());
                let serve = async |request| service.oneshot(request).await.map(|response| response.map(Body::new));
                assert_eq!(status(serve, &case).await, case.status, "{}", case.name);
            } else {
                let router = router().layer(layer);
                assert_eq!(status(async |request| router.oneshot(request).await, &case).await, case.status);
            }
            let expected = if around { outside } else { inside };
            assert_eq!(probe.log().only_end().endpoint, expected, "around: {around}, {}", case.name);
        }
    }
    let error = Probe::new().layer().groups([("/a", "a"), ("b**", "b")]).expect_err("a bad pattern").to_string();
    assert!(error.contains("b**"), "{error}");
}
