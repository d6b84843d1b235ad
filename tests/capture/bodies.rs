//! A body that does as it is told, and counts how often it is asked.

use std::{
    collections::VecDeque,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use bytes::Buf;
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};
use tower::BoxError;

pub(crate) enum Step<D> {
    Data(D),
    Trailers(HeaderMap),
    Pending,
    Error,
}

pub(crate) struct Scripted<D> {
    steps: VecDeque<Step<D>>,
    size: SizeHint,
    polls: Arc<AtomicUsize>,
}

impl<D> Scripted<D> {
    /// The body, and how often it has been polled.
    pub(crate) fn new(steps: impl IntoIterator<Item = Step<D>>) -> (Self, Arc<AtomicUsize>) {
        let polls = Arc::default();
        let body = Self { steps: steps.into_iter().collect(), size: SizeHint::default(), polls: Arc::clone(&polls) };
        (body, polls)
    }

    pub(crate) fn of(data: impl IntoIterator<Item = D>) -> Self {
        Self::new(data.into_iter().map(Step::Data)).0
    }

    pub(crate) fn sized(mut self, len: u64) -> Self {
        self.size = SizeHint::with_exact(len);
        self
    }
}

impl<D: Buf + Unpin> Body for Scripted<D> {
    type Data = D;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<D>, BoxError>>> {
        self.polls.fetch_add(1, Ordering::Relaxed);
        Poll::Ready(match self.steps.pop_front() {
            None => None,
            Some(Step::Data(data)) => Some(Ok(Frame::data(data))),
            Some(Step::Trailers(trailers)) => Some(Ok(Frame::trailers(trailers))),
            Some(Step::Error) => Some(Err("the line is cut".into())),
            Some(Step::Pending) => {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
        })
    }

    fn size_hint(&self) -> SizeHint {
        self.size
    }
}
