use std::{future::Future, sync::Arc};

use axum::{Router, body::Body};
use http::{Request, Response};
use http_body_util::BodyExt;
use sentry::{
    Client, ClientOptions, Envelope, Hub,
    protocol::{EnvelopeItem, Event, Transaction},
    test::TestTransport,
};
use tower::ServiceExt;
use tower_telemetry_core::Observe;
use tower_telemetry_sampling::Sampling;
use tower_telemetry_sentry::Sentry;
use tower_telemetry_trace::Propagation;

/// A client whose envelopes are kept, on a hub of its own.
pub(crate) struct Reports {
    pub(crate) client: Arc<Client>,
    transport: Arc<TestTransport>,
    hub: Arc<Hub>,
}

impl Reports {
    pub(crate) fn new() -> Self {
        let transport = TestTransport::new();
        let options = ClientOptions::new()
            .dsn("https://public@sentry.example/1")
            .release("shop@1.2.3")
            .environment("test")
            .traces_sample_rate(1.0)
            .transport(transport.clone());
        let client = tower_telemetry_sentry::client(options);
        let hub = Arc::new(Hub::new(Some(client.clone()), Arc::default()));
        Self { client, transport, hub }
    }

    /// Everything but metrics and spans, traced at `rate`.
    pub(crate) fn observer(&self, rate: f64) -> impl Observe + use<> {
        let sampling = Sampling::new().rate(rate).expect("a rate");
        (Propagation::new(), sampling, Sentry::new().fallback(self.hub.clone()))
    }

    pub(crate) fn layered(&self, router: Router) -> Router {
        router.layer(self.observer(1.0).into_layer())
    }

    pub(crate) fn envelopes(&self) -> Vec<Envelope> {
        self.transport.fetch_and_clear_envelopes()
    }

    pub(crate) fn transactions(&self) -> Vec<Transaction<'static>> {
        self.take().0
    }

    pub(crate) fn events(&self) -> Vec<Event<'static>> {
        self.take().1
    }

    pub(crate) fn take(&self) -> (Vec<Transaction<'static>>, Vec<Event<'static>>) {
        let (mut transactions, mut events) = (Vec::new(), Vec::new());
        for item in self.envelopes().iter().flat_map(Envelope::items) {
            match item {
                EnvelopeItem::Transaction(transaction) => transactions.push((**transaction).clone()),
                EnvelopeItem::Event(event) => events.push((**event).clone()),
                // These count what was dropped on purpose, and all that was done.
                EnvelopeItem::ClientReport(_) | EnvelopeItem::SessionAggregates(_) => {}
                other => panic!("nothing else is sent: {other:?}"),
            }
        }
        (transactions, events)
    }
}

/// Sends a request and reads the response to its end.
pub(crate) async fn exchange(router: &Router, request: Request<Body>) -> Response<Body> {
    let (head, body) = router.clone().oneshot(request).await.expect("a Router is infallible").into_parts();
    // A body that fails is what some tests are about.
    let _ = body.collect().await;
    Response::from_parts(head, Body::empty())
}

pub(crate) fn get(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).expect("a request")
}

pub(crate) fn run<T>(test: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(test)
}
