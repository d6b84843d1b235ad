//! What is kept of a response's body.

use std::{convert::Infallible, io::IoSlice, panic::resume_unwind};

use axum::body::Body;
use bytes::{Buf, Bytes};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use tower::{BoxError, Layer, ServiceExt, service_fn};
use tower_telemetry_core::{Observe, Omitted};

use super::{
    bodies::{Scripted, Step},
    fixtures::{Asking, Shown, chunks},
};

const LIMIT: usize = 100;

/// What is kept of a response of which so many frames are read.
async fn kept<B>(method: Method, response: Response<B>, frames: usize) -> Option<Shown>
where
    B: http_body::Body<Error: Into<BoxError> + std::fmt::Display + 'static> + Unpin,
{
    let asking = Asking::for_responses(LIMIT);
    let mut response = Some(response);
    let service = asking.clone().into_layer().layer(service_fn(move |_: Request<()>| {
        let response = response.take().expect("one request");
        async { Ok::<_, Infallible>(response) }
    }));
    let mut request = Request::new(());
    *request.method_mut() = method;
    let Ok(response) = service.oneshot(request).await;
    let mut body = response.into_body();
    for _ in 0..frames {
        if !matches!(body.frame().await, Some(Ok(_))) {
            break;
        }
    }
    drop(body);
    asking.only().1.map(|body| Shown::of(&body))
}

async fn kept_of(body: impl Into<Body>, frames: usize) -> Option<Shown> {
    kept(Method::GET, Response::new(body.into()), frames).await
}

const ALL: usize = usize::MAX;

#[tokio::test]
async fn a_body_is_kept_to_the_byte_up_to_the_limit() {
    let text = |len| "x".repeat(len);
    let too_large = |seen, length| Some(Shown::omitted(Omitted::TooLarge, seen, length));
    assert_eq!(kept_of("hello", ALL).await, Some(Shown::whole("hello")));
    assert_eq!(kept_of(text(LIMIT), ALL).await, Some(Shown::whole(&text(LIMIT))));
    assert_eq!(kept_of(text(LIMIT + 1), ALL).await, too_large(101, Some(101)));
    assert_eq!(kept_of(chunks((0..LIMIT).map(|_| "x")), ALL).await, Some(Shown::whole(&text(LIMIT))));
    assert_eq!(kept_of(chunks((0..=LIMIT).map(|_| "x")), ALL).await, too_large(101, Some(101)));
    assert_eq!(kept_of("", ALL).await, None);
    // The host leaves before the end.
    assert_eq!(kept_of(chunks(["one", "two"]), 1).await, Some(Shown::part("one", None)));
    assert_eq!(kept_of("hello", 0).await, Some(Shown::part("", Some(5))));
    let (torn, _) = Scripted::new([Step::Data(Bytes::from("hel")), Step::Error]);
    assert_eq!(kept(Method::GET, Response::new(torn), ALL).await, Some(Shown::part("hel", None)));
}

#[tokio::test]
async fn an_event_stream_is_bounded_and_what_is_no_text_is_not_kept() {
    let with = |name: &'static str, value: &'static str, body: Body| {
        let mut response = Response::new(body);
        response.headers_mut().insert(name, HeaderValue::from_static(value));
        response
    };
    let events = || chunks(std::iter::repeat("data: tick\n\n"));
    let few = kept(Method::GET, with("content-type", "text/event-stream", events()), 2).await;
    assert_eq!(few, Some(Shown::part("data: tick\n\ndata: tick\n\n", None)));
    let many = kept(Method::GET, with("content-type", "text/event-stream", events()), 1000).await;
    assert_eq!(many, Some(Shown::omitted(Omitted::TooLarge, 12_000, None)));
    for (name, value, why) in [
        ("content-type", "image/png", Omitted::Binary),
        ("content-type", "application/grpc", Omitted::Binary),
        ("content-encoding", "br", Omitted::Compressed),
    ] {
        let kept = kept(Method::GET, with(name, value, Body::from("hello")), ALL).await;
        assert_eq!(kept, Some(Shown::omitted(why, 5, Some(5))), "{value}");
    }
}

