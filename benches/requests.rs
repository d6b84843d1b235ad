//! How long a request takes, from its arrival to the last frame of its response.
//!
//! Criterion's estimates come first, then a table of medians, with all members in turns: on a machine that does other things too,
//! what disturbs one disturbs all of them.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use benches::{BATCH, Bare, GROUPS, Table, Visit, in_turns, runtime, sample, services, time, upkeep};
use bytes::Bytes;
use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main, measurement::WallTime};
use http::Request;
use http_body_util::Empty;
use tokio::runtime::Runtime;

fn request(criterion: &mut Criterion) {
    let runtime = runtime();
    for (members, name) in GROUPS.into_iter().zip(["request", "request, logged"]) {
        let mut members = members();
        let mut group = criterion.benchmark_group(name);
        members.retain(|member| {
            let fastest = member.run(|| sample(&mut group, member.name(), |requests| time(&runtime, member, requests)));
            upkeep();
            // A filter on the command line leaves members out.
            fastest.is_finite()
        });
        group.finish();
        Table::of("ns", &members, in_turns(&members)).print();
    }
}

/// Services that do nothing, behind layers that do nothing.
fn service(criterion: &mut Criterion) {
    struct Bench<'a>(BenchmarkGroup<'a, WallTime>, Runtime, Table);

    impl Visit for Bench<'_> {
        fn visit(&mut self, name: &'static str, service: &impl Bare, request: impl Fn() -> Request<Empty<Bytes>>) {
            let Self(group, runtime, table) = self;
            let fastest = sample(group, name, |requests| {
                runtime.block_on(async {
                    let mut took = Duration::ZERO;
                    let mut left = requests;
                    while left > 0 {
                        let batch: Vec<_> = (0..left.min(BATCH)).map(|_| (service.clone(), request())).collect();
                        left -= batch.len() as u64;
                        let start = Instant::now();
                        for (service, request) in batch {
                            black_box(service.exchange(request).await);
                        }
                        took += start.elapsed();
                    }
                    took
                })
            });
            if fastest.is_finite() {
                table.add_service(name, fastest);
            }
        }
    }

    let mut bench = Bench(criterion.benchmark_group("service"), runtime(), Table::new("ns"));
    services(&mut bench);
    let Bench(group, _, table) = bench;
    group.finish();
    table.print();
}

criterion_group! {
    name = requests;
    config = Criterion::default()
        .sample_size(30)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(1500));
    targets = service, request
}
criterion_main!(requests);
