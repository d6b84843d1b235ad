use std::{
    fmt,
    io::{self, Write},
    sync::{
        Arc,
        mpsc::{self, Receiver, SyncSender},
    },
    thread,
    time::Duration,
};

use sentry_core::{Envelope, Transport, TransportFactory, TransportOptions};

use crate::line::line;

/// A data source name for a client that has none: the SDK wants one, and this one leads nowhere.
pub const DSN: &str = "http://console@localhost/0";

/// Envelopes that wait for the terminal. A slow one loses lines; it never holds up a request.
const QUEUE: usize = 1024;

/// Transport that prints one line for each envelope item instead of sending it.
#[derive(Clone)]
pub struct Console {
    queue: SyncSender<Task>,
}

enum Task {
    Print(Box<Envelope>),
    Flush(SyncSender<()>),
}

impl Console {
    /// Prints to standard output.
    pub fn new() -> Self {
        Self::to(io::stdout())
    }

    /// Prints to `writer`, from a thread of its own.
    pub fn to(writer: impl Write + Send + 'static) -> Self {
        let (queue, tasks) = mpsc::sync_channel(QUEUE);
        // Without a thread the queue has no reader, and everything is dropped: there is no terminal worth failing for.
        let _ = thread::Builder::new().name("telemetry-console".into()).spawn(move || print(&tasks, writer));
        Self { queue }
    }
}

impl Default for Console {
    fn default() -> Self {
        Self::new()
    }
}

fn print(tasks: &Receiver<Task>, mut writer: impl Write) {
    for task in tasks {
        match task {
            Task::Print(envelope) => {
                for item in envelope.items() {
                    let _ = writeln!(writer, "[sentry] {}", line(item));
                }
            }
            Task::Flush(done) => {
                let _ = writer.flush();
                let _ = done.send(());
            }
        }
    }
}

impl Transport for Console {
    fn send_envelope(&self, envelope: Envelope) {
        let _ = self.queue.try_send(Task::Print(Box::new(envelope)));
    }

    fn flush(&self, timeout: Duration) -> bool {
        let (done, flushed) = mpsc::sync_channel(1);
        self.queue.try_send(Task::Flush(done)).is_ok() && flushed.recv_timeout(timeout).is_ok()
    }
}

impl TransportFactory for Console {
    fn create_transport_with_options(&self, _: TransportOptions) -> Arc<dyn Transport> {
        Arc::new(self.clone())
    }
}

impl fmt::Debug for Console {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Console").finish_non_exhaustive()
    }
}
