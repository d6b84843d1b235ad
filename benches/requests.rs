//! How long a request takes, from its arrival to the last frame of its response.
//!
//! Criterion's estimates come first, then a table of each member's fastest sample: on a machine that does other things too, it is
//! the one that was disturbed least.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use benches::{Member, Table, exchange, members, upkeep};
use criterion::{Criterion, criterion_group, criterion_main};
use tokio::runtime::{Builder, Runtime};

/// So few requests that they stay in the cache.
const BATCH: u64 = 64;

fn request(criterion: &mut Criterion) {
    let runtime = Builder::new_current_thread().build().expect("a runtime without drivers needs nothing");
    let members = members();
    let mut table = Table::new("ns");
    let mut group = criterion.benchmark_group("request");
    for member in &members {
        let mut fastest = f64::INFINITY;
        member.run(|| {
            group.bench_function(member.name(), |bencher| {
                bencher.iter_custom(|requests| {
                    let took = time(&runtime, member, requests);
                    #[expect(clippy::cast_precision_loss, reason = "a sample has no 2^53 requests")]
                    let nanos = took.as_nanos() as f64 / requests as f64;
                    fastest = fastest.min(nanos);
                    took
                });
            });
        });
        upkeep();
        // A filter on the command line leaves members out.
        if fastest.is_finite() {
            table.add(member, fastest);
        }
    }
    group.finish();
    table.print();
}

/// The time of so many requests, without the making of the requests themselves.
fn time(runtime: &Runtime, member: &Member, requests: u64) -> Duration {
    runtime.block_on(async {
        let mut took = Duration::ZERO;
        let mut left = requests;
        while left > 0 {
            let batch: Vec<_> = (0..left.min(BATCH)).map(|_| (member.app(), member.request())).collect();
            left -= batch.len() as u64;
            let start = Instant::now();
            for (app, request) in batch {
                black_box(exchange(app, request).await);
            }
            took += start.elapsed();
        }
        took
    })
}

criterion_group! {
    name = requests;
    config = Criterion::default()
        .sample_size(30)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(1500));
    targets = request
}
criterion_main!(requests);
