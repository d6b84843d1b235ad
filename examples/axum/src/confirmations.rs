//! Orders are confirmed by e-mail: a queue, and a worker that empties it.

use std::io;

use tokio::sync::mpsc;
use tower_telemetry::metrics::instrument::{Consume, Email, Instrument, Level, Publish};

static PUBLISHED: Instrument<Publish> = Instrument::new();
static PROCESSED: Instrument<Consume> = Instrument::new();
static DEPTH: Level<2> = Level::queue_depth();
static EMAILS: Instrument<Email> = Instrument::new();

const SYSTEM: &str = "in_memory";
const QUEUE: &str = "confirmations";
const CAPACITY: u16 = 1000;

/// Where to leave the orders' numbers.
pub(crate) struct Confirmations(mpsc::Sender<usize>);

impl Confirmations {
    /// Starts the worker.
    pub(crate) fn start() -> Self {
        let (queue, waiting) = mpsc::channel(CAPACITY.into());
        tokio::spawn(work(waiting));
        Self(queue)
    }

    /// An order that finds no room is not confirmed: the error is counted.
    pub(crate) fn publish(&self, order: usize) {
        let labels = Publish::new(SYSTEM, "publish", QUEUE);
        if PUBLISHED.run(labels, || self.0.try_send(order)).is_err() {
            tracing::warn!(order.id = order, "too many orders wait for their confirmation");
        }
        let free = u16::try_from(self.0.capacity()).unwrap_or(CAPACITY);
        DEPTH.set([SYSTEM, QUEUE], (CAPACITY - free).into());
    }
}

async fn work(mut waiting: mpsc::Receiver<usize>) {
    while let Some(order) = waiting.recv().await {
        let labels = Consume::new(SYSTEM, "process", QUEUE);
        if let Err(error) = PROCESSED.observe(labels, confirm(order)).await {
            tracing::warn!(order.id = order, "not confirmed: {error}");
        }
        DEPTH.set([SYSTEM, QUEUE], u16::try_from(waiting.len()).unwrap_or(CAPACITY).into());
    }
}

async fn confirm(_order: usize) -> io::Result<()> {
    let labels = Email::new("smtp").template("order_confirmation");
    // A mailer's delivery stands here.
    EMAILS.observe(labels, async { Ok(()) }).await
}
