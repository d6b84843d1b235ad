use std::{
    hint::black_box,
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};

use criterion::{BenchmarkGroup, measurement::WallTime};
use tokio::runtime::{Builder, Runtime};

use crate::{Member, exchange, upkeep};

/// So few requests that they stay in the cache, and that other programs seldom get in between.
pub const BATCH: u64 = 100;

/// Batches of each member, of which the median counts: what is sampled of the fastest is least.
const TURNS: usize = 2_001;

/// Requests of each thread, and how often they are let loose: the best counts.
const EACH: u64 = 20_000;
const TRIES: usize = 7;

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

/// A runtime on one thread, without drivers.
pub fn runtime() -> Runtime {
    Builder::new_current_thread().build().expect("a runtime without drivers needs nothing")
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

/// The nanoseconds of a request of each member: in turns, so that a slow second is one for all of them.
pub fn in_turns(members: &[Member]) -> Vec<f64> {
    let runtime = runtime();
    let mut batches = vec![Vec::with_capacity(TURNS); members.len()];
    for turn in 0..TURNS {
        for (member, batches) in members.iter().zip(&mut batches) {
            batches.push(member.run(|| time(&runtime, member, BATCH)));
        }
        if turn % 100 == 0 {
            upkeep();
        }
    }
    let median = |mut batches: Vec<Duration>| {
        batches.sort_unstable();
        #[expect(clippy::cast_precision_loss, reason = "a batch is small")]
        let nanos = batches[TURNS / 2].as_secs_f64() * 1e9 / BATCH as f64;
        nanos
    };
    batches.into_iter().map(median).collect()
}

/// Requests a second of so many threads together.
pub fn throughput(member: &Member, threads: usize) -> f64 {
    let rates = (0..TRIES).map(|_| {
        let barrier = Barrier::new(threads + 1);
        let run = || {
            let (runtime, member) = (runtime(), member.on_another_connection());
            member.run(|| {
                time(&runtime, &member, 100);
                barrier.wait();
                time(&runtime, &member, EACH);
            });
        };
        let took = thread::scope(|scope| {
            let running: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
            barrier.wait();
            let start = Instant::now();
            for thread in running {
                thread.join().expect("no request panics");
            }
            start.elapsed()
        });
        upkeep();
        #[expect(clippy::cast_precision_loss, reason = "there are not so many")]
        let requests = (threads as u64 * EACH) as f64;
        requests / took.as_secs_f64()
    });
    rates.fold(0.0, f64::max)
}
