use std::{
    fmt::Display,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use http::Response;
use http_body::Body;
use pin_project_lite::pin_project;

use crate::{End, Exchange, FailurePhase, ObserveBody, outcome::Failure, recording::Recording};

pin_project! {
    /// Response future of [`ObserveService`](crate::ObserveService).
    // The bound is here because `Drop` needs it.
    pub struct ObserveFuture<F, E: Exchange> {
        // `None` once it is done, so that it is dropped inside the exchange.
        #[pin]
        inner: Option<F>,
        recording: Option<Box<Recording<E>>>,
    }

    impl<F, E: Exchange> PinnedDrop for ObserveFuture<F, E> {
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

impl<F, E: Exchange> ObserveFuture<F, E> {
    pub(crate) fn new(inner: F, recording: Box<Recording<E>>) -> Self {
        Self { inner: Some(inner), recording: Some(recording) }
    }

    pub(crate) fn unobserved(inner: F) -> Self {
        Self { inner: Some(inner), recording: None }
    }
}

impl<F, E, B, Error> Future for ObserveFuture<F, E>
where
    F: Future<Output = Result<Response<B>, Error>>,
    E: Exchange,
    B: Body,
    Error: Display + 'static,
{
    type Output = Result<Response<ObserveBody<B, E>>, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let poll = || {
            let inner = this.inner.as_mut().as_pin_mut().expect("a future is not polled after it was ready");
            let polled = inner.poll(cx);
            if polled.is_ready() {
                this.inner.set(None);
            }
            polled
        };
        let Some(recording) = this.recording else {
            return E::outside(poll).map_ok(|response| response.map(ObserveBody::unobserved));
        };

        let result = ready!(recording.enter(poll));
        let mut recording = this.recording.take().expect("it was there above");
        Poll::Ready(match result {
            Ok(response) => {
                let (mut parts, body) = response.into_parts();
                recording.head(&mut parts, &body);
                Ok(Response::from_parts(parts, ObserveBody::new(body, recording)))
            }
            Err(error) => {
                recording.end(End::Failed(Failure::new(FailurePhase::Service, &error)));
                Err(error)
            }
        })
    }
}

impl<F, E: Exchange> std::fmt::Debug for ObserveFuture<F, E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ObserveFuture").finish_non_exhaustive()
    }
}
