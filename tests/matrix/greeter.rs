//! A gRPC service whose answers are scripted by what it is told.

use std::{
    convert::Infallible,
    future::{Future, pending, ready},
    panic::resume_unwind,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use http_body_util::{BodyExt, Full};
use tokio::{sync::Notify, time::timeout};
use tokio_stream::{Stream, StreamExt};
use tonic::{
    Code, Request, Response, Status, Streaming,
    body::Body,
    metadata::MetadataMap,
    server::{Grpc, NamedService},
};
use tonic_prost::ProstCodec;
use tower::{Service, service_fn};

use super::LIMIT;

/// No message may be longer, either way.
pub(crate) const MAX_MESSAGE: usize = 64;

/// The service, and what it and its test tell each other.
#[derive(Clone, Debug, Default)]
pub(crate) struct Greeter {
    go_on: Arc<Notify>,
    has_read: Arc<Notify>,
}

impl Greeter {
    /// Releases what is held.
    pub(crate) fn go_on(&self) {
        self.go_on.notify_one();
    }

    /// Waits until a handler has a message, and waits itself.
    pub(crate) async fn has_read(&self) {
        timeout(LIMIT, self.has_read.notified()).await.expect("a handler reads");
    }
}

impl NamedService for Greeter {
    const NAME: &'static str = "greet.Greeter";
}

impl Service<http::Request<Body>> for Greeter {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<http::Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let greeter = self.clone();
        Box::pin(async { Ok(answer(request, greeter).await) })
    }
}

// A string is the message whose first field is a string.
async fn answer(request: http::Request<Body>, greeter: Greeter) -> http::Response<Body> {
    let mut grpc = Grpc::new(ProstCodec::<String, String>::default())
        .max_decoding_message_size(MAX_MESSAGE)
        .max_encoding_message_size(MAX_MESSAGE);
    match request.uri().path().rsplit('/').next().unwrap_or_default() {
        "One" => grpc.unary(service_fn(|request| one(request, greeter.clone())), request).await,
        "Stream" => grpc.server_streaming(service_fn(|request| ready(stream(&request, &greeter))), request).await,
        "Join" => grpc.client_streaming(service_fn(|request| join(request, greeter.clone())), request).await,
        "Echo" => grpc.streaming(service_fn(|request| ready(Ok(echo(request)))), request).await,
        method => raw(method).unwrap_or_else(|| Status::unimplemented("").into_http()),
    }
}

async fn one(request: Request<String>, greeter: Greeter) -> Result<Response<String>, Status> {
    match request.get_ref().as_str() {
        "pending" => {
            greeter.has_read.notify_one();
            return pending().await;
        }
        "held" => {
            greeter.has_read.notify_one();
            greeter.go_on.notified().await;
        }
        "panic" => unwind(),
        "silence" => return Ok(greeting(String::new())),
        "large" => return Ok(greeting(too_large())),
        _ => {}
    }
    let text = said(request.into_inner())?;
    Ok(greeting(format!("hello {text}")))
}

#[derive(Clone, Copy)]
enum Step {
    Say(&'static str),
    SayTooMuch,
    /// Until the test says so.
    Wait,
    Never,
    Fail,
    Panic,
}

type Steps = Pin<Box<dyn Stream<Item = Result<String, Status>> + Send>>;

fn stream(request: &Request<String>, greeter: &Greeter) -> Result<Response<Steps>, Status> {
    let greeter = greeter.clone();
    let steps: &[_] = match request.get_ref().as_str() {
        "three" => &[Step::Say("one"), Step::Say("two"), Step::Say("three")],
        "none" => &[],
        "broken" => &[Step::Say("one"), Step::Fail],
        "broken at once" => &[Step::Fail],
        "endless" => &[Step::Say("one"), Step::Never],
        "held" => &[Step::Say("one"), Step::Wait, Step::Say("two")],
        "panic midway" => &[Step::Say("one"), Step::Wait, Step::Panic],
        "panic" => unwind(),
        "large" => &[Step::Say("one"), Step::Wait, Step::SayTooMuch],
        _ => return Err(failure(Code::Internal)),
    };
    let steps = tokio_stream::iter(steps).then(move |&step| {
        let greeter = greeter.clone();
        async move {
            Some(match step {
                Step::Say(text) => Ok(text.into()),
                Step::SayTooMuch => Ok(too_large()),
                Step::Wait => {
                    greeter.go_on.notified().await;
                    return None;
                }
                Step::Never => pending().await,
                Step::Fail => Err(failure(Code::Internal)),
                Step::Panic => unwind(),
            })
        }
    });
    Ok(greeting(Box::pin(steps.filter_map(|said| said))))
}

async fn join(request: Request<Streaming<String>>, greeter: Greeter) -> Result<Response<String>, Status> {
    let (mut messages, mut all) = (request.into_inner(), Vec::new());
    while let Some(text) = messages.message().await? {
        all.push(said(text)?);
        greeter.has_read.notify_one();
    }
    Ok(greeting(all.join(" and ")))
}

fn echo(request: Request<Streaming<String>>) -> Response<Steps> {
    greeting(Box::pin(request.into_inner().map(|text| said(text?))))
}

fn said(text: String) -> Result<String, Status> {
    match text.strip_prefix("code ") {
        Some(code) => Err(failure(Code::from_bytes(code.as_bytes()))),
        None => Ok(text),
    }
}

fn greeting<T>(message: T) -> Response<T> {
    let mut response = Response::new(message);
    response.metadata_mut().insert("greeter", "here".parse().expect("metadata"));
    response
}

/// With all that a status can have.
fn failure(code: Code) -> Status {
    let mut metadata = MetadataMap::new();
    metadata.insert("why", "it was asked to".parse().expect("metadata"));
    Status::with_details_and_metadata(code, "naïve: 100 %", Bytes::from_static(b"\0details"), metadata)
}

fn too_large() -> String {
    "x".repeat(MAX_MESSAGE)
}

/// What no service of tonic's would answer.
fn raw(method: &str) -> Option<http::Response<Body>> {
    let grpc = "application/grpc";
    let message = || Full::new(Bytes::from_static(b"\0\0\0\0\x05\x0a\x03one"));
    let with = |name, value| {
        let trailers = HeaderMap::from_iter([(HeaderName::from_static(name), HeaderValue::from_static(value))]);
        Body::new(message().with_trailers(ready(Some(Ok(trailers)))))
    };
    let (status, content_type, body) = match method {
        "StatusNowhere" => (200, grpc, Body::new(message())),
        "StatusLost" => (200, grpc, with("checksum", "10")),
        "StatusMalformed" => (200, grpc, with("grpc-status", "fine")),
        "Thirteen" => (200, grpc, with("grpc-status", "13")),
        "ThirteenOnly" => return Some(Status::internal("").into_http()),
        "Page" => (503, "text/html", Body::new(message())),
        "Web" => (200, "application/grpc-web+proto", Body::new(message())),
        _ => (method.strip_prefix("Http")?.parse().ok()?, grpc, Body::empty()),
    };
    let response = http::Response::builder().status(status).header("content-type", content_type);
    Some(response.body(body).expect("a response"))
}

/// Panics without calling the process's panic hook.
fn unwind() -> ! {
    resume_unwind(Box::new("scripted"))
}
