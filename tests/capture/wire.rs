//! Bodies that come over real connections.

use std::{convert::Infallible, net::SocketAddr, time::Duration};

use axum::{Router, body::Body, extract::Path, http::StatusCode, response::IntoResponse, routing::post};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    time::timeout,
};
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Status, body::Body as TonicBody, server::NamedService, service::Routes};
use tonic_prost::ProstCodec;
use tower::{Layer, ServiceBuilder, service_fn};
use tower_telemetry_core::{Observe, Omitted, RequestContext, ResponseError};

use super::fixtures::{Asking, Reports, Shown};

const LIMIT: Duration = Duration::from_secs(20);

async fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
    let address = listener.local_addr().expect("a bound listener has an address");
    (listener, address)
}

async fn serve(app: Router) -> SocketAddr {
    let (listener, address) = listener().await;
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

/// What comes back until the server closes the connection.
async fn talk(address: SocketAddr, requests: &str) -> String {
    let mut stream = TcpStream::connect(address).await.expect("the server listens");
    stream.write_all(requests.as_bytes()).await.expect("the server reads");
    let mut answer = String::new();
    timeout(LIMIT, stream.read_to_string(&mut answer)).await.expect("an answer").expect("text");
    answer
}

fn request(path: &str, headers: &str, body: &str) -> String {
    format!("POST {path} HTTP/1.1\r\nhost: here\r\ncontent-type: text/plain\r\n{headers}\r\n{body}")
}

fn sized(path: &str, body: &str) -> String {
    request(path, &format!("content-length: {}\r\n", body.len()), body)
}

/// It reads what it is asked to, and fails.
fn app(reports: &Reports) -> Router {
    let handler = |Path(what): Path<String>, body: Body| async move {
        if what != "unread" {
            body.collect().await.expect("it comes whole");
        }
        let mut response = (StatusCode::INTERNAL_SERVER_ERROR, "sorry").into_response();
        response.extensions_mut().insert(ResponseError::new("it is broken"));
        response
    };
    Router::new().route("/{what}", post(handler)).layer(reports.observer().into_layer())
}

#[tokio::test]
async fn the_requests_of_a_connection_show_their_own_bodies() {
    let reports = Reports::new();
    let address = serve(app(&reports)).await;
    let requests = [
        sized("/read", "the first"),
        sized("/read", ""),
        request("/read", "transfer-encoding: chunked\r\n", "4\r\nthe \r\n5\r\nthird\r\n0\r\n\r\n"),
        request("/read", "", ""),
        sized("/unread", "the fifth"),
        sized("/read", &"x".repeat(10_001)),
        request("/read", "connection: close\r\ncontent-length: 3\r\n", "end"),
    ];
    let answer = talk(address, &requests.concat()).await;
    assert_eq!(answer.matches("500 Internal").count(), requests.len(), "{answer}");
    let expected = [
        Some("the first"),
        None,
        Some("the third"),
        None,
        Some("[text/plain, 9 bytes, unread]"),
        Some("[text/plain, 10001 bytes]"),
        Some("end"),
    ];
    assert_eq!(reports.request_data(), expected.map(|data| data.map(Into::into)));
}

#[tokio::test]
async fn a_client_that_leaves_midway_has_sent_what_it_has_sent() {
    let reports = Reports::new();
    let (half, mut halves) = mpsc::unbounded_channel();
    let (done, mut dones) = mpsc::unbounded_channel();
    let handler = move |body: Body| {
        let (half, done) = (half.clone(), done.clone());
        async move {
            let mut body = body;
            while let Some(frame) = body.frame().await {
                match frame {
                    Ok(_) => half.send(()).expect("the test waits"),
                    Err(error) => drop(sentry::capture_error(&error)),
                }
            }
            done.send(()).expect("the test waits");
        }
    };
    let app = Router::new().route("/", post(handler)).layer(reports.observer().into_layer());
    let address = serve(app).await;
    let mut stream = TcpStream::connect(address).await.expect("the server listens");
    stream.write_all(request("/", "content-length: 9\r\n", "half").as_bytes()).await.expect("the server reads");
    timeout(LIMIT, halves.recv()).await.expect("half comes");
    stream.shutdown().await.expect("the server is there");
    // Half closed, so that the server sees the end of what is sent, and does not drop the handler.
    timeout(LIMIT, dones.recv()).await.expect("the handler sees the end");
    assert_eq!(reports.request_data(), [Some("half".into())]);
}

#[tokio::test]
async fn hypers_own_body_is_described_and_a_boxed_one_is_captured() {
    async fn talk_to_hyper<S, B>(service: S)
    where
        S: tower::Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
        S::Future: Send,
        B: http_body::Body<Data = Bytes, Error = Infallible> + Send + 'static,
    {
        let (listener, address) = listener().await;
        let server = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.expect("loopback accepts");
            let builder = auto::Builder::new(TokioExecutor::new());
            let connection = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
            connection.await.expect("the client is well-behaved");
        });
        talk(address, &request("/", "connection: close\r\ncontent-length: 5\r\n", "hello")).await;
        server.await.expect("it does not panic");
    }

    let asking = Asking::for_requests(100);
    talk_to_hyper(asking.clone().into_layer().layer(service_fn(async |request: Request<Incoming>| {
        request.into_body().collect().await.expect("it comes whole");
        Ok(Response::new(Empty::<Bytes>::new()))
    })))
    .await;
    let unwatched = Shown::omitted(Omitted::Unwatched, 0, Some(5));
    assert_eq!(asking.only().0.map(|body| Shown::of(&body)), Some(unwatched));

    let boxed = ServiceBuilder::new()
        .map_request(|request: Request<Incoming>| request.map(BodyExt::boxed))
        .layer(asking.clone().into_layer())
        .service(service_fn(async |request: Request<http_body_util::combinators::BoxBody<Bytes, hyper::Error>>| {
            request.into_body().collect().await.expect("it comes whole");
            Ok(Response::new(Empty::<Bytes>::new()))
        }));
    talk_to_hyper(boxed).await;
    assert_eq!(asking.only().0.map(|body| Shown::of(&body)), Some(Shown::whole("hello")));
}

