//! What leaves for Sentry, and a signal for each piece of it.

use std::{mem, sync::Arc};

use sentry::{
    Envelope, Hub, Transport, TransportFactory, TransportOptions,
    protocol::{EnvelopeItem, Event, Transaction},
};
use tokio::{sync::watch, time::timeout};
use tower_telemetry::{Builder, Telemetry, Users};

use super::LIMIT;

/// A transport that keeps what it is given.
#[derive(Clone)]
pub(crate) struct Collected(Arc<watch::Sender<Reports>>);

/// In their order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reports {
    pub(crate) events: Vec<Event<'static>>,
    pub(crate) transactions: Vec<Transaction<'static>>,
    /// All envelopes, as they would be sent.
    pub(crate) wire: String,
}

impl Collected {
    pub(crate) fn new() -> Self {
        Self(Arc::new(watch::Sender::default()))
    }

    /// The facade, with everything traced and nothing but these users said.
    pub(crate) fn telemetry(&self, users: Users) -> Telemetry {
        self.telemetry_with(|builder| builder.users(users))
    }

    /// The facade, on a hub of its own.
    pub(crate) fn telemetry_with(&self, set_up: impl FnOnce(Builder) -> Builder) -> Telemetry {
        let builder = Telemetry::builder().environment("test").expect("a name");
        let builder = builder.dsn("https://key@sentry.example/1").expect("a DSN").transport(self.clone());
        let hub = Arc::new(Hub::new(None, Arc::default()));
        Hub::run(hub, || set_up(builder).build()).expect("nothing is wrong with it")
    }

    /// Waits until there are so many of each, and no more.
    pub(crate) async fn wait_for(&self, transactions: usize, events: usize) {
        let mut seen = self.0.subscribe();
        let enough = |reports: &Reports| reports.transactions.len() >= transactions && reports.events.len() >= events;
        let all = timeout(LIMIT, seen.wait_for(|reports| enough(reports))).await;
        let counts = (self.0.borrow().transactions.len(), self.0.borrow().events.len());
        assert!(all.is_ok() && counts == (transactions, events), "{counts:?}: {:#?}", self.0.borrow().events);
    }

    /// Takes what there is.
    pub(crate) fn take(&self) -> Reports {
        let mut reports = Reports::default();
        self.0.send_modify(|all| reports = mem::take(all));
        reports
    }
}

impl Transport for Collected {
    fn send_envelope(&self, envelope: Envelope) {
        let mut wire = Vec::new();
        envelope.to_writer(&mut wire).expect("a vector takes everything");
        self.0.send_modify(|reports| {
            reports.wire.push_str(&String::from_utf8_lossy(&wire));
            for item in envelope.into_items() {
                match item {
                    EnvelopeItem::Event(event) => reports.events.push(*event),
                    EnvelopeItem::Transaction(transaction) => reports.transactions.push(*transaction),
                    _ => {}
                }
            }
        });
    }
}

impl TransportFactory for Collected {
    fn create_transport_with_options(&self, _: TransportOptions) -> Arc<dyn Transport> {
        Arc::new(self.clone())
    }
}
