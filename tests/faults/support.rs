//! Clients with the transport that is tested, and what they send.

use std::{collections::BTreeMap, sync::Arc, time::SystemTime};

use sentry::{
    Client, ClientOptions, Envelope,
    protocol::{
        Addr, Breadcrumb, Event, Exception, Frame, Map, SessionAggregates, SessionAttributes, Span, Stacktrace,
        TraceId, Transaction,
    },
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

/// An error as services make it: 60 frames, and what a scope adds.
pub(crate) fn error() -> Event<'static> {
    let frame = |number: usize| Frame {
        function: Some(format!("<shop::orders::Orders as tower::Service<http::Request<B>>>::call::{number}")),
        filename: Some("mod.rs".into()),
        abs_path: Some("/build/shop/src/orders/mod.rs".into()),
        lineno: Some(1),
        in_app: Some(true),
        instruction_addr: Some(Addr(number as u64)),
        ..Frame::default()
    };
    let stacktrace = Stacktrace { frames: (0..60).map(frame).collect(), ..Stacktrace::default() };
    let exception = Exception {
        ty: "shop::Error".into(),
        value: Some("the connection to the database was closed".into()),
        stacktrace: Some(stacktrace),
        ..Exception::default()
    };
    let breadcrumb = || Breadcrumb { message: Some("SELECT * FROM orders".into()), ..Breadcrumb::default() };
    Event {
        exception: vec![exception].into(),
        breadcrumbs: (0..20).map(|_| breadcrumb()).collect::<Vec<_>>().into(),
        tags: Map::from([("request_id".into(), "9ec79c33".into()), ("route".into(), "/orders/{id}".into())]),
        ..Event::default()
    }
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
