//! Conservation over real sockets: whatever handlers and callers do, each exchange ends once, in one way, and nothing stays.
//!
//! `CHAOS_EXCHANGES=100000 cargo test --release -p tests --test chaos -- --nocapture` is the full run.

mod chaos {
    pub(super) mod caller;
    pub(super) mod service;
    pub(super) mod tally;
}

use std::{alloc::System, env, sync::Arc};

use chaos::{caller::Caller, service::serve, tally::Tally};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use tokio::{
    runtime::Handle,
    task::{self, JoinSet},
};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const CONCURRENCY: usize = 64;
const QUARTERS: usize = 4;

/// What may come and go between two rests without being a leak: buffers of the runtime, the allocator's own.
const SLACK: usize = 256 * 1024;

fn live_bytes() -> usize {
    let stats = ALLOCATOR.stats();
    stats.bytes_allocated - stats.bytes_deallocated
}

fn alive_tasks() -> usize {
    Handle::current().metrics().num_alive_tasks()
}

/// Gives tasks that were told to end the turns they need for it. They tell nobody when they have.
async fn settle(tasks: usize) {
    for _ in 0..1_000_000 {
        if alive_tasks() <= tasks {
            return;
        }
        task::yield_now().await;
    }
    panic!("{} tasks are left, of which {tasks} were there at first", alive_tasks());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_started_has_ended() {
    let exchanges = env::var("CHAOS_EXCHANGES").map_or(8_000, |count| count.parse().expect("a number"));
    let tally = Arc::new(Tally::default());
    let server = serve(tally.clone()).await;
    let tasks = alive_tasks();
    let mut at_rest = Vec::new();
    for quarter in 0..QUARTERS {
        let mut callers = JoinSet::new();
        for caller in 0..CONCURRENCY {
            let seed = (quarter * CONCURRENCY + caller) as u64;
            let share = exchanges / QUARTERS / CONCURRENCY;
            callers.spawn(Caller::new(seed, server.address()).run(share));
        }
        callers.join_all().await;
        server.rest().await;
        tally.assert_conserved();
        settle(tasks).await;
        at_rest.push(live_bytes());
    }
    println!("{tally:?}; live bytes at rest: {at_rest:?}");
    tally.assert_varied();
    let (first, last) = (at_rest[0], at_rest[QUARTERS - 1]);
    assert!(last < first + SLACK, "memory grew from {first} to {last}");
}
