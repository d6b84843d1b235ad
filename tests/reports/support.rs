use std::{error::Error, fmt, future::Future, io, sync::Arc};

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
        Self::of(|options| options)
    }

    /// With other options.
    pub(crate) fn of(change: impl FnOnce(ClientOptions) -> ClientOptions) -> Self {
        Self::with(|options| tower_telemetry_sentry::client(change(options)))
    }

    /// With a client that somebody else has made: nothing of it is ours.
    pub(crate) fn foreign(change: impl FnOnce(ClientOptions) -> ClientOptions) -> Self {
        Self::with(|options| Arc::new(Client::with_options(change(options))))
    }

    fn with(client: impl FnOnce(ClientOptions) -> Arc<Client>) -> Self {
        let transport = TestTransport::new();
        let options = ClientOptions::new()
            .dsn("https://public@sentry.example/1")
            .release("shop@1.2.3")
            .environment("test")
            .server_name("host-1")
            .traces_sample_rate(1.0)
            .transport(transport.clone());
        let client = client(options);
        let hub = Arc::new(Hub::new(Some(client.clone()), Arc::default()));
        Self { client, transport, hub }
    }

    /// Everything but metrics and spans, traced at `rate`.
    pub(crate) fn observer(&self, rate: f64) -> impl Observe + use<> {
        self.observer_of(Sentry::new(), rate)
    }

    pub(crate) fn observer_of(&self, sentry: Sentry, rate: f64) -> impl Observe + use<> {
        let sampling = Sampling::new().rate(rate).expect("a rate");
        (Propagation::new(), sampling, sentry.fallback(self.hub.clone()))
    }

    pub(crate) fn layered(&self, router: Router) -> Router {
        self.layered_with(Sentry::new(), router)
    }

    pub(crate) fn layered_with(&self, sentry: Sentry, router: Router) -> Router {
        router.layer(self.observer_of(sentry, 1.0).into_layer())
    }

    /// Runs `f` as if the service had bound this client on its thread.
    pub(crate) fn bound<R>(&self, f: impl FnOnce() -> R) -> R {
        Hub::run(self.hub.clone(), f)
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

/// What went well, had errors, and crashed, in envelopes of sessions.
pub(crate) fn sessions(envelopes: &[Envelope]) -> [u32; 3] {
    let aggregates = envelopes.iter().flat_map(Envelope::items).filter_map(|item| match item {
        EnvelopeItem::SessionAggregates(aggregates) => Some(&aggregates.aggregates),
        _ => None,
    });
    aggregates
        .flatten()
        .fold([0; 3], |[exited, errored, crashed], of| [exited + of.exited, errored + of.errored, crashed + of.crashed])
}

/// The types and values of an event's exceptions, the innermost first.
pub(crate) fn chain(event: &Event<'_>) -> Vec<(String, String)> {
    let exceptions = event.exception.iter();
    exceptions.map(|met| (met.ty.clone(), met.value.clone().unwrap_or_default())).collect()
}

/// An event as the wire has it.
pub(crate) fn json(event: &Event<'_>) -> serde_json::Value {
    serde_json::to_value(event).expect("events can be written")
}

/// An error with a source.
#[derive(Debug)]
pub(crate) struct PaymentError {
    pub(crate) source: io::Error,
}

impl PaymentError {
    pub(crate) fn new() -> Self {
        Self { source: io::Error::other("the bank is closed") }
    }
}

impl fmt::Display for PaymentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the payment failed")
    }
}

impl Error for PaymentError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.source)
    }
}

/// How a [`PaymentError`] is reported, innermost first.
pub(crate) fn payment_chain() -> Vec<(String, String)> {
    [("Custom", "the bank is closed"), ("PaymentError", "the payment failed")]
        .map(|(ty, value)| (ty.to_owned(), value.to_owned()))
        .to_vec()
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
