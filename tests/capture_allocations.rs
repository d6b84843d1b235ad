//! What it costs to capture a body, in allocations. In a process of its own, since the allocator counts for all of one.

use std::{
    alloc::System,
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    Router,
    body::{Body, Bytes},
    routing::post,
};
use http::{HeaderMap, HeaderValue, Request, Response, header::CONTENT_TYPE, request};
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt;
use sentry::{Client, ClientOptions, Hub};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tests::{Nowhere, allocated};
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;
use tower_telemetry_core::{Capture, Exchange, Observe, Outcome, RequestContext};
use tower_telemetry_sentry::Sentry;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

#[derive(Clone, Copy)]
struct Asking {
    request: Capture,
    response: Capture,
}

impl Observe for Asking {
    type Exchange = Self;

    fn begin(&self, _: &mut request::Parts, cx: &RequestContext) -> Self {
        cx.capture_request(self.request);
        cx.capture_response(self.response);
        *self
    }
}

impl Exchange for Asking {
    // Whoever looks has an event to make.
    fn end(&mut self, _: &RequestContext, _: &Outcome<'_>) {}
}

/// It asks for nothing, and looks at nothing.
#[derive(Clone, Copy)]
struct Idle;

impl Observe for Idle {
    type Exchange = Self;

    fn begin(&self, _: &mut request::Parts, _: &RequestContext) -> Self {
        *self
    }
}

impl Exchange for Idle {
    fn end(&mut self, _: &RequestContext, _: &Outcome<'_>) {}
}

fn app(observer: impl Observe) -> Router {
    let handler = |body: Bytes| async move { ([(CONTENT_TYPE, HeaderValue::from_static("text/plain"))], body) };
    Router::new().route("/", post(handler)).layer(observer.into_layer()).with_state(())
}

fn hub(with_client: bool) -> Arc<Hub> {
    let client = || -> Arc<Client> {
        let options = ClientOptions::new().dsn("https://public@sentry.example/1").transport(Nowhere);
        tower_telemetry_sentry::client(options)
    };
    Arc::new(Hub::new(with_client.then(client), Arc::default()))
}

/// It promises a gigabyte, and has five bytes.
struct Boast(Option<Bytes>);

impl http_body::Body for Boast {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.take().map(|data| Ok(Frame::data(data))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(1 << 30)
    }
}

/// The bytes that are allocated for an exchange whose caller boasts.
fn bytes_for_a_boast(runtime: &Runtime, capture: Capture) -> usize {
    let handler = async |body: Body| body.collect().await.map(drop).expect("it does not fail");
    let observer = Asking { request: capture, response: Capture::Off };
    let app: Router = Router::new().route("/", post(handler)).layer(observer.into_layer()).with_state(());
    let request = Request::post("/").body(Body::new(Boast(Some("hello".into())))).expect("a request");
    let region = Region::new(ALLOCATOR);
    drop(runtime.block_on(app.oneshot(request)));
    region.change().bytes_allocated
}

/// The least that an exchange with such a request allocates: the first few fill caches.
fn allocations(runtime: &Runtime, app: &Router, body: &'static [u8], headers: &HeaderMap) -> usize {
    let one = async || {
        let mut request = Request::post("/").body(Body::from(body)).expect("a request");
        *request.headers_mut() = headers.clone();
        let app = app.clone();
        let region = Region::new(ALLOCATOR);
        let response: Response<Body> = app.oneshot(request).await.expect("a Router is infallible");
        let body = response.into_body().collect().await.expect("it does not fail").to_bytes();
        drop(body);
        allocated(&region)
    };
    let counts = (0..20).map(|_| runtime.block_on(one()));
    counts.min().expect("there are some")
}

// One test, since the allocator counts for the whole process.
#[test]
fn a_captured_body_is_one_allocation() {
    const BODY: &[u8] = &[b'x'; 1024];

    let runtime = Builder::new_current_thread().build().expect("a runtime without drivers needs nothing");
    let json = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
    let png = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("image/png"))]);
    let count = |app: &Router, body, headers| allocations(&runtime, app, body, headers);

    let idle = app(Idle);
    let asking = |request, response| app(Asking { request, response });
    let bare = count(&idle, BODY, &json);
    assert_eq!(count(&asking(Capture::Off, Capture::Off), BODY, &json), bare, "off");
    assert_eq!(count(&asking(Capture::MEDIUM, Capture::Off), BODY, &json) - bare, 1, "the request's");
    assert_eq!(count(&asking(Capture::UpTo(1023), Capture::Off), BODY, &json), bare, "too large");
    assert_eq!(count(&asking(Capture::MEDIUM, Capture::Off), BODY, &png), bare, "binary");

    let sentry = |hub: bool, capture| app(Sentry::new().fallback(self::hub(hub)).capture_request_bodies(capture));
    let off = count(&sentry(true, Capture::Off), BODY, &json);
    assert_eq!(count(&sentry(true, Capture::MEDIUM), BODY, &json) - off, 1, "without an event");
    assert_eq!(count(&sentry(true, Capture::MEDIUM), b"", &json), count(&sentry(true, Capture::Off), b"", &json));
    let none = |capture| count(&sentry(false, capture), BODY, &json);
    assert_eq!(none(Capture::MEDIUM), none(Capture::Off), "no client");

    let response = app(Sentry::new()
        .fallback(hub(true))
        .capture_request_bodies(Capture::Off)
        .capture_response_bodies(Capture::MEDIUM));
    assert_eq!(count(&response, BODY, &json) - off, 2, "the response's");

    let boast = |capture| bytes_for_a_boast(&runtime, capture);
    let more = boast(Capture::UpTo(1 << 40)) - boast(Capture::Off);
    assert!((64 * 1024..65 * 1024).contains(&more), "nothing is allocated on a caller's word alone: {more}");
}
