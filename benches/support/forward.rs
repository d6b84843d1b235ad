use std::task::{Context, Poll};

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