/// It has one method, which fails.
#[derive(Clone)]
struct Shop;

impl NamedService for Shop {
    const NAME: &'static str = "shop.Orders";
}

impl tower::Service<Request<TonicBody>> for Shop {
    type Response = Response<TonicBody>;
    type Error = Infallible;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Response<TonicBody>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Infallible>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<TonicBody>) -> Self::Future {
        Box::pin(async {
            let mut grpc = tonic::server::Grpc::new(ProstCodec::<String, String>::default());
            let cx = request.extensions().get::<RequestContext>().cloned();
            let order = service_fn(move |_: tonic::Request<String>| {
                let cx = cx.clone();
                async move {
                    cx.expect("the layer has left it").set_error("out of lamps");
                    Err::<tonic::Response<String>, _>(Status::internal("no lamps"))
                }
            });
            Ok(grpc.unary(order, request).await)
        })
    }
}

#[tokio::test]
async fn a_grpc_message_is_described() {
    let reports = Reports::new();
    let (listener, address) = listener().await;
    let layer = reports.observer().into_layer();
    let server = tonic::transport::Server::builder().layer(layer).add_routes(Routes::new(Shop));
    tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
    let endpoint = tonic::transport::Endpoint::from_shared(format!("http://{address}")).expect("an address");
    let mut client = tonic::client::Grpc::new(endpoint.connect().await.expect("the server listens"));
    client.ready().await.expect("it is connected");
    let path = "/shop.Orders/Order".parse().expect("a path");
    let codec = ProstCodec::<String, String>::default();
    let answer = client.unary(tonic::Request::new("a lamp".to_owned()), path, codec).await;
    assert_eq!(answer.expect_err("it fails").code(), tonic::Code::Internal);
    // A header of five bytes, and a field of two and the text.
    assert_eq!(reports.request_data(), [Some("[application/grpc, 13 bytes]".into())]);
}