#[tokio::test]
async fn a_response_without_a_body_has_none() {
    let with = |status| Response::builder().status(status).body(Body::from("hello")).expect("a response");
    assert_eq!(kept(Method::HEAD, with(200), ALL).await, None);
    assert_eq!(kept(Method::CONNECT, with(200), ALL).await, None);
    for status in [StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED, StatusCode::SWITCHING_PROTOCOLS] {
        assert_eq!(kept(Method::GET, with(status.as_u16()), ALL).await, None, "{status}");
    }
}

#[tokio::test]
async fn frames_in_several_pieces_are_kept_whole() {
    let chain = |a: &'static str, b: &'static str| Bytes::from(a).chain(Bytes::from(b));
    let body = Scripted::of([chain("he", "l"), chain("", "lo")]);
    assert_eq!(kept(Method::GET, Response::new(body), ALL).await, Some(Shown::whole("hello")));
}

/// It shows one piece at a time.
struct Crumbs(Bytes);

impl Buf for Crumbs {
    fn remaining(&self) -> usize {
        self.0.remaining()
    }

    fn chunk(&self) -> &[u8] {
        &self.0[..self.0.len().min(1)]
    }

    fn advance(&mut self, count: usize) {
        self.0.advance(count);
    }
}

#[tokio::test]
async fn a_frame_that_cannot_be_seen_whole_leaves_the_size() {
    let body = Scripted::of([Crumbs("h".into()), Crumbs("ello".into())]);
    let kept = kept(Method::GET, Response::new(body), ALL).await;
    assert_eq!(kept, Some(Shown::omitted(Omitted::Unwatched, 5, Some(5))));
}

struct Trap(Bytes);

impl Buf for Trap {
    fn remaining(&self) -> usize {
        self.0.remaining()
    }

    fn chunk(&self) -> &[u8] {
        self.0.chunk()
    }

    fn chunks_vectored<'a>(&'a self, _: &mut [IoSlice<'a>]) -> usize {
        resume_unwind(Box::new("a trap"))
    }

    fn advance(&mut self, count: usize) {
        self.0.advance(count);
    }
}

#[tokio::test]
async fn a_frame_that_panics_when_it_is_looked_at_passes() {
    let body = Scripted::of([Trap("hello".into())]);
    let kept = kept(Method::GET, Response::new(body), ALL).await;
    assert_eq!(kept, Some(Shown::omitted(Omitted::Unwatched, 5, Some(5))));
}

#[tokio::test]
async fn of_two_layers_each_frame_is_kept_once() {
    let (outer, inner) = (Asking::for_responses(LIMIT), Asking::for_responses(LIMIT));
    let service = inner
        .clone()
        .into_layer()
        .layer(service_fn(async |_: Request<()>| Ok::<_, Infallible>(Response::new(chunks(["hel", "lo"])))));
    let Ok(response) = outer.clone().into_layer().layer(service).oneshot(Request::new(())).await;
    response.into_body().collect().await.expect("it does not fail");
    for asking in [outer, inner] {
        assert_eq!(asking.only().1.map(|body| Shown::of(&body)), Some(Shown::whole("hello")));
    }
}

#[tokio::test]
async fn nothing_is_kept_that_nobody_asked_for() {
    let asking = Asking::for_requests(LIMIT);
    let service = asking
        .clone()
        .into_layer()
        .layer(service_fn(async |_: Request<()>| Ok::<_, Infallible>(Response::new(Full::<Bytes>::from("hello")))));
    let Ok(response) = service.oneshot(Request::new(())).await;
    response.into_body().collect().await.expect("it does not fail");
    assert!(asking.only().1.is_none());
}
