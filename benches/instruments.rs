//! What observing a piece of work costs, over the bare future: ours, and what people write with the `metrics` macros.
//!
//! Without a `tracing` subscriber, into a real Prometheus recorder, and into one whose handles are atomics. Times first, then
//! allocations in the steady state.

use std::{
    alloc::System,
    convert::Infallible,
    future::{Ready, ready},
    hint::black_box,
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
    time::Instant,
};

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use metrics::{Counter, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tower_telemetry_core::semconv::DURATION_BUCKETS;
use tower_telemetry_metrics::instrument::{Database, Instrument, Label};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

static QUERIES: Instrument<Database> = Instrument::new();

/// What a service knows when it is compiled, and what it learns.
const TABLE: &str = "orders";

fn work() -> Ready<Result<u64, Infallible>> {
    black_box(ready(Ok(7)))
}

async fn bare() {
    let _ = black_box(work().await);
}

/// What people write: labels that are owned, looked up at each use.
async fn macros() {
    let began = Instant::now();
    let result = work().await;
    let labels = [
        ("db_system_name", "postgresql".to_owned()),
        ("db_operation_name", "SELECT".to_owned()),
        ("db_collection_name", black_box(TABLE).to_owned()),
    ];
    metrics::histogram!("query_duration_seconds", &labels).record(began.elapsed().as_secs_f64());
    metrics::counter!("queries_total", &labels).increment(1);
    let _ = black_box(result);
}

/// The histogram alone.
async fn one_macro() {
    let began = Instant::now();
    let result = work().await;
    let labels = [
        ("db_system_name", "postgresql".to_owned()),
        ("db_operation_name", "SELECT".to_owned()),
        ("db_collection_name", black_box(TABLE).to_owned()),
    ];
    metrics::histogram!("query_duration_seconds", &labels).record(began.elapsed().as_secs_f64());
    let _ = black_box(result);
}

/// The two clock reads of any duration, and a handle that is held.
async fn clocks(held: &Histogram) {
    let began = Instant::now();
    let result = work().await;
    held.record(began.elapsed().as_secs_f64());
    let _ = black_box(result);
}

async fn observed() {
    let labels = Database::new("postgresql").operation("SELECT").collection(TABLE);
    let _ = black_box(QUERIES.observe(labels, work()).await);
}

async fn observed_text() {
    let labels = Database::new("postgresql").operation("SELECT").collection(Label::text(black_box(TABLE)));
    let _ = black_box(QUERIES.observe(labels, work()).await);
}

async fn guarded() {
    let running = QUERIES.start(Database::new("postgresql").operation("SELECT").collection(TABLE));
    let _ = black_box(work().await);
    running.ok();
}

fn instruments(c: &mut Criterion) {
    let prometheus = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_duration_seconds".into()), &DURATION_BUCKETS)
        .expect("there are buckets")
        .build_recorder();
    let upkeep = prometheus.handle();
    for (name, recorder) in [("prometheus", &prometheus as &dyn Recorder), ("atomics", &Atomics)] {
        metrics::with_local_recorder(recorder, || {
            let held = metrics::histogram!("held_duration_seconds");
            let cases: [(&str, &dyn Fn()); 7] = [
                ("bare", &|| poll(bare())),
                ("two clock reads and a held handle", &|| poll(clocks(&held))),
                ("ours", &|| poll(observed())),
                ("ours, a free text", &|| poll(observed_text())),
                ("ours, a guard", &|| poll(guarded())),
                ("a macro", &|| poll(one_macro())),
                ("two macros", &|| poll(macros())),
            ];
            let mut group = c.benchmark_group(format!("instrument/{name}"));
            for (case, run) in cases {
                println!("{name}: {case}: {} allocations", allocations(run));
                group.bench_with_input(BenchmarkId::from_parameter(case), &(), |b, ()| {
                    b.iter(run);
                    upkeep.run_upkeep();
                });
            }
            group.finish();
        });
    }
}

/// Each of them is done at its first poll.
fn poll(future: impl Future<Output = ()>) {
    let polled = pin!(future).poll(&mut Context::from_waker(Waker::noop()));
    assert_eq!(polled, Poll::Ready(()));
}

/// The median of one run's allocations, after some.
fn allocations(run: &dyn Fn()) -> usize {
    let mut counts: Vec<_> = (0..1000)
        .map(|_| {
            let region = Region::new(ALLOCATOR);
            run();
            let change = region.change();
            change.allocations + change.reallocations
        })
        .collect();
    counts.sort_unstable();
    counts[counts.len() / 2]
}

/// Takes what it is told, and costs next to nothing itself.
struct Atomics;

impl Recorder for Atomics {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, _: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(Arc::new(metrics::atomics::AtomicU64::new(0)))
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(Arc::new(Told(metrics::atomics::AtomicU64::new(0))))
    }
}

struct Told(metrics::atomics::AtomicU64);

impl HistogramFn for Told {
    fn record(&self, value: f64) {
        self.0.store(value.to_bits(), std::sync::atomic::Ordering::Relaxed);
    }
}

criterion_group!(benches, instruments);
criterion_main!(benches);
