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
        recording: Option<Box<Recording<E>>>,
    }

    impl<B, E: Exchange> PinnedDrop for ObserveBody<B, E> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            match this.recording {
                Some(recording) => recording.enter(|| this.inner.set(None)),
                None if this.inner.is_some() => E::outside(|| this.inner.set(None)),
                None => {}
            }
        }
    }
}

impl<B, E: Exchange> ObserveBody<B, E> {
    pub(crate) fn new(inner: B, recording: Box<Recording<E>>) -> Self {
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
        let poll = || {
            let Some(mut inner) = this.inner.as_mut().as_pin_mut() else { return Poll::Ready((None, true)) };
            let polled = ready!(inner.as_mut().poll_frame(cx));
            let is_last = match &polled {
                // A host that sees the end asks for no further frame.
                Some(Ok(frame)) => frame.is_trailers() || (frame.is_data() && inner.is_end_stream()),
                Some(Err(_)) | None => true,
            };
            if is_last {
                this.inner.set(None);
            }
            Poll::Ready((polled, is_last))
        };
        let Some(recording) = this.recording else {
            return E::outside(poll).map(|(polled, _)| polled);
        };

        let (polled, is_last) = ready!(recording.enter(poll));
        if let Some(Ok(frame)) = &polled {
            if let Some(data) = frame.data_ref() {
                recording.data(data);
            } else if let Some(trailers) = frame.trailers_ref() {
                recording.trailers(trailers);
            }
        }
        if is_last {
            let mut recording = this.recording.take().expect("it was there above");
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
