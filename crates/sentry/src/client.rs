use std::{num::NonZeroUsize, sync::Arc};

use sentry::{
    Client, ClientOptions, TransportFactory,
    integrations::{
        backtrace::{AttachStacktraceIntegration, ProcessStacktraceIntegration},
        contexts::ContextIntegration,
    },
};

use tower_telemetry_scrub::Pii;

use crate::{
    Boundary, BoundedFactory, HttpTransportFactory, PanicReporter, ScrubbingFactory, mute, transport::MAX_QUEUED,
};

/// Makes a client with the SDK's default integrations, but for two that wait for the network: the panic hook is
/// [one](PanicReporter) that does not, and so is the [transport](crate::HttpTransport). One that `options` name is
/// [wrapped](crate::Bounded). What the client sends is [scrubbed](crate::Scrubbing) by the standard rules; with `send_default_pii`,
/// personal data stays.
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
    let before_breadcrumb = options.before_breadcrumb.take();
    options.before_breadcrumb = Some(Arc::new(move |breadcrumb| match &before_breadcrumb {
        // It would stay in the thread's own scope, and go out with whatever comes next there.
        _ if mute::is_on() => None,
        Some(before) => before(breadcrumb),
        None => Some(breadcrumb),
    }));
    options.transport_channel_capacity = options.transport_channel_capacity.or(NonZeroUsize::new(MAX_QUEUED));
    let transport: Arc<dyn TransportFactory> = match options.transport.take() {
        Some(own) => Arc::new(BoundedFactory::new(own)),
        None => Arc::new(HttpTransportFactory::new()),
    };
    let transport = ScrubbingFactory::new(transport, boundary);
    Arc::new(Client::with_options(sentry::apply_defaults(options.transport(transport))))
}
