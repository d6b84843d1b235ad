use std::{
    io,
    sync::{Arc, Mutex},
};

use sentry::{Envelope, Transport, protocol::EnvelopeItem, test::TestTransport};
use tower_telemetry_scrub::Pii;
use tower_telemetry_sentry::{Boundary, Scrubbing};
use tracing_subscriber::fmt::MakeWriter;

/// What must not leave when it stands under the name `password`.
pub(crate) const SECRET: &str = "hunter2-of-ada";

/// An envelope as it would be written to the network.
pub(crate) fn wire(envelope: &Envelope) -> String {
    let mut bytes = Vec::new();
    envelope.to_writer(&mut bytes).expect("a Vec takes all");
    String::from_utf8(bytes).expect("these envelopes are text")
}

/// What is left of an envelope behind the standard boundary.
pub(crate) fn scrubbed(envelope: Envelope) -> Option<Envelope> {
    through(Boundary::standard(Pii::Withheld), envelope)
}

pub(crate) fn through(boundary: Boundary, envelope: Envelope) -> Option<Envelope> {
    let inner = TestTransport::new();
    Scrubbing::new(inner.clone(), boundary).send_envelope(envelope);
    let mut envelopes = inner.fetch_and_clear_envelopes();
    assert!(envelopes.len() <= 1, "one makes no more than one");
    envelopes.pop()
}

/// As [`scrubbed`], of an envelope with one item, of which something is left.
pub(crate) fn scrubbed_item(item: impl Into<EnvelopeItem>) -> EnvelopeItem {
    let envelope = scrubbed(item.into().into()).expect("something is left");
    envelope.into_items().next().expect("what is sent is not empty")
}

/// What is written, by whichever thread.
#[derive(Clone, Default)]
pub(crate) struct Output(Arc<Mutex<Vec<u8>>>);

impl Output {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("no panic").clone()).expect("text")
    }
}

impl io::Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Output {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}
