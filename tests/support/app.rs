//! An axum application with a route for each way that an exchange can go, and a host that sees each to its end.

use std::{
    convert::Infallible,
    future::pending,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
};

use axum::{
    BoxError, Router,
    body::Body,
    error_handling::HandleErrorLayer,
    extract::Path,
    response::{AppendHeaders, IntoResponse, Response},
    routing::{any, get, post},
};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, StatusCode, header::CONTENT_TYPE};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use tokio_stream::{StreamExt, iter};
use tower::{Service, ServiceBuilder, ServiceExt};
use tower_telemetry_core::Observe;

/// What no signal may tell: the application puts it into bodies, errors and panics.
pub const SECRET: &str = "s3cr3t";

/// The application, with an observer around each of its routes and its fallback.
pub fn app(observer: impl Observe) -> Router {
    let layers = ServiceBuilder::new()
        .layer(HandleErrorLayer::new(|_: BoxError| async { StatusCode::BAD_GATEWAY }))
        .layer(observer.into_layer())
        .and_then(|response: Response| async {
            let fails = response.headers().contains_key("x-fails");
            if fails { Err(BoxError::from(SECRET)) } else { Ok(response) }
        });
    Router::new()
        .route("/users/{id}", any(|| async { "ada" }))
        .route("/echo", post(|body: Bytes| async { body }))
        .route("/missing/{id}", get(|| async { StatusCode::NOT_FOUND }))
        .route("/broken", get(|| async { (StatusCode::INTERNAL_SERVER_ERROR, SECRET) }))
        .route("/error", get(|| async { AppendHeaders([("x-fails", "yes")]) }))
        .route("/panic", get(|| async { unwind::<StatusCode>() }))
        .route("/pending", get(pending::<()>))
        .route("/body/error", get(|| async { body([Ok("one"), Err(SECRET)]) }))
        .route(
            "/body/panic",
            get(|| async { Body::from_stream(iter([1]).map(|_| -> Result<Bytes, Infallible> { unwind() })) }),
        )
        .route(
            "/body/pending",
            get(|| async { Body::from_stream(iter([Ok::<_, Infallible>("one")]).chain(tokio_stream::pending())) }),
        )
        .route("/pkg.Greeter/{method}", post(greet))
        .layer(layers)
}

/// A request for a path of the [`app`].
pub fn request(method: &str, uri: &str) -> Request<Body> {
    Request::builder().method(method).uri(uri).body(Body::empty()).expect("a request")
}

/// A call of a method of `pkg.Greeter`: `Hello`, `Crash` (13, in the trailers), `Find` (5, in the headers), or one that is not
/// there.
pub fn rpc(method: &str) -> Request<Body> {
    let mut request = request("POST", &format!("/pkg.Greeter/{method}"));
    request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    request
}

/// Carries an exchange as far as it goes in one poll, and leaves it then. A panic ends here.
pub fn run<S, B>(service: S, request: Request<Body>)
where
    S: Service<Request<Body>, Response = http::Response<B>>,
    B: http_body::Body,
{
    let exchange = || {
        let exchange = pin!(async {
            let Ok(response) = service.oneshot(request).await else { return };
            let mut body = pin!(response.into_body());
            while let Some(Ok(_)) = body.frame().await {}
        });
        let _ = poll_once(exchange);
    };
    let _ = catch_unwind(AssertUnwindSafe(exchange));
}

/// Polls once, as a host does that will hear of no waking.
pub fn poll_once<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

async fn greet(Path(method): Path<String>) -> Response {
    let with_status = |status: &'static str| {
        HeaderMap::from_iter([("grpc-status".parse().expect("a name"), HeaderValue::from_static(status))])
    };
    let trailers = |status| {
        let frames = [Frame::data(Bytes::from("hello")), Frame::trailers(with_status(status))];
        Body::new(StreamBody::new(iter(frames.map(Ok::<_, Infallible>))))
    };
    let grpc = AppendHeaders([(CONTENT_TYPE, "application/grpc")]);
    match method.as_str() {
        "Hello" => (grpc, trailers("0")).into_response(),
        "Crash" => (grpc, trailers("13")).into_response(),
        "Find" => (grpc, with_status("5")).into_response(),
        _ => (grpc, with_status("12")).into_response(),
    }
}

fn body<const N: usize>(chunks: [Result<&'static str, &'static str>; N]) -> Body {
    Body::from_stream(iter(chunks))
}

/// Panics without calling the process's panic hook.
fn unwind<T>() -> T {
    resume_unwind(Box::new(SECRET))
}
