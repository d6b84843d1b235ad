//! One service for every host: what it replies is the last segment of the path.

use std::{
    convert::Infallible,
    fmt,
    future::{Future, pending, ready},
    iter,
    panic::resume_unwind,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use http_body::{Body, Frame};
use http_body_util::{BodyExt, Empty, Full, StreamBody, combinators::UnsyncBoxBody};
use hyper::upgrade;
use hyper_util::rt::TokioIo;
use tests::probe::Failed;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::Notify,
};
use tokio_stream::{Stream, StreamExt};
use tower::{BoxError, Service};
use tower_telemetry_core::{FailurePhase, RouteTable};

/// Any body at all.
pub(crate) type AnyBody = UnsyncBoxBody<Bytes, BoxError>;

/// The template of all paths that have a reply.
pub(crate) const ENDPOINT: &str = "/reply/{name}";

/// How many bytes the large replies have.
pub(crate) const LARGE: usize = 5 << 20;

/// For hosts without a router.
pub(crate) fn routes() -> RouteTable {
    RouteTable::new([ENDPOINT]).expect("one template is in nobody's way")
}

/// Releases the replies that are held.
#[derive(Clone, Default)]
pub(crate) struct Gate(Arc<Notify>);

impl Gate {
    pub(crate) fn open(&self) {
        self.0.notify_one();
    }
}

/// The service.
#[derive(Clone, Default)]
pub(crate) struct Replies(pub(crate) Gate);

impl<B> Service<Request<B>> for Replies
where
    B: Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    type Response = Response<AnyBody>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Response<AnyBody>, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        if name(&request) == "panic-in-call" {
            unwind()
        }
        Box::pin(reply(request, self.0.clone()))
    }
}

async fn reply<B>(mut request: Request<B>, gate: Gate) -> Result<Response<AnyBody>, BoxError>
where
    B: Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    Ok(match &*name(&request) {
        "known" => with(200, &[], full("hello")),
        "missing" => with(404, &[], full("hello")),
        "broken" => with(503, &[], full("hello")),
        "chunked" => with(200, &[], chunks(["one", "two", "three"])),
        "exact" => with(200, &[("content-length", "11")], chunks(["one", "two", "three"])),
        "empty" => with(200, &[], any(Empty::new())),
        "no-bytes" => with(200, &[], full("")),
        "no-chunks" => with(200, &[], chunks([])),
        "ended" => with(200, &[], any(Over)),
        "204" => with(204, &[], any(Empty::new())),
        "204-with-body" => with(204, &[], chunks(["one"])),
        "304" => with(304, &[("etag", "\"1\"")], any(Empty::new())),
        "304-with-body" => with(304, &[("etag", "\"1\"")], full("hello")),
        "trailers" => with(200, &[("trailer", "checksum")], trailed(chunks(["one", "two"]))),
        "no-data-but-trailers" => with(200, &[("trailer", "checksum")], trailed(chunks([]))),
        "large" => with(200, &[], any(Full::new(Bytes::from(vec![b'x'; LARGE])))),
        "large-chunked" => {
            let chunk = Bytes::from(vec![b'x'; LARGE / 80]);
            with(200, &[], stream(tokio_stream::iter(iter::repeat_n(chunk, 80).map(Ok))))
        }
        "echo" => with(200, &[], any(Full::new(request.into_body().collect().await.map_err(Into::into)?.to_bytes()))),
        "echo-as-it-comes" => with(200, &[], any(request.into_body())),
        "sink" => match request.into_body().collect().await {
            Ok(_) => with(200, &[], full("hello")),
            Err(_) => with(400, &[], full("hello")),
        },
        "flood" => with(200, &[], stream(tokio_stream::iter(iter::repeat(Bytes::from(vec![b'x'; 1 << 16])).map(Ok)))),
        "events" => with(200, &[("content-type", "text/event-stream")], then_nothing("data: 1\n\n")),
        "endless" => with(200, &[], then_nothing("one")),
        "endless-exact" => with(200, &[("content-length", "9")], then_nothing("one")),
        "torn" => with(200, &[], then("one", gate, || Err(Torn.into()))),
        "torn-exact" => with(200, &[("content-length", "9")], then("one", gate, || Err(Torn.into()))),
        "torn-at-once" => with(200, &[], stream(tokio_stream::iter([Err(Torn.into())]))),
        "error" => return Err(Torn.into()),
        "pending" => pending().await,
        "held" => {
            gate.0.notified().await;
            with(200, &[], full("hello"))
        }
        "held-midway" => with(200, &[], then("one", gate, || Ok(Bytes::from("two")))),
        "panic" => unwind(),
        "panic-midway" => with(200, &[], then("one", gate, || unwind())),
        "upgrade" => {
            tokio::spawn(pong(upgrade::on(&mut request)));
            with(101, &[("connection", "upgrade"), ("upgrade", "raw")], any(Empty::new()))
        }
        "tunnel" | "" => {
            tokio::spawn(pong(upgrade::on(&mut request)));
            with(200, &[], any(Empty::new()))
        }
        _ => with(404, &[], any(Empty::new())),
    })
}

