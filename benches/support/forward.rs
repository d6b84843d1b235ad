use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use http::{HeaderMap, Request, Response};
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

/// Sees a request to its body's end, with a body type of its own, as any layer must: axum boxes such a body. Does some work there.
#[derive(Clone, Copy)]
pub(crate) struct WrapLayer<W>(pub(crate) W);

/// What is done for each request.
pub(crate) trait Work: Clone {
    /// Its drop is the end.
    type Exchange: Exchange;

    fn begin<B>(&self, request: &mut Request<B>) -> Self::Exchange;
}

pub(crate) trait Exchange {
    /// Around all inner code.
    fn enter<R>(&mut self, f: impl FnOnce() -> R) -> R {
        f()
    }

    fn head(&mut self, headers: &mut HeaderMap) {
        let _ = headers;
    }
}

impl Work for () {
    type Exchange = ();

    fn begin<B>(&self, _: &mut Request<B>) {}
}

impl Exchange for () {}

#[derive(Clone)]
pub(crate) struct Wrap<S, W> {
    inner: S,
    work: W,
}

pin_project! {
    pub(crate) struct Wrapped<T, E> {
        #[pin]
        inner: T,
        exchange: Option<E>,
    }
}

impl<S, W: Clone> Layer<S> for WrapLayer<W> {
    type Service = Wrap<S, W>;

    fn layer(&self, inner: S) -> Wrap<S, W> {
        Wrap { inner, work: self.0.clone() }
    }
}

impl<S: Service<Request<A>, Response = Response<B>>, W: Work, A, B> Service<Request<A>> for Wrap<S, W> {
    type Response = Response<Wrapped<B, W::Exchange>>;
    type Error = S::Error;
    type Future = Wrapped<S::Future, W::Exchange>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<A>) -> Self::Future {
        let mut exchange = self.work.begin(&mut request);
        let inner = exchange.enter(|| self.inner.call(request));
        Wrapped { inner, exchange: Some(exchange) }
    }
}

impl<T, E: Exchange> Wrapped<T, E> {
    /// Runs `f` with what is inside, in the exchange.
    fn entered<R>(self: Pin<&mut Self>, f: impl FnOnce(Pin<&mut T>) -> R) -> R {
        let this = self.project();
        let exchange = this.exchange.as_mut().expect("a future is not polled after it was ready");
        exchange.enter(|| f(this.inner))
    }
}

impl<F: Future<Output = Result<Response<B>, Error>>, E: Exchange, B, Error> Future for Wrapped<F, E> {
    type Output = Result<Response<Wrapped<B, E>>, Error>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut response = ready!(self.as_mut().entered(|inner| inner.poll(cx)))?;
        let mut exchange = self.project().exchange.take();
        if let Some(exchange) = &mut exchange {
            exchange.head(response.headers_mut());
        }
        Poll::Ready(Ok(response.map(|inner| Wrapped { inner, exchange })))
    }
}

impl<B: Body, E: Exchange> Body for Wrapped<B, E> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        self.entered(|inner| inner.poll_frame(cx))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
