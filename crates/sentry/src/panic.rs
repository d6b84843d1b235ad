use std::{panic, sync::Once};

use sentry::{
    ClientOptions, Integration,
    integrations::panic::PanicIntegration,
    protocol::{Exception, Frame},
};

/// The type of a panic, as the SDK has it.
pub(crate) const PANIC: &str = "panic";

/// Where the panic was, in its mechanism's data: `src/orders.rs:12:5`.
pub(crate) const LOCATION: &str = "location";

/// Integration that reports panics where they happen, with their stack, to the hub of the request they happen in.
///
/// It makes the event as the SDK's own panic integration does, but does not then wait for it to be sent: that would hold up
/// every request on the thread, for seconds when the ingest hangs. Only where a panic aborts the process does it wait.
#[derive(Debug, Default)]
pub struct PanicReporter {
    events: PanicIntegration,
}

impl Integration for PanicReporter {
    fn name(&self) -> &'static str {
        "panic"
    }

    fn setup(&self, _: &mut ClientOptions) {
        static HOOK: Once = Once::new();
        HOOK.call_once(|| {
            let next = panic::take_hook();
            panic::set_hook(Box::new(move |info| {
                report(info);
                next(info);
            }));
        });
    }
}

fn report(info: &panic::PanicHookInfo<'_>) {
    sentry::with_integration(|reporter: &PanicReporter, hub| {
        let mut event = reporter.events.event_from_panic_info(info);
        if let Some(met) = event.exception.last_mut() {
            say_where(met, info);
        }
        hub.capture_event(event);
        if cfg!(panic = "abort")
            && let Some(client) = hub.client()
        {
            client.flush(None);
        }
    });
}

/// The stack trace says it too, but not in a program without debug information. What it says of this hook is of no use.
fn say_where(met: &mut Exception, info: &panic::PanicHookInfo<'_>) {
    if let (Some(location), Some(mechanism)) = (info.location(), &mut met.mechanism) {
        mechanism.data.insert(LOCATION.into(), location.to_string().into());
    }
    if let Some(frames) = met.stacktrace.as_mut().map(|stack| &mut stack.frames) {
        let is_hook = |frame: &Frame| frame.function.as_deref().is_some_and(|name| name.ends_with("rust_begin_unwind"));
        let begun = frames.iter().rposition(is_hook).unwrap_or(frames.len());
        frames.truncate(begun);
    }
}
