use std::net::IpAddr;

use http::{Extensions, HeaderMap, Method, Request, Uri, request, response};

use crate::{
    ObserveLayer, Outcome, RequestContext,
    naming::{self, Naming},
    peer,
    recording::quietly,
};

/// Watches exchanges: configuration that is cloned into each service, with an [`Exchange`] for each request.
///
/// All services of a layer share one observer.
/// `()`, `Option<O>` and tuples of observers are observers too. In a tuple the first is the outermost: the others begin,
/// run and end inside its [`Exchange::enter`].
pub trait Observe: Clone + Send + Sync + 'static {
    /// The state for one exchange.
    type Exchange: Exchange;

    /// Whether this exchange is to be observed at all. Default: yes.
    ///
    /// Called first, for each request. If any observer of a tuple says no, the request passes through all of them
    /// untouched: no context, no span, no metric, as if the layer were not there.
    fn admits(&self, head: &RequestHead<'_>) -> bool {
        let _ = head;
        true
    }

    /// Whether this observer wants to know what layers further in, and the handler, leave in the [`RequestContext`]: the
    /// route of a router further in, the error behind a response. Default: yes.
    ///
    /// Called once all have [begun](Self::begin), with the endpoint named as far as the request's head tells. If no observer of a
    /// tuple does, the context stays out of the request's extensions, unless a layer further out has put it there. That saves
    /// up to three allocations.
    fn wants_context(&self, cx: &RequestContext) -> bool {
        let _ = cx;
        true
    }

    /// Begins an exchange. Called once, before the inner service is called.
    ///
    /// A panic in here is caught, and leaves the request unobserved by this observer.
    fn begin(&self, head: &mut request::Parts, cx: &RequestContext) -> Self::Exchange;

    /// The layer that drives this observer.
    fn into_layer(self) -> ObserveLayer<Self> {
        ObserveLayer::new(self)
    }
}

/// What an observer keeps for one exchange.
pub trait Exchange: Send + 'static {
    /// Runs `f` with this exchange's span or hub as the current one.
    ///
    /// Called around the inner service's `call`, each poll of its future and of its body, and the drop of both.
    fn enter<R>(&mut self, f: impl FnOnce() -> R) -> R {
        f()
    }

    /// Runs `f`, the inner code of a request that was not [admitted](Observe::admits). Default: just that.
    ///
    /// For what would be left behind even though nothing is observed, such as what inner code itself reports. It must cost
    /// next to nothing.
    fn outside<R>(f: impl FnOnce() -> R) -> R {
        f()
    }

    /// The response head is ready, and may be added to.
    fn head(&mut self, head: &mut response::Parts) {
        let _ = head;
    }

    /// A data frame of `len` bytes passes.
    fn data(&mut self, len: usize) {
        let _ = len;
    }

    /// The trailers pass.
    fn trailers(&mut self, trailers: &HeaderMap) {
        let _ = trailers;
    }

    /// The exchange is over. Called exactly once, whatever happened; often while something is dropped.
    ///
    /// A panic in here is caught.
    fn end(&mut self, cx: &RequestContext, outcome: &Outcome<'_>);
}

/// A borrowed view of a request's head.
#[derive(Clone, Copy, Debug)]
pub struct RequestHead<'a> {
    /// The method.
    pub method: &'a Method,
    /// The target.
    pub uri: &'a Uri,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The extensions that outer layers and the host left.
    pub extensions: &'a Extensions,
    naming: Option<&'a Naming>,
}

impl<'a> RequestHead<'a> {
    /// The view of a head that no layer has seen.
    pub fn of(head: &'a request::Parts) -> Self {
        Self {
            method: &head.method,
            uri: &head.uri,
            headers: &head.headers,
            extensions: &head.extensions,
            naming: None,
        }
    }

    pub(crate) fn of_request<B>(request: &'a Request<B>, naming: &'a Naming) -> Self {
        Self {
            method: request.method(),
            uri: request.uri(),
            headers: request.headers(),
            extensions: request.extensions(),
            naming: Some(naming),
        }
    }

    /// The template that the host's router, or the layer's [`RouteTable`](crate::RouteTable), has matched, if one has.
    pub fn route(&self) -> Option<&'a str> {
        Naming::matched_by_host(self.extensions).or_else(|| self.naming?.matched_by_table(self.uri))
    }

    /// Whether the request calls a gRPC method, by its method, content type and path. Its name is the path then, whatever route the
    /// host's router has for it: tonic's has one for each service.
    pub fn is_grpc(&self) -> bool {
        naming::grpc_method(self.method, self.headers, self.uri).is_some()
    }

    /// The address at the other end of the connection, where the host tells: axum's `ConnectInfo<SocketAddr>`, tonic's
    /// `TcpConnectInfo`, or, for hyper and others, a [`SocketAddr`](std::net::SocketAddr) that was put into the extensions. A
    /// proxy, perhaps: no header is asked, which anybody could send.
    pub fn peer(&self) -> Option<IpAddr> {
        peer::address(self.extensions).map(|address| address.ip())
    }
}

