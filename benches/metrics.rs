//! What metrics cost a request: ours, and the peers' alone. Then how much more two threads get done than one, on one route.

use std::time::Duration;

use benches::{Table, in_turns, metrics_members, runtime, sample, throughput, time, upkeep};
use criterion::{Criterion, criterion_group, criterion_main};

fn metrics(criterion: &mut Criterion) {
    let runtime = runtime();
    let mut members = metrics_members();
    let mut group = criterion.benchmark_group("metrics");
    // A filter on the command line leaves members out.
    members.retain(|member| {
        let fastest = sample(&mut group, member.name(), |requests| time(&runtime, member, requests));
        upkeep();
        fastest.is_finite()
    });
    group.finish();
    Table::of("ns", &members, in_turns(&members)).print();
    println!("\n{:32} {:>12} {:>12} {:>14}", "requests a second", "one thread", "two", "times as many");
    for member in &members {
        let (one, two) = (throughput(member, 1), throughput(member, 2));
        println!("{:32} {one:>12.0} {two:>12.0} {:>14.2}", member.name(), two / one);
    }
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
