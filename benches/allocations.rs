//! How many allocations a request makes, from its arrival to the last frame of its response.
//!
//! The median, and the mean for what happens to some requests only. A reallocation counts as an allocation.

use std::alloc::System;

use benches::{Member, Table, exchange, members, upkeep};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tokio::runtime::{Builder, Runtime};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Requests for which caches and buffers fill up.
const WARM_UP: usize = 500;

const COUNTED: usize = 2_000;

fn main() {
    let runtime = Builder::new_current_thread().build().expect("a runtime without drivers needs nothing");
    let members = members();
    let mut medians = Table::new("median");
    let mut means = Table::new("mean");
    for member in &members {
        let mut counts = member.run(|| count(&runtime, member));
        counts.sort_unstable();
        #[expect(clippy::cast_precision_loss, reason = "there are no 2^53 allocations")]
        {
            medians.add(member, counts[COUNTED / 2] as f64);
            means.add(member, counts.iter().sum::<usize>() as f64 / COUNTED as f64);
        }
        upkeep();
    }
    medians.print();
    println!();
    means.print();
}

/// Each request's allocations, without those of making it.
fn count(runtime: &Runtime, member: &Member) -> Vec<usize> {
    runtime.block_on(async {
        let mut counts = Vec::with_capacity(COUNTED);
        for i in 0..WARM_UP + COUNTED {
            let (app, request) = (member.app(), member.request());
            let region = Region::new(ALLOCATOR);
            exchange(app, request).await;
            let change = region.change();
            if i >= WARM_UP {
                counts.push(change.allocations + change.reallocations);
            }
        }
        counts
    })
}