/// The exchange of two observers, the first around the second. Tuples of observers are built from it.
#[derive(Debug)]
pub struct Both<A, B>(A, B);

impl<A: Exchange, B: Exchange> Exchange for Both<A, B> {
    fn enter<R>(&mut self, f: impl FnOnce() -> R) -> R {
        let Self(a, b) = self;
        a.enter(|| b.enter(f))
    }

    fn outside<R>(f: impl FnOnce() -> R) -> R {
        A::outside(|| B::outside(f))
    }

    // The first one's panic is kept from the second here, and the second one's by whoever called.
    fn head(&mut self, head: &mut response::Parts) {
        quietly(|| self.0.head(head));
        self.1.head(head);
    }

    fn data(&mut self, len: usize) {
        quietly(|| self.0.data(len));
        self.1.data(len);
    }

    fn trailers(&mut self, trailers: &HeaderMap) {
        quietly(|| self.0.trailers(trailers));
        self.1.trailers(trailers);
    }

    // Inside out, so that a span closes and its log line is written while the hub around it is still there.
    fn end(&mut self, cx: &RequestContext, outcome: &Outcome<'_>) {
        let Self(a, b) = self;
        quietly(|| a.enter(|| b.end(cx, outcome)));
        a.end(cx, outcome);
    }
}

impl Observe for () {
    type Exchange = ();

    fn wants_context(&self, _: &RequestContext) -> bool {
        false
    }

    fn begin(&self, _: &mut request::Parts, _: &RequestContext) {}
}

impl Exchange for () {
    fn end(&mut self, _: &RequestContext, _: &Outcome<'_>) {}
}

impl<O: Observe> Observe for Option<O> {
    type Exchange = Option<O::Exchange>;

    fn admits(&self, head: &RequestHead<'_>) -> bool {
        self.as_ref().is_none_or(|observer| observer.admits(head))
    }

    fn wants_context(&self, cx: &RequestContext) -> bool {
        self.as_ref().is_some_and(|observer| observer.wants_context(cx))
    }

    fn begin(&self, head: &mut request::Parts, cx: &RequestContext) -> Self::Exchange {
        self.as_ref().map(|observer| observer.begin(head, cx))
    }
}

impl<E: Exchange> Exchange for Option<E> {
    fn enter<R>(&mut self, f: impl FnOnce() -> R) -> R {
        match self {
            Some(exchange) => exchange.enter(f),
            None => f(),
        }
    }

    fn outside<R>(f: impl FnOnce() -> R) -> R {
        E::outside(f)
    }

    fn head(&mut self, head: &mut response::Parts) {
        if let Some(exchange) = self {
            exchange.head(head);
        }
    }

    fn data(&mut self, len: usize) {
        if let Some(exchange) = self {
            exchange.data(len);
        }
    }

    fn trailers(&mut self, trailers: &HeaderMap) {
        if let Some(exchange) = self {
            exchange.trailers(trailers);
        }
    }

    fn end(&mut self, cx: &RequestContext, outcome: &Outcome<'_>) {
        if let Some(exchange) = self {
            exchange.end(cx, outcome);
        }
    }
}

macro_rules! exchange_of {
    ($last:ident) => { Option<$last::Exchange> };
    ($first:ident $($rest:ident)+) => { Both<Option<$first::Exchange>, exchange_of!($($rest)+)> };
}

// An observer whose `begin` panics is left out, so that those which have begun come to their end.
macro_rules! begin {
    ($head:ident, $cx:ident, $last:ident) => { quietly(|| $last.begin($head, $cx)) };
    ($head:ident, $cx:ident, $first:ident $($rest:ident)+) => {{
        let mut first = quietly(|| $first.begin($head, $cx));
        let rest = first.enter(|| begin!($head, $cx, $($rest)+));
        Both(first, rest)
    }};
}

macro_rules! observe_tuple {
    ($($name:ident)+) => {
        #[allow(non_snake_case, reason = "the macro names each field after its type")]
        impl<$($name: Observe),+> Observe for ($($name,)+) {
            type Exchange = exchange_of!($($name)+);

            fn admits(&self, head: &RequestHead<'_>) -> bool {
                let ($($name,)+) = self;
                $($name.admits(head))&&+
            }

            fn wants_context(&self, cx: &RequestContext) -> bool {
                let ($($name,)+) = self;
                $($name.wants_context(cx))||+
            }

            fn begin(&self, head: &mut request::Parts, cx: &RequestContext) -> Self::Exchange {
                let ($($name,)+) = self;
                begin!(head, cx, $($name)+)
            }
        }
    };
}

observe_tuple!(A);
observe_tuple!(A B);
observe_tuple!(A B C);
observe_tuple!(A B C D);
observe_tuple!(A B C D E);
observe_tuple!(A B C D E F);
observe_tuple!(A B C D E F G);
observe_tuple!(A B C D E F G H);
