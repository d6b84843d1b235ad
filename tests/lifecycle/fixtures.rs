//! What the cases share: mocks that are observed, and bodies that are read.

use std::{
    error::Error,
    fmt,
    pin::Pin,
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use http_body::{Body, Frame};
use http_body_util::{BodyExt, combinators::UnsyncBoxBody};
use tower::BoxError;
use tower_telemetry_core::{Observe, ObserveBody, ObserveLayer, ObserveService};
use tower_test::mock::{self, Handle, Mock, Spawn};

/// Any body at all, so that cases fit into one table.
pub(crate) type AnyBody = UnsyncBoxBody<Bytes, BoxError>;

pub(crate) fn any<B>(body: B) -> AnyBody
where
    B: Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    body.map_err(Into::into).boxed_unsync()
}

/// Reads up to this many frames.
pub(crate) const ALL: usize = usize::MAX;

/// An observed mock, polled ready, and the handle that answers for it.
pub(crate) fn ready<O, T, B>(observer: O) -> (Observed<O, T, B>, Answers<T, B>)
where
    O: Observe,
    T: 'static,
    B: Body<Error: fmt::Display + 'static>,
{
    let (mut service, handle) = mock::spawn_layer(ObserveLayer::new(observer));
    assert!(matches!(service.poll_ready(), Poll::Ready(Ok(()))), "a mock is ready");
    (service, handle)
}

pub(crate) type Observed<O, T, B> = Spawn<ObserveService<Mock<Request<T>, Response<B>>, O>>;
pub(crate) type Answers<T, B> = Handle<Request<T>, Response<B>>;

/// The response of an observed service that gives this one.
pub(crate) async fn answered<O, B>(
    observer: O,
    request: Request<()>,
    response: Response<B>,
) -> Response<ObserveBody<B, O::Exchange>>
where
    O: Observe,
    B: Body<Error: fmt::Display + 'static>,
{
    let (mut service, mut handle) = ready(observer);
    let future = service.call(request);
    let (_, answer) = handle.next_request().await.expect("the request comes through");
    answer.send_response(response);
    future.await.expect("the mock answers")
}

/// Reads so many frames of a body, or to its end or error, and drops it.
pub(crate) async fn read<B: Body<Data = Bytes>>(body: B, frames: usize) -> Vec<Result<Frame<Bytes>, B::Error>> {
    let mut body = Box::pin(body);
    let mut seen = Vec::new();
    while seen.len() < frames {
        let Some(frame) = body.frame().await else { break };
        let failed = frame.is_err();
        seen.push(frame);
        if failed {
            break;
        }
    }
    seen
}

/// Polls once, as a host does that will hear of no waking.
pub(crate) fn poll_once<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
    Pin::new(future).poll(&mut Context::from_waker(Waker::noop()))
}

/// A header map of these.
pub(crate) fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
    let header =
        |(name, value): &(&'static str, &'static str)| (HeaderName::from_static(name), HeaderValue::from_static(value));
    pairs.iter().map(header).collect()
}

pub(crate) fn response<B>(status: u16, pairs: &[(&'static str, &'static str)], body: B) -> Response<B> {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).expect("the status is one");
    *response.headers_mut() = headers(pairs);
    response
}

/// An error with a source.
#[derive(Debug)]
pub(crate) struct Torn;

impl fmt::Display for Torn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("torn")
    }
}

impl Error for Torn {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&Cause)
    }
}

#[derive(Debug)]
struct Cause;

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a cause")
    }
}

impl Error for Cause {}
