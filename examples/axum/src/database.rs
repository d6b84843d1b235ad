//! A stand-in for a database, and what a real one's client would tell of it.

use std::{
    error::Error,
    fmt,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time,
};
use tower_telemetry::metrics::instrument::{self, Instrument, Pool, PoolState};

static QUERIES: Instrument<instrument::Database> = Instrument::new();
static POOL: Pool = Pool::new("orders");

const CONNECTIONS: u16 = 10;

/// How long a query waits for a connection.
const PATIENCE: Duration = Duration::from_millis(500);

pub(crate) struct Database {
    free: Semaphore,
    waiting: AtomicU32,
}

#[derive(Debug)]
pub(crate) struct PoolTimedOut;

impl Database {
    pub(crate) fn new() -> Self {
        Self { free: Semaphore::new(CONNECTIONS.into()), waiting: AtomicU32::new(0) }
    }

    /// Does what stands for a query, with a connection of the pool.
    pub(crate) async fn query<T>(
        &self,
        operation: &'static str,
        table: &'static str,
        rows: impl Future<Output = T>,
    ) -> Result<T, PoolTimedOut> {
        let _connection = self.connection().await?;
        let labels = instrument::Database::new("postgresql").operation(operation).collection(table);
        Ok(QUERIES.observe_infallible(labels, rows).await)
    }

    /// Pools tell how they are only if they are asked: at each scrape.
    pub(crate) fn tell(&self) {
        let max = CONNECTIONS.into();
        let idle = u32::try_from(self.free.available_permits()).unwrap_or(max);
        POOL.set(PoolState { used: max - idle, idle, max, pending: self.waiting.load(Ordering::Relaxed) });
    }

    async fn connection(&self) -> Result<SemaphorePermit<'_>, PoolTimedOut> {
        let _waiting = Waiting::on(&self.waiting);
        match time::timeout(PATIENCE, self.free.acquire()).await {
            Ok(permit) => Ok(permit.expect("the pool is never closed")),
            Err(_) => {
                POOL.timed_out();
                Err(PoolTimedOut)
            }
        }
    }
}

/// Who gives up waiting waits no more.
struct Waiting<'a>(&'a AtomicU32);

impl<'a> Waiting<'a> {
    fn on(waiting: &'a AtomicU32) -> Self {
        waiting.fetch_add(1, Ordering::Relaxed);
        Self(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl fmt::Display for PoolTimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no connection of the pool was free in time")
    }
}

impl Error for PoolTimedOut {}
