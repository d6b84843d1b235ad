use std::cell::Cell;

use sentry::{Envelope, protocol::EnvelopeItem};

thread_local! {
    static MUTED: Cell<bool> = const { Cell::new(false) };
}

/// Runs `f`, none of whose events and transactions are sent. The SDK hands them to the transport at once, on this very thread;
/// a hub without a client would do it too, at ten times the cost.
pub(crate) fn muted<R>(f: impl FnOnce() -> R) -> R {
    struct Restore(bool);

    impl Drop for Restore {
        fn drop(&mut self) {
            MUTED.set(self.0);
        }
    }

    let _restore = Restore(MUTED.replace(true));
    f()
}

/// Whether what runs is muted.
pub(crate) fn is_on() -> bool {
    MUTED.get()
}

/// Whether this envelope comes from what is muted. Batches that only happen to be full now do not.
pub(crate) fn is_muted(envelope: &Envelope) -> bool {
    is_on() && envelope.items().any(|item| matches!(item, EnvelopeItem::Event(_) | EnvelopeItem::Transaction(_)))
}
