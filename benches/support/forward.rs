use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Instant,
};

use http::Response;
use http_body::{Body, Frame, SizeHint};
use metrics::Histogram;
use pin_project_lite::pin_project;
use tower::{Layer, Service};

/// Does nothing but be a layer: what is left is axum's boxing, which any layer costs.
#[derive(Clone, Copy)]
pub(crate) struct ForwardLayer;

#[derive(Clone, Copy)]
pub(crate) struct Forward<S>(S);

impl<S> Layer<S> for ForwardLayer {
    type Service = Forward<S>;

    fn layer(&self, inner: S) -> Forward<S> {
        Forward(inner)
    }
}

impl<S: Service<R>, R> Service<R> for Forward<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: R) -> S::Future {
        self.0.call(request)
    }
}

/// Does nothing but be a layer with a body type of its own, as any has that sees a body's end: axum boxes such a body.
#[derive(Clone, Default)]
pub(crate) struct WrapLayer {
    durations: Option<Histogram>,
}

impl WrapLayer {
    /// The least that a monitoring layer can do: it records the time to the body's end, and nothing else of a request.
    pub(crate) fn timing() -> Self {
        Self { durations: Some(metrics::histogram!("floor_duration_seconds")) }
    }
}

#[derive(Clone)]
pub(crate) struct Wrap<S> {
    inner: S,
    durations: Option<Histogram>,
}

pin_project! {
    pub(crate) struct Wrapped<T> {
        #[pin]
        inner: T,
        timing: Option<Timing>,
    }
}

/// Its drop is the end.
struct Timing {
    start: Instant,
    durations: Histogram,
}

impl Drop for Timing {
    fn drop(&mut self) {
        self.durations.record(self.start.elapsed());
    }
}

impl<S> Layer<S> for WrapLayer {
    type Service = Wrap<S>;

    fn layer(&self, inner: S) -> Wrap<S> {
        Wrap { inner, durations: self.durations.clone() }
    }
}

impl<S: Service<R, Response = Response<B>>, R, B> Service<R> for Wrap<S> {
    type Response = Response<Wrapped<B>>;
    type Error = S::Error;
    type Future = Wrapped<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: R) -> Self::Future {
        let timing = self.durations.clone().map(|durations| Timing { start: Instant::now(), durations });
        Wrapped { inner: self.inner.call(request), timing }
    }
}

impl<F: Future<Output = Result<Response<B>, E>>, B, E> Future for Wrapped<F> {
    type Output = Result<Response<Wrapped<B>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let result = ready!(this.inner.poll(cx));
        Poll::Ready(result.map(|response| response.map(|inner| Wrapped { inner, timing: this.timing.take() })))
    }
}

impl<B: Body> Body for Wrapped<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        self.project().inner.poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
