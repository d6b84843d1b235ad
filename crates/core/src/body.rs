use std::{
    fmt::Display,
    pin::Pin,
    task::{Context, Poll, ready},
};

use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use crate::{End, Exchange, FailurePhase, outcome::Failure, recording::Recording};

pin_project! {
    /// Response body of [`ObserveService`](crate::ObserveService): passes every frame on as it is, and sees the end.
    // The bound is here because `Drop` needs it.
    pub struct ObserveBody<B, E: Exchange> {
        // `None` once it has ended, so that it is dropped inside the exchange.
        #[pin]
        inner: Option<B>,
        recording: Option<Recording<E>>,
    }

    impl<B, E: Exchange> PinnedDrop for ObserveBody<B, E> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            match this.recording {
                Some(recording) => recording.enter(|| this.inner.set(None)),
                None => E::outside(|| this.inner.set(None)),
            }
        }
    }
}

impl<B, E: Exchange> ObserveBody<B, E> {
    pub(crate) fn new(inner: B, recording: Recording<E>) -> Self {
        Self { inner: Some(inner), recording: Some(recording) }
    }

    pub(crate) fn unobserved(inner: B) -> Self {
        Self { inner: Some(inner), recording: None }
    }
}

impl<B, E> Body for ObserveBody<B, E>
where
    B: Body,
    B::Error: Display + 'static,
    E: Exchange,
{
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let mut this = self.project();
        let Some(mut inner) = this.inner.as_mut().as_pin_mut() else {
            return Poll::Ready(None);
        };
        let Some(recording) = this.recording else {
            return E::outside(|| inner.poll_frame(cx));
        };

        let polled = ready!(recording.enter(|| inner.as_mut().poll_frame(cx)));
        let over = match &polled {
            Some(Ok(frame)) => {
                if let Some(data) = frame.data_ref() {
                    recording.data(data);
                    // A host that sees this asks for no further frame.
                    let is_end = recording.watch(|_| inner.is_end_stream());
                    recording.settle(is_end);
                    false
                } else if let Some(trailers) = frame.trailers_ref() {
                    recording.trailers(trailers);
                    true
                } else {
                    false
                }
            }
            Some(Err(_)) | None => true,
        };
        if over {
            recording.enter(|| this.inner.set(None));
            let recording = this.recording.take().expect("it was there above");
            recording.end(match &polled {
                Some(Err(error)) => End::Failed(Failure::new(FailurePhase::Body, error)),
                _ => End::Completed,
            });
        }
        Poll::Ready(polled)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.as_ref().map_or_else(|| SizeHint::with_exact(0), Body::size_hint)
    }
}

impl<B, E: Exchange> std::fmt::Debug for ObserveBody<B, E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ObserveBody").finish_non_exhaustive()
    }
}

// Lets a host that boxes response bodies, and a test, make one from nothing.
impl<B: Default, E: Exchange> Default for ObserveBody<B, E> {
    fn default() -> Self {
        Self::unobserved(B::default())
    }
}
