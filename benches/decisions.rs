//! How long a sampling decision takes, among few rules and among many, with and without limits, and on two threads at a time.

use std::{
    hint::black_box,
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};

use criterion::{Criterion, criterion_group, criterion_main};
use http::Method;
use tower_telemetry_core::{Target, TraceContext};
use tower_telemetry_sampling::{Budget, HighVolume, Question, Rule, Sampling};

/// What is asked for: a route that an exact rule, one with a parameter or a glob matches, and one that none does.
const ROUTES: [&str; 4] = ["/orders/3", "/users/{id}/items/3", "/area3/{*path}", "/nowhere/{id}"];

/// What two threads do in one measurement.
const DECISIONS: u32 = 1_000_000;

/// So many rules: a third each of exact ones, such with a parameter, and such for all below a path.
fn sampling(rules: usize) -> Sampling {
    let rule = |i: usize| match i % 3 {
        0 => Rule::rate(format!("/orders/{i}"), 0.5),
        1 => Rule::rate(format!("GET /users/{{id}}/items/{}", i - 1), 0.5),
        _ => Rule::rate(format!("/area{}/**", i - 2), 0.5),
    };
    Sampling::new().rules((0..rules).map(rule)).expect("the rules are good")
}

fn members() -> Vec<(&'static str, Sampling)> {
    let volume = HighVolume::new(100.0, 10.0).expect("it makes sense");
    vec![
        ("no rules", Sampling::new()),
        ("10 rules", sampling(10)),
        ("1,000 rules", sampling(1_000)),
        ("10 rules, volume, budget", sampling(10).high_volume(volume).budget(Budget::per_month(10_000))),
    ]
}

fn decide(sampling: &Sampling, trace: &TraceContext, i: usize, now: Instant) {
    let endpoint = ROUTES[i % ROUTES.len()];
    let (method, target) = (&Method::GET, Target::Template(endpoint));
    black_box(sampling.decide(&Question { method, target, endpoint, trace, peer: None }, now));
}

fn decisions(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decision");
    for (name, sampling) in members() {
        let (trace, now) = (TraceContext::root(), Instant::now());
        let mut i = 0;
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                i += 1;
                decide(&sampling, &trace, i, now);
            });
        });
    }
    group.finish();

    println!("{:32} {:>12} {:>12} {:>14}", "", "1 thread", "2 threads", "decide");
    for (name, sampling) in members() {
        // The best of several: on a machine that does other things too, the one that was disturbed least.
        let best = |threads| (0..10).map(|_| together(&sampling, threads)).min().unwrap_or_default();
        let (one, two) = (best(1), best(2));
        let times = 2.0 * one.as_secs_f64() / two.as_secs_f64();
        let each = |took: Duration| took.as_secs_f64() * 1e9 / f64::from(DECISIONS);
        println!("{name:32} {:>9.1} ns {:>9.1} ns {times:>12.2} x", each(one), each(two));
    }
}

/// How long so many threads take that decide at a time, each so many times.
fn together(sampling: &Sampling, threads: usize) -> Duration {
    let barrier = Barrier::new(threads);
    thread::scope(|scope| {
        let run = || {
            let (trace, now) = (TraceContext::root(), Instant::now());
            barrier.wait();
            let start = Instant::now();
            for i in 0..DECISIONS as usize {
                decide(sampling, &trace, i, now);
            }
            start.elapsed()
        };
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
        running.into_iter().map(|thread| thread.join().expect("it does not panic")).max().unwrap_or_default()
    })
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(30)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(1500));
    targets = decisions
}
criterion_main!(benches);
