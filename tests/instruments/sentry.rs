//! Under sentry-tracing, a piece of work is a child span of the transaction, with its operation.

use std::{convert::Infallible, io, sync::Arc, time::Duration};

use sentry::{ClientOptions, Hub, TransactionContext, protocol::EnvelopeItem, test::TestTransport};
use sentry_tracing::SpanLayer;
use tests::spans::Spans;
use tower_telemetry_metrics::instrument::{Cache, CacheOperation, Database, Instrument};

use super::fixtures::now;

#[test]
fn work_is_a_child_span_with_its_operation_and_its_tag() {
    let transport = TestTransport::new();
    let options = ClientOptions::new()
        .dsn("https://public@sentry.example/1")
        .traces_sample_rate(1.0)
        .transport(transport.clone());
    let hub = Arc::new(Hub::new(Some(Arc::new(options.into())), Arc::default()));
    let _spans = Spans::keep_beside(SpanLayer::new());
    Hub::run(hub, || {
        let transaction = sentry::start_transaction(TransactionContext::new("GET /orders/{id}", "http.server"));
        sentry::configure_scope(|scope| scope.set_span(Some(transaction.clone().into())));
        let queries = Instrument::<Database>::new().slow_after(Duration::ZERO);
        let sessions = Instrument::<Cache>::new();
        let labels = Database::new("postgresql").operation("SELECT").collection("orders");
        let found = now(queries.observe(labels, async {
            // Within the query.
            let _ =
                now(sessions.lookup(Cache::new(CacheOperation::Get, "plans"), async { Ok::<_, Infallible>(Some(1)) }));
            Err::<(), _>(io::Error::other("gone"))
        }));
        assert!(found.is_err());
        transaction.finish();
    });
    let envelopes = transport.fetch_and_clear_envelopes();
    let items = envelopes.iter().flat_map(|envelope| envelope.items());
    let mut transactions = items.filter_map(|item| match item {
        EnvelopeItem::Transaction(transaction) => Some(transaction),
        _ => None,
    });
    let transaction = transactions.next().expect("there is one");
    assert!(transactions.next().is_none());
    assert_eq!(transaction.spans.len(), 2);
    let by_op = |op: &str| transaction.spans.iter().find(|span| span.op.as_deref() == Some(op)).expect("it is there");
    let (query, cache) = (by_op("db.sql.query"), by_op("cache.get"));
    assert_eq!(query.description.as_deref(), Some("SELECT orders"));
    assert_eq!(query.tags.get("slow").map(String::as_str), Some("true"));
    assert_eq!(query.data.get("db.system.name"), Some(&"postgresql".into()));
    assert_eq!(query.data.get("error.type"), Some(&"std::io::error::Error".into()));
    assert_eq!(cache.parent_span_id, Some(query.span_id));
    assert_eq!(cache.data.get("cache.hit"), Some(&true.into()));
    assert!(cache.tags.is_empty());
}
