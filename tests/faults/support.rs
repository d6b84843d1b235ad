//! Clients with the transport that is tested, and what they send.

use std::{collections::BTreeMap, sync::Arc, time::SystemTime};

use sentry::{
    Client, ClientOptions, Envelope,
    protocol::{Event, SessionAggregates, SessionAttributes, Span, TraceId, Transaction},
};
use tests::ingest::Item;

pub(crate) use crate::ingest::LIMIT;

/// A client as users have it.
pub(crate) fn client(dsn: &str) -> Arc<Client> {
    tower_telemetry_sentry::client(ClientOptions::new().dsn(dsn))
}

pub(crate) fn event(message: &str) -> Event<'static> {
    Event { message: Some(message.to_owned()), ..Event::default() }
}

pub(crate) fn transaction(spans: usize) -> Transaction<'static> {
    let trace_id = TraceId::default();
    let spans = (0..spans).map(|_| Span { trace_id, ..Span::default() }).collect();
    Transaction { name: Some("GET /".into()), spans, timestamp: Some(SystemTime::now()), ..Transaction::default() }
}

pub(crate) fn session() -> Envelope {
    let attributes =
        SessionAttributes { release: "shop@1".into(), environment: None, ip_address: None, user_agent: None };
    let mut envelope = Envelope::new();
    envelope.add_item(SessionAggregates { aggregates: Vec::new(), attributes });
    envelope
}

/// The messages of the events.
pub(crate) fn messages(items: &[Item]) -> Vec<&str> {
    items.iter().filter_map(|item| item.payload["message"].as_str()).collect()
}

/// What the client reports say, summed up: `reason category` and how many.
pub(crate) fn lost(items: &[Item]) -> BTreeMap<String, u64> {
    let mut lost = BTreeMap::new();
    for report in items.iter().filter(|item| item.kind == "client_report") {
        for discarded in report.payload["discarded_events"].as_array().expect("a list") {
            let text = |field: &str| discarded[field].as_str().expect("a text");
            let key = format!("{} {}", text("reason"), text("category"));
            *lost.entry(key).or_default() += discarded["quantity"].as_u64().expect("a number");
        }
    }
    lost
}
