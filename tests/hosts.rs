//! The facade's layer is accepted by each host, and sees an exchange there: real sockets, real clients.

use std::{convert::Infallible, net::SocketAddr};

use axum::{Router, routing::get};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Empty, Full};
use hyper::body::Incoming;
use hyper_util::{
    client::legacy::Client,
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
    service::TowerToHyperService,
};
use tokio::net::TcpListener;
use tower::{Layer, service_fn};
use tower_telemetry::Telemetry;

/// Nothing from the environment: Sentry is off.
fn telemetry() -> Telemetry {
    Telemetry::builder()
        .environment("test")
        .and_then(tower_telemetry::Builder::build)
        .expect("nothing is wrong with it")
}

async fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
    let address = listener.local_addr().expect("a bound listener has an address");
    (listener, address)
}

/// GET by a real client; returns the request id that came back, and the body.
async fn get_from(address: SocketAddr, path: &str) -> (Option<String>, Bytes) {
    let client = Client::builder(TokioExecutor::new()).build_http::<Empty<Bytes>>();
    let uri = format!("http://{address}{path}").parse().expect("a URI");
    let response = client.get(uri).await.expect("an answer");
    let id = response.headers().get("x-request-id").map(|id| id.to_str().expect("visible").to_owned());
    (id, response.into_body().collect().await.expect("a body").to_bytes())
}

#[tokio::test]
async fn axum() {
    let telemetry = telemetry();
    let app =
        Router::new().route("/users/{id}", get(|| async { "ada" })).layer(telemetry.layer()).merge(telemetry.routes());
    let (listener, address) = listener().await;
    tokio::spawn(async move { axum::serve(listener, app).await });

    let (id, body) = get_from(address, "/users/1").await;
    assert_eq!((id.expect("an id").len(), &*body), (32, &b"ada"[..]));
    let (id, metrics) = get_from(address, "/metrics").await;
    let metrics = String::from_utf8(metrics.to_vec()).expect("text");
    assert!(metrics.contains(r#"http_route="/users/{id}""#), "{metrics}");
    assert_eq!(id, None, "the metrics endpoint is excluded");
    let (id, health) = get_from(address, "/health").await;
    let health: serde_json::Value = serde_json::from_slice(&health).expect("JSON");
    assert_eq!((health["status"].as_str(), id), (Some("ok"), None));
    assert_eq!(health["monitoring"]["metrics"]["state"], "on");
    assert_eq!(health["monitoring"]["sentry"]["state"], "off");
}

#[tokio::test]
async fn axum_in_any_order_sees_each_request_once() {
    let telemetry = telemetry();
    let (layer, routes) = (telemetry.layer(), telemetry.routes());
    let bare = |path: &str| Router::<()>::new().route(path, get(|| async {}));
    let apps = [
        ("/a", bare("/a").layer(layer.clone()).merge(routes.clone())),
        ("/b", bare("/b").merge(routes).layer(layer.clone())),
        ("/c", bare("/c").layer(layer.clone()).layer(layer)),
    ];
    for (path, app) in apps {
        for path in [path, "/no/such/path"] {
            let request = Request::get(path).body(axum::body::Body::empty()).expect("a request");
            let response = tower::ServiceExt::oneshot(app.clone(), request).await.expect("infallible");
            assert_eq!(response.headers().get_all("x-request-id").iter().count(), 1, "{path}");
        }
    }
    let metrics = telemetry.render_metrics().expect("the recorder is ours");
    for series in [
        r#"http_route="/a",url_scheme="http",http_response_status_code="200"} 1"#,
        r#"http_route="/b",url_scheme="http",http_response_status_code="200"} 1"#,
        r#"http_route="/c",url_scheme="http",http_response_status_code="200"} 1"#,
        r#"http_route="unmatched",url_scheme="http",http_response_status_code="404"} 3"#,
    ] {
        assert!(metrics.contains(series), "{series} in\n{metrics}");
    }
}

#[tokio::test]
async fn a_transport_of_ones_own_gets_what_would_be_sent() {
    let transport = sentry::test::TestTransport::new();
    let builder = Telemetry::builder().environment("test").and_then(|builder| builder.dsn("https://key@example.org/1"));
    let builder = builder.expect("the values are good").transport(transport.clone());
    // The client is bound to the current hub: one of this test's own.
    let hub = std::sync::Arc::new(sentry::Hub::new(None, std::sync::Arc::default()));
    let telemetry = sentry::Hub::run(hub, || builder.build()).expect("nothing is wrong with it");
    let app = Router::<()>::new().route("/users/{id}", get(|| async {})).layer(telemetry.layer());
    let request = Request::get("/users/1").body(axum::body::Body::empty()).expect("a request");
    drop(tower::ServiceExt::oneshot(app, request).await.expect("infallible"));
    drop(telemetry);
    let envelopes = transport.fetch_and_clear_envelopes();
    let names: Vec<_> = envelopes
        .iter()
        .flat_map(sentry::Envelope::items)
        .filter_map(|item| match item {
            sentry::protocol::EnvelopeItem::Transaction(transaction) => transaction.name.clone(),
            _ => None,
        })
        .collect();
    assert_eq!(names, ["GET /users/{id}"]);
}

// The other layers of a ServiceBuilder see the request body as axum's: its type is not changed.
#[tokio::test]
async fn axum_with_neighbours_that_name_the_body_type() {
    async fn neighbour(request: axum::extract::Request, next: axum::middleware::Next) -> axum::response::Response {
        next.run(request).await
    }
    let stack = tower::ServiceBuilder::new().layer(telemetry().layer()).layer(axum::middleware::from_fn(neighbour));
    let app = Router::new().route("/", get(|| async { "in" })).layer(stack);
    let (listener, address) = listener().await;
    tokio::spawn(async move { axum::serve(listener, app).await });
    assert_eq!(&*get_from(address, "/").await.1, b"in");
}

#[tokio::test]
async fn hyper() {
    async fn answer(_: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
        Ok(Response::new(Full::new(Bytes::from("hello"))))
    }
    let layer = telemetry().layer();
    let (listener, address) = listener().await;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = TowerToHyperService::new(layer.layer(service_fn(answer)));
            let connection = auto::Builder::new(TokioExecutor::new());
            tokio::spawn(async move { connection.serve_connection(TokioIo::new(stream), service).await.map_err(drop) });
        }
    });
    let (id, body) = get_from(address, "/anything").await;
    assert_eq!((id.expect("an id").len(), &*body), (32, &b"hello"[..]));
}

#[tokio::test]
async fn tonic() {
    let layer = telemetry().layer();
    let (listener, address) = listener().await;
    let incoming = tokio_stream::wrappers::TcpListenerStream::new(listener);
    let server = tonic::transport::Server::builder().layer(layer).add_routes(tonic::service::Routes::default());
    tokio::spawn(server.serve_with_incoming(incoming));

    let client = Client::builder(TokioExecutor::new()).http2_only(true).build_http::<Empty<Bytes>>();
    let request = Request::post(format!("http://{address}/shop.Orders/List"))
        .header("content-type", "application/grpc")
        .body(Empty::new())
        .expect("a request");
    let response = client.request(request).await.expect("an answer");
    assert_eq!(response.headers()["grpc-status"], "12");
    assert_eq!(response.headers()["x-request-id"].len(), 32);
}
