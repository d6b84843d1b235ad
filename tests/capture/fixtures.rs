//! What the cases share: an observer that asks, a client whose events are kept, and requests.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{Router, body::Body};
use bytes::Bytes;
use http::{Request, Response, request};
use http_body_util::BodyExt;
use sentry::{
    Client, ClientOptions, Envelope, Hub,
    protocol::{Context, EnvelopeItem, Event, Transaction},
    test::TestTransport,
};
use tokio_stream::iter;
use tower::ServiceExt;
use tower_telemetry_core::{Capture, CapturedBody, Exchange, Observe, Omitted, Outcome, RequestContext};
use tower_telemetry_sentry::Sentry;

/// Asks for both bodies, and keeps what there is of them in the end.
#[derive(Clone)]
pub(crate) struct Asking {
    pub(crate) request: Capture,
    pub(crate) response: Capture,
    kept: Arc<Mutex<Vec<Kept>>>,
}

/// The two bodies of an exchange.
pub(crate) type Kept = (Option<CapturedBody>, Option<CapturedBody>);

impl Asking {
    pub(crate) fn for_both(request: Capture, response: Capture) -> Self {
        Self { request, response, kept: Arc::default() }
    }

    pub(crate) fn for_requests(limit: usize) -> Self {
        Self::for_both(Capture::UpTo(limit), Capture::Off)
    }

    pub(crate) fn for_responses(limit: usize) -> Self {
        Self::for_both(Capture::Off, Capture::UpTo(limit))
    }

    pub(crate) fn take(&self) -> Vec<Kept> {
        std::mem::take(&mut *self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Of the only exchange.
    pub(crate) fn only(&self) -> Kept {
        let mut kept = self.take();
        assert_eq!(kept.len(), 1, "one exchange");
        kept.remove(0)
    }
}

impl Observe for Asking {
    type Exchange = Self;

    fn begin(&self, _: &mut request::Parts, cx: &RequestContext) -> Self {
        cx.capture_request(self.request);
        cx.capture_response(self.response);
        self.clone()
    }
}

impl Exchange for Asking {
    fn end(&mut self, cx: &RequestContext, _: &Outcome<'_>) {
        let kept = (cx.captured_request(), cx.captured_response());
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).push(kept);
    }
}

/// What is to be known of a captured body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) text: String,
    pub(crate) omitted: Option<Omitted>,
    pub(crate) is_whole: bool,
    pub(crate) seen: u64,
    pub(crate) length: Option<u64>,
}

impl Shown {
    pub(crate) fn of(body: &CapturedBody) -> Self {
        Self {
            text: String::from_utf8_lossy(body.bytes()).into_owned(),
            omitted: body.omitted(),
            is_whole: body.is_whole(),
            seen: body.seen(),
            length: body.length(),
        }
    }

    /// All of a text.
    pub(crate) fn whole(text: &str) -> Self {
        let len = text.len() as u64;
        Self { text: text.into(), omitted: None, is_whole: true, seen: len, length: Some(len) }
    }

    /// The beginning of a text of a length that may be known.
    pub(crate) fn part(text: &str, length: Option<u64>) -> Self {
        Self { is_whole: false, length, ..Self::whole(text) }
    }

    pub(crate) fn omitted(why: Omitted, seen: u64, length: Option<u64>) -> Self {
        Self { text: String::new(), omitted: Some(why), is_whole: false, seen, length }
    }
}

/// A client whose envelopes are kept, on a hub of its own.
pub(crate) struct Reports {
    transport: Arc<TestTransport>,
    hub: Arc<Hub>,
}

impl Reports {
    pub(crate) fn new() -> Self {
        let transport = TestTransport::new();
        let options = ClientOptions::new()
            .dsn("https://public@sentry.example/1")
            .traces_sample_rate(1.0)
            .transport(transport.clone());
        let client: Arc<Client> = tower_telemetry_sentry::client(options);
        Self { transport, hub: Arc::new(Hub::new(Some(client), Arc::default())) }
    }

    /// What a client that is there already sends.
    pub(crate) fn of(transport: Arc<TestTransport>) -> Self {
        Self { transport, hub: Arc::new(Hub::new(None, Arc::default())) }
    }

    pub(crate) fn observer(&self) -> Sentry {
        Sentry::new().fallback(self.hub.clone())
    }

    pub(crate) fn take(&self) -> (Vec<Transaction<'static>>, Vec<Event<'static>>) {
        let (mut transactions, mut events) = (Vec::new(), Vec::new());
        for item in self.transport.fetch_and_clear_envelopes().iter().flat_map(Envelope::items) {
            match item {
                EnvelopeItem::Transaction(transaction) => transactions.push((**transaction).clone()),
                EnvelopeItem::Event(event) => events.push((**event).clone()),
                _ => {}
            }
        }
        (transactions, events)
    }

    /// The request's body in each event.
    pub(crate) fn request_data(&self) -> Vec<Option<String>> {
        self.take().1.into_iter().map(|event| event.request.expect("it is of a request").data).collect()
    }

    /// The response's body in each event.
    pub(crate) fn response_data(&self) -> Vec<Option<String>> {
        self.take().1.iter().map(|event| response_data(event).map(Into::into)).collect()
    }
}

/// The response's body in an event.
pub(crate) fn response_data<'a>(event: &'a Event<'_>) -> Option<&'a str> {
    match event.contexts.get("response")? {
        Context::Response(response) => response.data.as_ref()?.as_str(),
        other => panic!("a response's context: {other:?}"),
    }
}

/// A POST of such a body.
pub(crate) fn post(content_type: Option<&str>, body: impl Into<Body>) -> Request<Body> {
    let mut request = Request::post("/").body(body.into()).expect("a request");
    if let Some(content_type) = content_type {
        request.headers_mut().insert("content-type", content_type.parse().expect("a value"));
    }
    request
}

/// A body of unknown length, of these frames.
pub(crate) fn chunks<T>(chunks: impl IntoIterator<Item = T, IntoIter: Send + 'static>) -> Body
where
    T: Into<Bytes> + Send + 'static,
{
    Body::from_stream(iter(chunks.into_iter().map(Ok::<_, Infallible>)))
}

/// Sends a request and reads the response to its end.
pub(crate) async fn exchange(router: &Router, request: Request<Body>) -> Response<()> {
    let (head, body) = router.clone().oneshot(request).await.expect("a Router is infallible").into_parts();
    // A body that fails is what some tests are about.
    let _ = body.collect().await;
    Response::from_parts(head, ())
}
