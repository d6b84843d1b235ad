//! What waits for an ingest that hangs takes the memory that it may, whatever it is. In a process of its own, since the allocator
//! counts for all of one.

use std::{alloc::System, sync::Arc};

use sentry::{
    ClientOptions, Envelope, Transport, TransportFactory, TransportOptions,
    protocol::{Attachment, EnvelopeItem, Event, Log, LogLevel, Map, Value},
};
use serde_json::json;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use tower_telemetry_sentry::HttpTransportFactory;

#[path = "faults/ingest.rs"]
#[expect(dead_code, reason = "not all is needed here")]
mod ingest;
#[path = "faults/support.rs"]
#[expect(dead_code, reason = "not all is needed here")]
mod support;

use ingest::{Answer, Ingest};
use support::{LIMIT, error, event, transaction};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const MIB: usize = 1024 * 1024;
const QUEUE: usize = 4 * MIB;

// One test, since the allocator counts for the whole process.
#[test]
fn what_waits_takes_no_more_memory_than_it_may() {
    type Make = fn() -> Envelope;
    let cases: [(&str, Make); 8] = [
        ("messages", || event("hello").into()),
        ("long messages", || event(&"hello ".repeat(2_000)).into()),
        ("errors with a stack", || error().into()),
        ("transactions", || transaction(50).into()),
        ("numbers", || extra((0..5_000).collect::<Vec<_>>().into()).into()),
        ("maps", || extra((0..500).map(|n| json!({ "n": n })).collect::<Vec<_>>().into()).into()),
        ("logs", || EnvelopeItem::from((0..100).map(log).collect::<Vec<_>>()).into()),
        ("attachments", || {
            let mut envelope = Envelope::from(event("hello"));
            let (buffer, filename) = (vec![0; 200_000], "a".to_owned());
            envelope.add_item(Attachment { buffer, filename, ..Attachment::default() });
            envelope
        }),
    ];
    for (name, make) in cases {
        let ingest = Ingest::start(Answer::Never);
        let transport = transport(&ingest);
        for request in 1..=2 {
            transport.send_envelope(make());
            ingest.wait_for_requests(request);
        }
        let before = in_use();
        for _ in 0..2_000 {
            transport.send_envelope(make());
        }
        #[expect(clippy::cast_precision_loss, reason = "a few digits will do")]
        let share = (in_use() - before) as f64 / QUEUE as f64;
        // What there is is let go, so that nothing of it goes while the next is measured.
        drop(ingest);
        assert!(transport.flush(LIMIT));
        assert!((0.25..=1.1).contains(&share), "{name} take {share:.2} of what they may");
    }
}

fn in_use() -> usize {
    let stats = ALLOCATOR.stats();
    stats.bytes_allocated - stats.bytes_deallocated
}

fn transport(ingest: &Ingest) -> Arc<dyn Transport> {
    let options = ClientOptions::new().dsn(&ingest.dsn()).transport_channel_capacity(1_000_000);
    let options = TransportOptions::try_from_client_options(&options).expect("there is a DSN");
    HttpTransportFactory::new().max_queued_bytes(QUEUE).create_transport_with_options(options)
}

fn extra(value: Value) -> Event<'static> {
    Event { extra: Map::from([("value".into(), value)]), ..Event::default() }
}

fn log(number: usize) -> Log {
    let attributes = (0..4).map(|key| (format!("attribute.{key}"), number.into())).collect();
    Log {
        level: LogLevel::Info,
        body: "an order was sent".into(),
        trace_id: None,
        timestamp: std::time::SystemTime::now(),
        severity_number: None,
        attributes,
    }
}
