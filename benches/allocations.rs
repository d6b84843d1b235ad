//! How many allocations a request makes, from its arrival to the last frame of its response.
//!
//! The median, and the mean for what happens to some requests only. A reallocation counts as an allocation.

use std::alloc::System;

use benches::{Bare, Table, Visit, exchange, members, services, upkeep};
use bytes::Bytes;
use http::Request;
use http_body_util::Empty;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tokio::runtime::{Builder, Runtime};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Requests for which caches and buffers fill up.
const WARM_UP: usize = 500;

const COUNTED: usize = 2_000;

fn main() {
    let runtime = Builder::new_current_thread().build().expect("a runtime without drivers needs nothing");
    let mut tables = Tables { medians: Table::new("median"), means: Table::new("mean"), runtime };
    services(&mut tables);
    for member in &members() {
        let counts =
            member.run(|| tables.count(|| (member.app(), member.request()), |(app, request)| exchange(app, request)));
        tables.medians.add(member, median(&counts));
        tables.means.add(member, mean(&counts));
        upkeep();
    }
    tables.medians.print();
    println!();
    tables.means.print();
}

struct Tables {
    medians: Table,
    means: Table,
    runtime: Runtime,
}

impl Visit for Tables {
    fn visit(&mut self, name: &'static str, service: &impl Bare, request: impl Fn() -> Request<Empty<Bytes>>) {
        let counts = self.count(
            || (service.clone(), request()),
            async |(service, request): (_, _)| Bare::exchange(service, request).await,
        );
        self.medians.add_service(name, median(&counts));
        self.means.add_service(name, mean(&counts));
    }
}

impl Tables {
    /// Each request's allocations, without those of making it; in order.
    fn count<R>(&self, make: impl Fn() -> R, exchange: impl AsyncFn(R) -> usize) -> Vec<usize> {
        self.runtime.block_on(async {
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
}

#[expect(clippy::cast_precision_loss, reason = "there are no 2^53 allocations")]
fn median(counts: &[usize]) -> f64 {
    counts[counts.len() / 2] as f64
}

#[expect(clippy::cast_precision_loss, reason = "there are no 2^53 allocations")]
fn mean(counts: &[usize]) -> f64 {
    counts.iter().sum::<usize>() as f64 / counts.len() as f64
}
