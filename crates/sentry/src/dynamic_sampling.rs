//! The dynamic sampling context of what is sent: the SDK makes one that knows neither the caller's, nor the rate that was really
//! applied. Source: <https://develop.sentry.dev/sdk/telemetry/traces/dynamic-sampling-context/>

use std::cell::RefCell;

use sentry::{
    Envelope,
    protocol::{DynamicSamplingContext, EnvelopeItem},
};

thread_local! {
    static CONTEXT: RefCell<Option<DynamicSamplingContext>> = const { RefCell::new(None) };
}

/// Runs `f`, whose transactions and events are sent with this context. The SDK hands them to the transport at once, on this very
/// thread, and gives no other way to say it.
#[expect(dead_code)]
pub(crate) fn with<R>(context: DynamicSamplingContext, f: impl FnOnce() -> R) -> R {
    struct Restore(Option<DynamicSamplingContext>);

    impl Drop for Restore {
        fn drop(&mut self) {
            CONTEXT.set(self.0.take());
        }
    }

    let _restore = Restore(CONTEXT.replace(Some(context)));
    f()
}

/// The envelope with the context that holds here, if it is of a kind that has one.
pub(crate) fn stamp(envelope: Envelope) -> Envelope {
    let Some(context) = CONTEXT.with_borrow(Clone::clone) else { return envelope };
    if !envelope.items().any(|item| matches!(item, EnvelopeItem::Transaction(_) | EnvelopeItem::Event(_))) {
        return envelope;
    }
    let headers = envelope.headers().clone().with_trace(context);
    envelope.with_headers(headers)
}
