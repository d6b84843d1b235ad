//! The context that layers, observers and the handler share.

use std::{
    convert::Infallible,
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use http::{HeaderValue, Request, Response, header::ETAG, request};
use http_body_util::{BodyExt, Empty, Full};
use tests::probe::{Ended, Probe};
use tokio_stream::iter;
use tower::{BoxError, Layer, Service, ServiceExt, service_fn};
use tower_telemetry_core::{
    Decision, Endpoint, Exchange, Observe, ObserveLayer, Outcome, Reason, RequestContext, RequestId, ResponseError,
    TraceContext,
};

use super::fixtures::read;

type Handled = Response<Empty<Bytes>>;

/// The probes of two nested layers around a handler, after one exchange.
async fn nested(request: Request<Body>, handler: impl AsyncFn(Request<Body>) -> Handled) -> (Probe, Probe) {
    let probes = (Probe::named("outer"), Probe::named("inner"));
    let service = service_fn(async |request| Ok::<_, Infallible>(handler(request).await));
    let service = probes.0.layer().layer(probes.1.layer().layer(service));
    let Ok(response) = service.oneshot(request).await;
    read(response.into_body(), usize::MAX).await;
    probes
}

fn context(request: &Request<Body>) -> RequestContext {
    request.extensions().get::<RequestContext>().expect("a layer has left it").clone()
}

fn done() -> Handled {
    Response::new(Empty::new())
}

fn streamed() -> Request<Body> {
    let chunks = ["one", "two", "three"].map(|chunk| Ok::<_, Infallible>(Bytes::from(chunk)));
    Request::post("/").body(Body::from_stream(iter(chunks))).expect("a request")
}

/// An observer that only counts what ends.
#[derive(Clone, Default)]
struct Indifferent(Arc<AtomicUsize>);

impl Observe for Indifferent {
    type Exchange = Self;

    fn wants_context(&self, _: &RequestContext) -> bool {
        false
    }

    fn begin(&self, _: &mut request::Parts, _: &RequestContext) -> Self {
        self.clone()
    }
}

impl Exchange for Indifferent {
    fn end(&mut self, _: &RequestContext, _: &Outcome<'_>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[tokio::test]
async fn it_is_left_out_if_no_observer_wants_it() {
    async fn is_there<O: Observe>(observer: O) -> bool {
        let service = service_fn(async |request: Request<Body>| {
            let context = request.extensions().get::<RequestContext>().map(|_| HeaderValue::from_static(""));
            let mut response = done();
            response.headers_mut().extend(context.map(|value| (ETAG, value)));
            Ok::<_, Infallible>(response)
        });
        let Ok(response) = ObserveLayer::new(observer).layer(service).oneshot(Request::default()).await;
        let there = response.headers().contains_key(ETAG);
        read(response.into_body(), usize::MAX).await;
        there
    }

    let indifferent = Indifferent::default();
    assert!(!is_there(()).await);
    assert!(!is_there(indifferent.clone()).await);
    assert!(!is_there((indifferent.clone(), None::<Probe>, ())).await);
    assert!(is_there((indifferent.clone(), Some(Probe::new()))).await);
    assert_eq!(indifferent.0.load(Ordering::Relaxed), 3, "all have ended");
}

#[tokio::test]
async fn nested_layers_share_one() {
    let (outer, inner) = nested(Request::default(), async |request| {
        let cx = context(&request);
        cx.set_endpoint(Endpoint::route("/by/{handler}"));
        cx.set_error(BoxError::from("the disk is full"));
        done()
    })
    .await;
    let [outer_cx, inner_cx] = [&outer, &inner].map(|probe| probe.log().contexts().remove(0));
    assert_eq!(outer_cx.arrival(), inner_cx.arrival());
    let expected = Ended {
        endpoint: "/by/{handler}".into(),
        left_error: Some("the disk is full".into()),
        request_bytes: Some(0),
        ..Ended::completed(200, 0)
    };
    assert_eq!([outer.log().only_end(), inner.log().only_end()], [expected.clone(), expected]);
}

#[tokio::test]
async fn each_request_has_its_own() {
    let probe = Probe::new();
    let mut service = probe.layer().layer(service_fn(async |request: Request<Body>| {
        context(&request).set_request_id(RequestId::random());
        Ok::<_, Infallible>(done())
    }));
    for _ in 0..2 {
        drop(service.call(Request::default()).await);
    }
    let contexts = probe.log().contexts();
    assert_ne!(contexts[0].request_id(), contexts[1].request_id());
}

#[tokio::test]
async fn request_bytes_are_counted_once() {
    let cases: [(&str, Request<Body>, usize, Option<u64>); 5] = [
        ("streamed", streamed(), usize::MAX, Some(11)),
        ("streamed and left midway", streamed(), 2, Some(6)),
        ("unread", streamed(), 0, Some(0)),
        ("full", Request::new(Body::from("hello")), usize::MAX, Some(5)),
        ("empty", Request::default(), usize::MAX, Some(0)),
    ];
    for (name, request, frames, bytes) in cases {
        let (outer, inner) = nested(request, async |request| {
            read(request.into_body(), frames).await;
            done()
        })
        .await;
        for probe in [outer, inner] {
            let expected = Ended { request_bytes: bytes, ..Ended::completed(200, 0) };
            assert_eq!(probe.log().only_end(), expected, "{name}");
        }
    }
}

#[tokio::test]
async fn request_bytes_of_other_bodies_are_not_known() {
    let probe = Probe::new();
    let service = probe.layer().layer(service_fn(async |request: Request<Full<Bytes>>| {
        let Ok(body) = request.into_body().collect().await;
        Ok::<_, Infallible>(Response::new(Full::new(body.to_bytes())))
    }));
    let Ok(response) = service.oneshot(Request::new(Full::from("hello"))).await;
    read(response.into_body(), usize::MAX).await;
    assert_eq!(probe.log().only_end(), Ended::completed(200, 5));
}

#[tokio::test]
async fn a_counted_body_passes_unchanged() {
    nested(streamed(), async |request| {
        assert_eq!(request.body().size_hint().exact(), None);
        let frames = read(request.into_body(), usize::MAX).await;
        let chunks: Vec<_> = frames.into_iter().map(|frame| frame.unwrap().into_data().unwrap()).collect();
        assert_eq!(chunks, ["one", "two", "three"]);
        done()
    })
    .await;
    nested(Request::new(Body::from("hello")), async |request| {
        assert_eq!(request.body().size_hint().exact(), Some(5));
        assert!(!request.body().is_end_stream());
        done()
    })
    .await;
}

#[tokio::test]
async fn the_error_behind_a_response_is_taken_from_it() {
    let failing = async |_| {
        let mut response = Response::new(Empty::new());
        *response.status_mut() = http::StatusCode::INTERNAL_SERVER_ERROR;
        response.extensions_mut().insert(ResponseError::new(io::Error::other("the disk is full")));
        response
    };
    let (outer, inner) = nested(Request::default(), failing).await;
    for probe in [outer, inner] {
        let expected =
            Ended { left_error: Some("the disk is full".into()), request_bytes: Some(0), ..Ended::completed(500, 0) };
        assert_eq!(probe.log().only_end(), expected);
    }
}

#[tokio::test]
async fn slots_are_written_once() {
    let decision = |rate| Decision::new(true, rate, Reason::Rate);
    nested(Request::default(), async |request| {
        let cx = context(&request);
        cx.set_endpoint(Endpoint::route("/first"));
        cx.set_endpoint(Endpoint::route("/second"));
        assert_eq!(cx.endpoint().map(Endpoint::as_str), Some("/first"));

        let first = RequestId::from_caller(&HeaderValue::from_static("first")).expect("it is sane");
        assert!(cx.set_request_id(first.clone()));
        assert!(!cx.set_request_id(RequestId::random()));
        assert_eq!(cx.request_id(), Some(&first));

        assert!(cx.trace().is_none());
        let trace_id = cx.trace_or_init(TraceContext::root).trace_id;
        assert_eq!(cx.trace_or_init(|| unreachable!("there is a trace")).trace_id, trace_id);
        assert_eq!(cx.trace().map(|trace| trace.trace_id), Some(trace_id));

        assert!(cx.decision().is_none());
        assert_eq!(cx.decision_or_init(|| decision(0.5)), &decision(0.5));
        assert_eq!(cx.decision_or_init(|| unreachable!("it is decided")), &decision(0.5));

        assert!(cx.claim());
        assert!(!cx.claim());

        assert!(cx.error().is_none());
        cx.set_error(BoxError::from("first"));
        cx.set_error(BoxError::from("second"));
        assert_eq!(cx.error().map(|error| error.get().to_string()).as_deref(), Some("first"));
        done()
    })
    .await;
}

#[tokio::test]
async fn the_handlers_error_comes_before_the_responses() {
    let (outer, _) = nested(Request::default(), async |request| {
        context(&request).set_error(BoxError::from("the handler's"));
        let mut response = Response::new(Empty::new());
        response.extensions_mut().insert(ResponseError::new("the response's"));
        response
    })
    .await;
    assert_eq!(outer.log().only_end().left_error.as_deref(), Some("the handler's"));
}

#[tokio::test]
async fn a_layer_outside_may_make_it() {
    let probe = Probe::new();
    let mut request = Request::<Body>::default();
    let cx = RequestContext::of(request.extensions_mut());
    cx.set_endpoint(Endpoint::route("/from/outside"));
    let service =
        ObserveLayer::new(probe.clone()).layer(service_fn(async |_: Request<Body>| Ok::<_, Infallible>(done())));
    drop(service.oneshot(request).await);
    assert_eq!(probe.log().contexts()[0].arrival(), cx.arrival());
    assert_eq!(probe.log().only_end().endpoint, "/from/outside");
}
