use std::{
    fmt::{self, Display},
    sync::Arc,
    task::{Context, Poll},
};

use http::{Request, Response};
use http_body::Body;
use tower_service::Service;

use crate::{
    Exchange, Observe, ObserveBody, ObserveFuture, RequestContext, RequestHead,
    layer::Shared,
    recording::{Recording, quietly},
    request_body,
};

/// Service that drives an [`Observe`]r through every exchange of `S`. Made by [`ObserveLayer`](crate::ObserveLayer).
///
/// The request goes on as it came, with a [`RequestContext`] in its extensions; its body keeps its type, so that services and
/// layers that name it go on compiling. To count the bytes of a body as they are read, and to capture them, it must be wrapped,
/// and only a type that can hold any body can be wrapped and stay what it is. These are: `axum::body::Body` (feature `axum`),
/// `tonic::body::Body` (feature `tonic`), and http-body-util's `BoxBody<Bytes, E>` and `UnsyncBoxBody<Bytes, E>` where `E` is
/// `hyper::Error`, `Box<dyn Error + Send + Sync>`, `io::Error` or `Infallible` (feature `hyper`).
///
/// `hyper::body::Incoming` cannot, so its bytes are [unknown](crate::RequestContext::request_bytes), and of a body that is to be
/// captured its type and declared size are all there is. Box it before the layer, at one allocation:
///
/// ```
/// # #[cfg(feature = "hyper")] {
/// # use std::convert::Infallible;
/// # use bytes::Bytes;
/// # use http::{Request, Response};
/// # use http_body_util::{BodyExt, Full, combinators::BoxBody};
/// # use hyper::body::Incoming;
/// # use tower::{Layer, ServiceBuilder, service_fn};
/// # use tower_telemetry_core::Observe;
/// # let layer = ().into_layer();
/// # let service = service_fn(|_: Request<BoxBody<Bytes, hyper::Error>>| async {
/// #     Ok::<_, Infallible>(Response::new(Full::new(Bytes::new())))
/// # });
/// let service = ServiceBuilder::new()
///     .map_request(|request: Request<Incoming>| request.map(BodyExt::boxed))
///     .layer(layer)
///     .service(service); // of Request<BoxBody<Bytes, hyper::Error>>
/// # }
/// ```
pub struct ObserveService<S, O> {
    inner: S,
    shared: Arc<Shared<O>>,
}

impl<S, O> ObserveService<S, O> {
    pub(crate) fn new(inner: S, shared: Arc<Shared<O>>) -> Self {
        Self { inner, shared }
    }
}

impl<S, O, ReqBody, ResBody> Service<Request<ReqBody>> for ObserveService<S, O>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
    S::Error: Display + 'static,
    O: Observe,
    ReqBody: 'static,
    ResBody: Body,
    ResBody::Error: Display + 'static,
{
    type Response = Response<ObserveBody<ResBody, O::Exchange>>;
    type Error = S::Error;
    type Future = ObserveFuture<S::Future, O::Exchange>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<ReqBody>) -> Self::Future {
        let head = RequestHead::of_request(&request, &self.shared.naming);
        if quietly(|| self.shared.observer.admits(&head)) == Some(true) {
            self.observe(request)
        } else {
            ObserveFuture::unobserved(O::Exchange::outside(|| self.inner.call(request)))
        }
    }
}

impl<S, O: Observe> ObserveService<S, O> {
    // Apart from `call`, so that a request which is left alone goes a short way.
    #[inline(never)]
    fn observe<ReqBody>(&mut self, request: Request<ReqBody>) -> ObserveFuture<S::Future, O::Exchange>
    where
        S: Service<Request<ReqBody>>,
        ReqBody: 'static,
    {
        let Shared { observer, naming } = &*self.shared;
        let (mut parts, mut body) = request.into_parts();
        let begun = quietly(|| {
            let (cx, is_new) = RequestContext::unshared_of(&parts.extensions, || naming.names(&parts));
            let exchange = observer.begin(&mut parts, &cx);
            if is_new && observer.wants_context(&cx) {
                parts.extensions.insert(cx.clone());
            }
            (exchange, cx)
        });
        let Some((exchange, cx)) = begun else {
            let request = Request::from_parts(parts, body);
            return ObserveFuture::unobserved(O::Exchange::outside(|| self.inner.call(request)));
        };
        request_body::tap(&mut body, &parts.headers, &cx);

        let mut recording = Box::new(Recording::new(exchange, cx, &parts, naming));
        // A panic leaves `recording` to its drop, which tells the observers.
        let future = recording.enter(|| self.inner.call(Request::from_parts(parts, body)));
        ObserveFuture::new(future, recording)
    }
}

// Derived, it would ask that observers are `Clone`; that they are is for builders.
impl<S: Clone, O> Clone for ObserveService<S, O> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), shared: self.shared.clone() }
    }
}

impl<S: fmt::Debug, O: fmt::Debug> fmt::Debug for ObserveService<S, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { inner, shared } = self;
        f.debug_struct("ObserveService")
            .field("inner", inner)
            .field("observer", &shared.observer)
            .finish_non_exhaustive()
    }
}
