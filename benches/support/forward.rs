use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use http::Response;
use http_body::{Body, Frame, SizeHint};
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
#[derive(Clone, Copy)]
pub(crate) struct WrapLayer;

#[derive(Clone, Copy)]
pub(crate) struct Wrap<S>(S);

pin_project! {
    pub(crate) struct Wrapped<T> {
        #[pin]
        inner: T,
    }
}

impl<S> Layer<S> for WrapLayer {
    type Service = Wrap<S>;

    fn layer(&self, inner: S) -> Wrap<S> {
        Wrap(inner)
    }
}

impl<S: Service<R, Response = Response<B>>, R, B> Service<R> for Wrap<S> {
    type Response = Response<Wrapped<B>>;
    type Error = S::Error;
    type Future = Wrapped<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: R) -> Self::Future {
        Wrapped { inner: self.0.call(request) }
    }
}

impl<F: Future<Output = Result<Response<B>, E>>, B, E> Future for Wrapped<F> {
    type Output = Result<Response<Wrapped<B>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(ready!(self.project().inner.poll(cx)).map(|response| response.map(|inner| Wrapped { inner })))
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
