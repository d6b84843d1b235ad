//! How many allocations a request makes, from its arrival to the last frame of its response.
//!
//! The median, and the mean for what happens to some requests only. A reallocation counts as an allocation.

use std::alloc::System;

use benches::{Bare, GROUPS, Table, Visit, exchange, runtime, services, upkeep};
use bytes::Bytes;
use http::Request;
use http_body_util::Empty;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tokio::runtime::Runtime;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Requests for which caches and buffers fill up.
const WARM_UP: usize = 500;

const COUNTED: usize = 10_000;

fn main() {
    let mut bare = Services { medians: Table::new("median"), means: Table::new("mean"), runtime: runtime() };
    services(&mut bare);
    let Services { medians, means, runtime } = bare;
    medians.print();
    means.print();
    for members in GROUPS {
        let members = members();
        let counts = members.iter().map(|member| {
            // Of ids, and so of what is sampled.
            fastrand::seed(7);
            let make = || (member.app(), member.request());
            let counts = member.run(|| count(&runtime, make, |(app, request)| exchange(app, request)));
            upkeep();
            (median(&counts), mean(&counts))
        });
        let (medians, means) = counts.unzip();
        Table::of("median", &members, medians).print();
        Table::of("mean", &members, means).print();
    }
}

/// What does nothing, behind layers that do nothing.
struct Services {
    medians: Table,
    means: Table,
    runtime: Runtime,
}

impl Visit for Services {
    fn visit(&mut self, name: &'static str, service: &impl Bare, request: impl Fn() -> Request<Empty<Bytes>>) {
        let counts = count(
            &self.runtime,
            || (service.clone(), request()),
            async |(service, request): (_, _)| Bare::exchange(service, request).await,
        );
        self.medians.add_service(name, median(&counts));
        self.means.add_service(name, mean(&counts));
    }
}

/// Each request's allocations, without those of making it; in order.
fn count<R>(runtime: &Runtime, make: impl Fn() -> R, exchange: impl AsyncFn(R) -> usize) -> Vec<usize> {
    runtime.block_on(async {
        let mut counts = Vec::with_capacity(COUNTED);
        for i in 0..WARM_UP + COUNTED {
            let request = make();
            let region = Region::new(ALLOCATOR);
            exchange(request).await;
            let change = region.change();
            if i >= WARM_UP {
                counts.push(change.allocations + change.reallocations);
            }
        }
        counts.sort_unstable();
        counts
    })
}

#[expect(clippy::cast_precision_loss, reason = "there are no 2^53 allocations")]
fn median(counts: &[usize]) -> f64 {
    counts[counts.len() / 2] as f64
}

#[expect(clippy::cast_precision_loss, reason = "there are no 2^53 allocations")]
fn mean(counts: &[usize]) -> f64 {
    counts.iter().sum::<usize>() as f64 / counts.len() as f64
}
