//! An observation costs no allocation once its series is known. In a process of its own, since the allocator counts for all of one.

use std::{
    alloc::System,
    convert::Infallible,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, Waker},
};

use metrics::{Counter, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tests::allocated;
use tower_telemetry_metrics::instrument::{
    BackgroundTask, Cache, CacheOperation, Database, Events, HttpClient, Instrument, Label, LanguageModel, Level,
    ModelOperation, Own,
};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Its handles allocate nothing, so what is counted is ours.
struct Atomics;

struct Told(AtomicU64);

impl HistogramFn for Told {
    fn record(&self, value: f64) {
        self.0.store(value.to_bits(), Ordering::Relaxed);
    }
}

impl Recorder for Atomics {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, _: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(Arc::new(AtomicU64::new(0)))
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(Arc::new(AtomicU64::new(0)))
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(Arc::new(Told(AtomicU64::new(0))))
    }
}

fn now(future: impl Future) {
    assert!(matches!(pin!(future).poll(&mut Context::from_waker(Waker::noop())), Poll::Ready(_)));
}

/// The least that one run allocates: the first registers, and other threads of the process allocate too.
fn allocations(run: &dyn Fn()) -> usize {
    let one = || {
        let region = Region::new(ALLOCATOR);
        run();
        allocated(&region)
    };
    (0..5).map(|_| one()).min().expect("there are some")
}

// One test, since the allocator counts for the whole process.
#[test]
fn known_series_cost_no_allocation() {
    let queries = Instrument::<Database>::new();
    let sessions = Instrument::<Cache>::new();
    let client = Instrument::<HttpClient>::new();
    let model = Instrument::<LanguageModel>::new();
    let tasks = Instrument::<BackgroundTask>::new();
    let own: Instrument<Own<1>> = Instrument::own("work", &["part"]);
    let (events, level) = (Events::business(), Level::queue_depth());
    let tenant = String::from("acme");
    let cases: [(&str, &dyn Fn()); 11] = [
        ("a future", &|| {
            let labels = Database::new("postgresql").operation("SELECT").collection("orders");
            now(queries.observe(labels, async { Ok::<_, Infallible>(()) }));
        }),
        ("an error", &|| {
            now(queries.observe(Database::new("postgresql"), async { Err::<(), _>(std::io::ErrorKind::TimedOut) }));
        }),
        ("a free text", &|| {
            let labels = Database::new("postgresql").namespace(Label::text(&tenant));
            now(queries.observe(labels, async { Ok::<_, Infallible>(()) }));
        }),
        ("a future that is given up", &|| {
            let waits = pin!(queries.observe_infallible(Database::new("postgresql"), std::future::pending::<()>()));
            assert!(waits.poll(&mut Context::from_waker(Waker::noop())).is_pending());
        }),
        ("a look-up", &|| {
            now(sessions.lookup(Cache::new(CacheOperation::Get, "sessions"), async { Ok::<_, Infallible>(Some(1)) }));
        }),
        ("a request", &|| {
            let response = http::Response::new(());
            now(client.send(HttpClient::new("GET", "api.example"), async { Ok::<_, Infallible>(response) }));
        }),
        ("tokens", &|| model.tokens(LanguageModel::new(ModelOperation::Chat, "openai", "gpt-4o"), 1, 2)),
        ("a guard, with a gauge", &|| tasks.start(BackgroundTask::new("sweep")).ok()),
        ("one's own", &|| own.start(["a"]).error("timeout")),
        ("events", &|| events.happened(["order_placed", "success"])),
        ("a level", &|| level.set(["rabbitmq", "orders"], 7.0)),
    ];
    metrics::with_local_recorder(&Atomics, || {
        for (what, run) in cases {
            assert_eq!(allocations(run), 0, "{what}");
        }
    });
}
