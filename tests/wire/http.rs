//! Over HTTP: axum and hyper.

use std::{convert::Infallible, future::pending, io, sync::Arc};

use axum::{Router, body::Body, extract, response::IntoResponse, routing::any};
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::{
    client::legacy::Client,
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
    service::TowerToHyperService,
};
use tests::ingest::Ingest;
use tokio::{net::TcpListener, sync::Notify};
use tower::{Layer, service_fn};
use tower_telemetry::{ResponseError, Telemetry, core::RouteTable};

use super::{Outcome, check, outcome, telemetry};

const ROUTE: &str = "/orders/{id}";

const OUTCOMES: [Outcome; 12] = [
    outcome("ok", "ok", 200),
    outcome("redirect", "ok", 303),
    outcome("missing", "not_found", 404),
    outcome("too-late", "deadline_exceeded", 408),
    outcome("gone", "cancelled", 499),
    outcome("fails", "internal_error", 500).error("error", "Custom", "the disk is full"),
    outcome("answers", "unavailable", 503).error("error", "", "503 Service Unavailable"),
    outcome("gateway", "deadline_exceeded", 504).error("error", "", "504 Gateway Timeout"),
    outcome("panics", "internal_error", 0).without_answer().error("fatal", "panic", "the service was asked to"),
    outcome("breaks", "internal_error", 200).error("error", "Error", "the disk is gone"),
    outcome("waits", "cancelled", 0).without_answer(),
    outcome("streams", "cancelled", 200),
];

/// What the client is to be told by when it may go.
type Reached = Arc<Notify>;

async fn answer(query: String, reached: Reached) -> Response<Body> {
    let status = |status| StatusCode::from_u16(status).expect("a status").into_response();
    let chunks = |chunks: Vec<io::Result<&'static str>>| tokio_stream::iter(chunks);
    match query.trim_start_matches("deed=").split('&').next().unwrap_or_default() {
        "ok" => Body::from_stream(chunks(vec![Ok("one"), Ok("two")])).into_response(),
        "redirect" => status(303),
        "missing" => status(404),
        "too-late" => status(408),
        "gone" => status(499),
        "answers" => status(503),
        "gateway" => status(504),
        "fails" => {
            let mut response = status(500);
            response.extensions_mut().insert(ResponseError::new(io::Error::other("the disk is full")));
            response
        }
        "panics" => panic!("the service was asked to"),
        "breaks" => {
            Body::from_stream(chunks(vec![Ok("one"), Err(io::Error::other("the disk is gone"))])).into_response()
        }
        "waits" => {
            reached.notify_one();
            pending().await
        }
        "streams" => {
            let endless = tokio_stream::StreamExt::chain(chunks(vec![Ok("one")]), tokio_stream::pending());
            ([("x-leave", "now")], Body::from_stream(endless)).into_response()
        }
        other => unreachable!("nobody asks for {other}"),
    }
}

async fn axum(listener: TcpListener, telemetry: &Telemetry, reached: Reached) {
    let handler = move |request: extract::Request| {
        let query = request.uri().query().unwrap_or_default().to_owned();
        answer(query, reached.clone())
    };
    let app = Router::new().route(ROUTE, any(handler)).layer(telemetry.layer());
    tokio::spawn(async move { axum::serve(listener, app).await });
}

async fn hyper(listener: TcpListener, telemetry: &Telemetry, reached: Reached) {
    let layer = telemetry.layer().routes(RouteTable::new([ROUTE]).expect("it is a route"));
    let service = layer.layer(service_fn(move |request: Request<Incoming>| {
        let answer = answer(request.uri().query().unwrap_or_default().to_owned(), reached.clone());
        async { Ok::<_, Infallible>(answer.await) }
    }));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = TowerToHyperService::new(service.clone());
            tokio::spawn(async move {
                let connection = auto::Builder::new(TokioExecutor::new());
                connection.serve_connection(TokioIo::new(stream), service).await.map_err(drop)
            });
        }
    });
}

/// On a connection of its own. Whoever is not answered gives up once the service has been reached.
async fn ask(url: String, reached: Reached) {
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let request = Request::get(url).header("authorization", "Bearer planted").body(Full::default());
    let response = tokio::select! {
        response = client.request(request.expect("a request")) => response,
        () = reached.notified() => return,
    };
    // A stream is left after its first piece, all others at their end.
    if let Ok(response) = response {
        let leaves = response.headers().get("x-leave").is_some();
        let mut body = response.into_body();
        while let Some(Ok(_)) = body.frame().await {
            if leaves {
                return;
            }
        }
    }
}

async fn matrix(serve: impl AsyncFnOnce(TcpListener, &Telemetry, Reached)) {
    let ingest = Ingest::start().await;
    let reached = Reached::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
    let address = listener.local_addr().expect("it is bound");
    let telemetry = telemetry(&ingest);
    serve(listener, &telemetry, reached.clone()).await;
    for Outcome { deed, .. } in &OUTCOMES {
        let url = format!("http://{address}/orders/7?deed={deed}&token=planted");
        ask(url, reached.clone()).await;
    }
    check(&ingest, telemetry, &OUTCOMES, &format!("GET {ROUTE}"), "http.server").await;
}

#[tokio::test]
async fn on_axum() {
    matrix(axum).await;
}

#[tokio::test]
async fn on_hyper() {
    matrix(hyper).await;
}
