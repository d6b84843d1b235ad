use std::{num::NonZeroUsize, sync::Arc};

use sentry::{
    BeforeCallback, Breadcrumb, Client, ClientOptions,
    integrations::{
        backtrace::{AttachStacktraceIntegration, ProcessStacktraceIntegration},
        contexts::ContextIntegration,
    },
};

use tower_telemetry_scrub::Pii;

use crate::{
    Boundary, BoundedFactory, HttpTransportFactory, PanicReporter, ScrubbingFactory, current, mute,
    transport::MAX_QUEUED,
};

/// Crates between the service's own frames in a stack trace, besides those that the SDK knows.
const NOT_IN_APP: [&str; 12] = [
    "tower_telemetry",
    "__rustc::",
    "axum::",
    "axum_core::",
    "h2::",
    "hyper::",
    "hyper_util::",
    "tonic::",
    "tower::",
    "tower_http::",
    "tower_service::",
    "tracing::",
];

/// Makes a client with the SDK's default integrations, but for two that wait for the network: the panic hook is
/// [one](PanicReporter) that does not, and so is the [transport](crate::HttpTransport). What the client sends is scrubbed by the
/// standard rules; with `send_default_pii`, personal data stays. The transport does so on its own threads. One that `options` name
/// is [wrapped](crate::Bounded), and what it is given is [scrubbed](crate::Scrubbing) on the thread that sends.
///
/// The client is not bound to a hub yet.
pub fn client(options: ClientOptions) -> Arc<Client> {
    let pii = if options.send_default_pii { Pii::Sent } else { Pii::Withheld };
    client_with(options, Boundary::standard(pii))
}

/// As [`client()`], with rules of one's own for what leaves.
pub fn client_with(options: ClientOptions, boundary: Boundary) -> Arc<Client> {
    let mut options = options.default_integrations(false);
    options.in_app_exclude.extend(NOT_IN_APP);
    let own = std::mem::take(&mut options.integrations);
    let mut options = options
        .add_integration(AttachStacktraceIntegration)
        .add_integration(ContextIntegration::default())
        .add_integration(PanicReporter::default())
        .add_integration(ProcessStacktraceIntegration);
    options.integrations.extend(own);
    options.before_breadcrumb = Some(Arc::new(breadcrumbs(options.before_breadcrumb.take(), options.max_breadcrumbs)));
    options.transport_channel_capacity = options.transport_channel_capacity.or(NonZeroUsize::new(MAX_QUEUED));
    let options = match options.transport.take() {
        Some(own) => options.transport(ScrubbingFactory::new(Arc::new(BoundedFactory::new(own)), boundary)),
        None => options.transport(HttpTransportFactory::new().scrubbing(boundary)),
    };
    let mut options = sentry::apply_defaults(options);
    // The SDK would look for it in the DSN's host for each transaction.
    options.org_id = options.org_id.or_else(|| options.dsn.as_ref()?.org_id());
    Arc::new(Client::with_options(options))
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
