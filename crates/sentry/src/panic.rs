use std::{panic, sync::Once};

use sentry::{ClientOptions, Integration, integrations::panic::PanicIntegration};

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
        hub.capture_event(reporter.events.event_from_panic_info(info));
        if cfg!(panic = "abort")
            && let Some(client) = hub.client()
        {
            client.flush(None);
        }
    });
}