fn name<B>(request: &Request<B>) -> String {
    request.uri().path().rsplit('/').next().unwrap_or_default().to_owned()
}

fn with(status: u16, headers: &[(&'static str, &'static str)], body: AnyBody) -> Response<AnyBody> {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).expect("the status is one");
    for (name, value) in headers {
        response.headers_mut().insert(*name, HeaderValue::from_static(value));
    }
    response
}

fn any<B: Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static>(body: B) -> AnyBody {
    body.map_err(Into::into).boxed_unsync()
}

fn full(text: &'static str) -> AnyBody {
    any(Full::new(Bytes::from(text)))
}

/// Knows neither its length nor its end beforehand.
fn chunks<const N: usize>(chunks: [&'static str; N]) -> AnyBody {
    stream(tokio_stream::iter(chunks.map(|chunk| Ok(Bytes::from(chunk)))))
}

fn then_nothing(text: &'static str) -> AnyBody {
    stream(tokio_stream::iter([Ok(Bytes::from(text))]).chain(tokio_stream::pending()))
}

/// The second comes when the gate is opened.
fn then(first: &'static str, gate: Gate, second: fn() -> Result<Bytes, BoxError>) -> AnyBody {
    let chunks = tokio_stream::iter([None, Some(gate)]);
    stream(chunks.then(move |gate| async move {
        let Some(gate) = gate else { return Ok(Bytes::from(first)) };
        gate.0.notified().await;
        second()
    }))
}

fn stream(chunks: impl Stream<Item = Result<Bytes, BoxError>> + Send + 'static) -> AnyBody {
    any(StreamBody::new(chunks.map(|chunk| chunk.map(Frame::data))))
}

fn trailed(body: AnyBody) -> AnyBody {
    let trailers = (HeaderName::from_static("checksum"), HeaderValue::from_static("6"));
    any(body.with_trailers(ready(Some(Ok(HeaderMap::from_iter([trailers]))))))
}

/// Answers four bytes with four of its own, and hangs up.
async fn pong(upgrade: upgrade::OnUpgrade) {
    let mut raw = TokioIo::new(upgrade.await.expect("the host upgrades"));
    let mut ping = [0; 4];
    raw.read_exact(&mut ping).await.expect("the client sends four bytes");
    raw.write_all(b"pong").await.expect("the client reads");
    raw.shutdown().await.expect("the client is still there");
}

/// Panics without calling the process's panic hook.
fn unwind() -> ! {
    resume_unwind(Box::new("scripted"))
}

/// Is at its end from the beginning, and does not say how long it is.
struct Over;

impl Body for Over {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        true
    }
}

/// What a probe sees of the service's error.
pub(crate) fn torn() -> Failed {
    let (text, type_name) = ("torn".to_owned(), std::any::type_name::<BoxError>());
    Failed { phase: FailurePhase::Service, chain: vec![text.clone()], text, type_name }
}

#[derive(Debug)]
pub(crate) struct Torn;

impl fmt::Display for Torn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("torn")
    }
}

impl std::error::Error for Torn {}
