use std::{convert::Infallible, future::Ready};

use bytes::Bytes;
use http::{Request, Response, request};
use http_body::Body;
use http_body_util::{BodyExt, Empty, Full};
use tower::{Layer, Service, ServiceBuilder, ServiceExt, service_fn};
use tower_http::{
    on_early_drop::{EarlyDropsAsFailures, OnEarlyDropLayer},
    trace::{DefaultOnFailure, TraceLayer},
};
use tower_telemetry_core::{Exchange, Observe, Outcome, RequestContext};
use tower_telemetry_sampling::Sampling;

use crate::{
    app::{self, HEALTH, USER},
    forward::ForwardLayer,
};

pub(crate) const BARE_SERVICE: &str = "bare service";

/// A service alone: no router, no boxes.
pub trait Bare: Service<Request<Empty<Bytes>>, Response = Response<Self::Body>, Error = Infallible> + Clone {
    /// Of its response.
    type Body: Body<Data = Bytes, Error = Infallible>;

    /// One request, from its arrival to the last frame of its response. Returns the body's length.
    #[expect(async_fn_in_trait, reason = "it is awaited where it is called")]
    async fn exchange(self, request: Request<Empty<Bytes>>) -> usize {
        let Ok(response) = self.oneshot(request).await;
        let Ok(body) = response.into_body().collect().await;
        body.to_bytes().len()
    }
}

impl<S, B> Bare for S
where
    S: Service<Request<Empty<Bytes>>, Response = Response<B>, Error = Infallible> + Clone,
    B: Body<Data = Bytes, Error = Infallible>,
{
    type Body = B;
}

/// What is done with each of the services.
pub trait Visit {
    /// Is given the service's name, the service, and what makes a request for it.
    fn visit(&mut self, name: &'static str, service: &impl Bare, request: impl Fn() -> Request<Empty<Bytes>>);
}

/// One service behind layers that do nothing, or little. The first is behind none.
pub fn services(visitor: &mut impl Visit) {
    let (user, health) = (app::request(USER), app::request(HEALTH));
    let make = |parts: &request::Parts| Request::from_parts(parts.clone(), Empty::new());
    let inner = service_fn(answer);
    let early_drop = OnEarlyDropLayer::new(EarlyDropsAsFailures::new(DefaultOnFailure::default()));
    let trace = TraceLayer::new_for_http();

    visitor.visit(BARE_SERVICE, &inner, || make(&user));
    visitor.visit("identity layer", &ForwardLayer.layer(inner), || make(&user));
    visitor.visit("empty observer", &().into_layer().layer(inner), || make(&user));
    visitor.visit("empty observer, shared context", &Sharing.into_layer().layer(inner), || make(&user));
    visitor.visit("excluded", &(Sampling::new(), Sharing).into_layer().layer(inner), || make(&health));
    visitor.visit("tower-http TraceLayer", &trace.layer(inner), || make(&user));
    let both = ServiceBuilder::new().layer(TraceLayer::new_for_http()).layer(early_drop);
    visitor.visit("TraceLayer, OnEarlyDrop", &both.service(inner), || make(&user));
}

fn answer(_: Request<Empty<Bytes>>) -> Ready<Result<Response<Full<Bytes>>, Infallible>> {
    std::future::ready(Ok(Response::new(Full::new(Bytes::from_static(b"hello")))))
}

/// An empty observer whose handlers may leave something for it.
#[derive(Clone, Copy)]
struct Sharing;

impl Observe for Sharing {
    type Exchange = Self;

    fn begin(&self, _: &mut request::Parts, _: &RequestContext) -> Self {
        Self
    }
}

impl Exchange for Sharing {
    fn end(&mut self, _: &RequestContext, _: &Outcome<'_>) {}
}
