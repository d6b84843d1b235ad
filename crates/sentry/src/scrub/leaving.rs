use sentry::Envelope;

use super::{Boundary, envelope, walk::Walk};
use crate::{conclusion::Conclusion, current, dropped::Dropped, mute};

/// An envelope on its way to the server, with all that is to be known of the thread that sends it. It may be scrubbed on another.
#[derive(Debug)]
pub(crate) struct Leaving {
    pub(crate) envelope: Envelope,
    pub(crate) conclusion: Option<Box<Conclusion>>,
}

impl Leaving {
    /// Called on the thread that sends it. `None` if it is not to be sent.
    pub(crate) fn of(envelope: Envelope) -> Option<Self> {
        if mute::is_muted(&envelope) {
            return None;
        }
        let conclusion = Conclusion::take_for(&envelope);
        note_sent(&envelope);
        Some(Self { envelope, conclusion })
    }

    /// One that is not to be scrubbed.
    pub(crate) fn as_it_is(envelope: Envelope) -> Self {
        Self { envelope, conclusion: None }
    }

    /// As it may leave, if anything is left of it.
    pub(crate) fn scrubbed(self, boundary: &Boundary, dropped: &Dropped) -> Option<Envelope> {
        envelope::scrub(self.envelope, self.conclusion, &Walk::new(boundary), dropped)
    }
}

/// Has the exchange know what is sent of it.
fn note_sent(envelope: &Envelope) {
    if let Some(event) = envelope.event()
        && let Some(exchange) = current::current()
    {
        exchange.seen.note_sent(event);
    }
}
