//! A host that polls so often and then gives up, and may catch panics.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    task::Poll,
    thread,
};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use http_body_util::BodyExt;
use tower::Service;

use super::fixtures::{ALL, poll_once};

/// How a host treats an exchange: it polls so often, and then drops what it has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Host {
    pub(crate) polls: usize,
    pub(crate) body_polls: usize,
    /// Whether it catches panics at each poll, and so drops the future and the body later than they panicked.
    pub(crate) shields: bool,
}

/// What a host got.
#[derive(Debug, Default)]
pub(crate) struct Served {
    pub(crate) head: bool,
    pub(crate) error: bool,
    pub(crate) bytes: u64,
    pub(crate) over: bool,
    /// What the last panic said.
    pub(crate) panic: Option<&'static str>,
}

impl Host {
    /// Reads to the end.
    pub(crate) const PATIENT: Self = Self { polls: ALL, body_polls: ALL, shields: false };

    pub(crate) fn serve<S, B>(self, service: S, request: Request<()>) -> Served
    where
        S: Service<Request<()>, Response = Response<B>>,
        B: Body<Data = Bytes>,
    {
        let mut served = Served::default();
        let driven = catch_unwind(AssertUnwindSafe(|| self.drive(service, request, &mut served))).flatten();
        served.panic = driven.err().map(|payload| *payload.downcast().expect("a scripted panic says why"));
        served
    }

    fn drive<S, B>(self, mut service: S, request: Request<()>, served: &mut Served) -> thread::Result<()>
    where
        S: Service<Request<()>, Response = Response<B>>,
        B: Body<Data = Bytes>,
    {
        let mut future = Box::pin(service.call(request));
        let mut result = Poll::Pending;
        for _ in 0..self.polls {
            result = self.poll(|| poll_once(&mut future))?;
            if result.is_ready() {
                break;
            }
        }
        let Poll::Ready(result) = result else { return Ok(()) };
        drop(future);
        served.error = result.is_err();
        let Ok(response) = result else { return Ok(()) };
        served.head = true;
        let mut body = Box::pin(response.into_body());
        for _ in 0..self.body_polls {
            match self.poll(|| poll_once(&mut body.frame()))? {
                Poll::Pending => {}
                Poll::Ready(Some(Ok(frame))) => {
                    served.bytes += frame.data_ref().map_or(0, Bytes::len) as u64;
                    served.over |= frame.is_trailers();
                }
                Poll::Ready(Some(Err(_))) => {
                    served.error = true;
                    return Ok(());
                }
                Poll::Ready(None) => {
                    served.over = true;
                    return Ok(());
                }
            }
        }
        served.over |= body.is_end_stream();
        Ok(())
    }

    fn poll<T>(self, poll: impl FnOnce() -> Poll<T>) -> thread::Result<Poll<T>> {
        if self.shields { catch_unwind(AssertUnwindSafe(poll)) } else { Ok(poll()) }
    }
}
