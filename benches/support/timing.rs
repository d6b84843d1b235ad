use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use criterion::{BenchmarkGroup, measurement::WallTime};
use tokio::runtime::Runtime;

use crate::{Member, exchange};

/// So few requests that they stay in the cache.
pub const BATCH: u64 = 64;

/// The nanoseconds of a request in the fastest sample, or infinity if it is filtered out.
pub fn sample(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, mut time: impl FnMut(u64) -> Duration) -> f64 {
    let mut fastest = f64::INFINITY;
    group.bench_function(name, |bencher| {
        bencher.iter_custom(|requests| {
            let took = time(requests);
            #[expect(clippy::cast_precision_loss, reason = "a sample has no 2^53 requests")]
            let nanos = took.as_nanos() as f64 / requests as f64;
            fastest = fastest.min(nanos);
            took
        });
    });
    fastest
}

/// The time of so many requests, without the making of the requests themselves.
pub fn time(runtime: &Runtime, member: &Member, requests: u64) -> Duration {
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
