//! Work that no request waits for.

use std::{error::Error, fmt, sync::Arc, time::Duration};

use tokio::time;
use tower_telemetry::{
    RequestContext, in_exchange,
    metrics::instrument::{BackgroundTask, Instrument},
};

use crate::store::Store;

static TASKS: Instrument<BackgroundTask> = Instrument::new();

const STOCK: u32 = 1000;

#[derive(Debug)]
struct OutOfStock;

/// Looks for old sessions for as long as the service runs.
pub(crate) fn expire_sessions(store: Arc<Store>) {
    tokio::spawn(async move {
        let mut ticks = time::interval(Duration::from_secs(1));
        loop {
            ticks.tick().await;
            let task = async { store.expire_sessions() };
            TASKS.observe_infallible(BackgroundTask::new("expire_sessions"), task).await;
        }
    });
}

/// Goes on behind the answer; what it reports and logs belongs to the request all the same.
pub(crate) fn reserve(cx: &RequestContext, quantity: u32) {
    let stock = async move { if quantity <= STOCK { Ok(()) } else { Err(OutOfStock) } };
    tokio::spawn(in_exchange(cx, async {
        if let Err(error) = TASKS.observe(BackgroundTask::new("reserve"), stock).await {
            tracing::warn!("nothing is reserved: {error}");
        }
    }));
}

impl fmt::Display for OutOfStock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there are not as many")
    }
}

impl Error for OutOfStock {}
