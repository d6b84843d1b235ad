//! What metrics cost a request: ours, and the peers' alone. Then how much more two threads get done than one, on one route.

use std::{
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};

use benches::{Member, Table, metrics_members, sample, time, upkeep};
use criterion::{Criterion, criterion_group, criterion_main};
use tokio::runtime::{Builder, Runtime};

/// Requests of each thread, and how often the two are compared: the best counts.
const EACH: u64 = 20_000;
const TRIES: usize = 7;

fn metrics(criterion: &mut Criterion) {
    let runtime = runtime();
    let mut members = metrics_members();
    let mut table = Table::new("ns");
    let mut group = criterion.benchmark_group("metrics");
    // A filter on the command line leaves members out.
    members.retain(|member| {
        let fastest = sample(&mut group, member.name(), |requests| time(&runtime, member, requests));
        upkeep();
        if fastest.is_finite() {
            table.add(member, fastest);
        }
        fastest.is_finite()
    });
    group.finish();
    table.print();
    println!("\n{:32} {:>12} {:>12} {:>14}", "requests a second", "one thread", "two", "times as many");
    for member in &members {
        let (one, two) = (fastest(member, 1), fastest(member, 2));
        println!("{:32} {one:>12.0} {two:>12.0} {:>14.2}", member.name(), two / one);
    }
}

/// Requests a second of so many threads together.
fn fastest(member: &Member, threads: usize) -> f64 {
    let rates = (0..TRIES).map(|_| {
        let barrier = Barrier::new(threads + 1);
        let took = thread::scope(|scope| {
            let running: Vec<_> = (0..threads)
                .map(|_| {
                    scope.spawn(|| {
                        let runtime = runtime();
                        time(&runtime, member, 100);
                        barrier.wait();
                        time(&runtime, member, EACH);
                    })
                })
                .collect();
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

fn runtime() -> Runtime {
    Builder::new_current_thread().build().expect("a runtime without drivers needs nothing")
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(30)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(1500));
    targets = metrics
}
criterion_main!(benches);
