use std::sync::Arc;

use sentry::{
    BeforeCallback, Breadcrumb, Client, ClientOptions,
    integrations::{
        backtrace::{AttachStacktraceIntegration, ProcessStacktraceIntegration},
        contexts::ContextIntegration,
    },
    transports::DefaultTransportFactory,
};

use tower_telemetry_scrub::Pii;

use crate::{Boundary, BoundedFactory, PanicReporter, ScrubbingFactory, current, mute};

/// Makes a client with the SDK's default integrations, two of them replaced because they wait for the network: the
/// [panic hook](PanicReporter) and the [transport](BoundedFactory), whichever `options` names. What it sends is
/// [scrubbed](ScrubbingFactory) by the standard rules; with `send_default_pii`, personal data stays.
///
/// The client is not bound to a hub yet.
pub fn client(options: ClientOptions) -> Arc<Client> {
    let pii = if options.send_default_pii { Pii::Sent } else { Pii::Withheld };
    client_with(options, Boundary::standard(pii))
}

/// As [`client()`], with rules of one's own for what leaves.
pub fn client_with(options: ClientOptions, boundary: Boundary) -> Arc<Client> {
    let mut options = options.default_integrations(false);
    let own = std::mem::take(&mut options.integrations);
    let mut options = options
        .add_integration(AttachStacktraceIntegration)
        .add_integration(ContextIntegration::default())
        .add_integration(PanicReporter::default())
        .add_integration(ProcessStacktraceIntegration);
    options.integrations.extend(own);
    options.before_breadcrumb = Some(Arc::new(breadcrumbs(options.before_breadcrumb.take(), options.max_breadcrumbs)));
    let transport = options.transport.take().unwrap_or_else(|| Arc::new(DefaultTransportFactory));
    let transport = BoundedFactory::new(Arc::new(ScrubbingFactory::new(transport, boundary)));
    Arc::new(Client::with_options(sentry::apply_defaults(options.transport(transport))))
}

/// Keeps breadcrumbs with their exchange, rather than with the hub that happens to be current.
fn breadcrumbs(
    before: Option<BeforeCallback<Breadcrumb>>,
    max: usize,
) -> impl Fn(Breadcrumb) -> Option<Breadcrumb> + Send + Sync {
    move |breadcrumb| {
        // It would stay in the thread's own scope, and go out with whatever comes next there.
        if mute::is_on() {
            return None;
        }
        let breadcrumb = match &before {
            Some(before) => before(breadcrumb)?,
            None => breadcrumb,
        };
        match current::current() {
            Some(exchange) => {
                exchange.seen.breadcrumb(breadcrumb, max);
                None
            }
            None => Some(breadcrumb),
        }
    }
}
