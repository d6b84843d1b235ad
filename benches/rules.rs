//! How long it takes to find the first rule of a request, among ten of them and among a thousand.
//!
//! Criterion's estimates come first, then a table of each look-up's fastest sample: on a machine that does other things too, it is
//! the one that was disturbed least.

use std::{
    hint::black_box,
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};

use criterion::{Criterion, criterion_group, criterion_main};
use http::Method;
use tower_telemetry_core::{EndpointRules, Target};

const FEW: usize = 10;

const MANY: usize = 1000;

/// Look-ups of each thread, when two go at once.
const AT_ONCE: u32 = 2_000_000;

/// What is looked up: a request that the rule of this number matches, if there is one.
type LookUp = (&'static str, fn(usize) -> String, Option<usize>);

const LOOK_UPS: [LookUp; 8] = [
    ("exact", |at| format!("/api/v1/resource{at}/list"), Some(0)),
    ("parameter", |at| format!("/api/v1/users{at}/42/orders"), Some(1)),
    ("glob", |at| format!("/static/site.{at}.css"), Some(2)),
    ("prefix", |at| format!("/assets/bundle{at}/js/app.js"), Some(3)),
    ("gRPC", |at| format!("/shop.Orders{at}/GetOrder"), Some(5)),
    ("** inside", |at| format!("/api/v1/tenant/private{at}"), Some(7)),
    ("miss", |_| "/api/v1/customers/42/invoices".into(), None),
    ("miss at once", |_| "/favicon.ico".into(), None),
];

/// A mix of ten kinds of patterns.
fn pattern(at: usize) -> String {
    match at % 10 {
        0 => format!("/api/v1/resource{at}/list"),
        1 => format!("/api/v1/users{at}/{{id}}/orders"),
        2 => format!("/static/*.{at}.css"),
        3 => format!("/assets/bundle{at}/**"),
        4 => format!("GET /api/v2/things{at}/*"),
        5 => format!("shop.Orders{at}/Get*"),
        6 => format!("POST /upload{at}/{{*path}}"),
        7 => format!("/api/**/private{at}"),
        8 => format!("/tenants/*/reports/{at}"),
        _ => format!("/internal{at}-*"),
    }
}

fn rules(count: usize) -> EndpointRules {
    EndpointRules::new((0..count).map(pattern)).expect("they are patterns, and each is reached")
}

/// The request that the last rule of its kind matches.
fn path((_, path, kind): LookUp, count: usize) -> (String, Option<usize>) {
    let rule = kind.map(|kind| count - 10 + kind);
    (path(rule.unwrap_or_default()), rule)
}

fn find(criterion: &mut Criterion) {
    let mut table = Vec::new();
    let mut group = criterion.benchmark_group("find");
    for look_up in LOOK_UPS {
        let nanos = [FEW, MANY].map(|count| {
            let (rules, (path, rule)) = (rules(count), path(look_up, count));
            assert_eq!(rules.find(&Method::GET, Target::Path(&path)), rule, "{path}");
            let mut fastest = f64::INFINITY;
            group.bench_function(format!("{} of {count}", look_up.0), |bencher| {
                bencher.iter_custom(|times| {
                    let start = Instant::now();
                    for _ in 0..times {
                        black_box(rules.find(black_box(&Method::GET), Target::Path(black_box(&path))));
                    }
                    let took = start.elapsed();
                    #[expect(clippy::cast_precision_loss, reason = "a sample has no 2^53 look-ups")]
                    let nanos = took.as_nanos() as f64 / times as f64;
                    fastest = fastest.min(nanos);
                    took
                });
            });
            fastest
        });
        table.push((look_up.0, nanos));
    }
    group.finish();
    println!("{:20} {:>12} {:>12} {:>8}", "", "ns of 10", "ns of 1000", "ratio");
    for (name, [few, many]) in table {
        // A filter on the command line leaves some out.
        if few.is_finite() && many.is_finite() {
            println!("{name:20} {few:>12.1} {many:>12.1} {:>6.2} x", many / few);
        }
    }
}

/// How much more two threads find than one in the same time.
fn at_once(_: &mut Criterion) {
    let rules = rules(MANY);
    let paths: Vec<_> = LOOK_UPS.into_iter().map(|look_up| path(look_up, MANY).0).collect();
    let time = |threads: usize| {
        let barrier = Barrier::new(threads);
        let run = || {
            barrier.wait();
            let start = Instant::now();
            for path in paths.iter().cycle().take(AT_ONCE as usize) {
                black_box(rules.find(black_box(&Method::GET), Target::Path(black_box(path))));
            }
            start.elapsed()
        };
        thread::scope(|scope| {
            let running: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
            running.into_iter().map(|thread| thread.join().expect("no panic")).max().unwrap_or_default()
        })
    };
    let fastest = |threads| (0..5).map(|_| time(threads)).min().unwrap_or_default();
    let (one, two) = (fastest(1), fastest(2));
    println!(
        "one thread: {:.1} ns a look-up; two threads find {:.2} x as many",
        nanos(one),
        2.0 * nanos(one) / nanos(two)
    );
}

fn nanos(took: Duration) -> f64 {
    took.as_secs_f64() * 1e9 / f64::from(AT_ONCE)
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(30)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(600));
    targets = find, at_once
}
criterion_main!(benches);
