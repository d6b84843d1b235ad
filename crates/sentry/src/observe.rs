use std::{
    panic::AssertUnwindSafe,
    sync::{Arc, LazyLock},
};

use http::request;
use sentry::{Hub, Transaction, TransactionContext};
use tower_telemetry_core::{Observe, RequestContext, TraceContext};

use crate::{Sentry, SentryExchange, request::Snapshot};

impl Observe for Sentry {
    type Exchange = Option<SentryExchange>;

    fn begin(&self, head: &mut request::Parts, cx: &RequestContext) -> Option<SentryExchange> {
        let base = self.config.base()?;
        if !cx.claim_reporter() {
            return None;
        }
        let hub = Arc::new(Hub::new_from_top(base));
        self.config.bodies.ask(cx);
        let request = Arc::new(Snapshot::of(head, cx, self.config.clone(), &hub));
        let (transaction, sampled) = start_transaction(&hub, cx);
        hub.configure_scope(|scope| {
            let request = AssertUnwindSafe(request.clone());
            scope.add_event_processor(move |event| request.complete(event));
            scope.set_span(Some(transaction.clone().into()));
        });
        Some(SentryExchange::new(hub, request, sampled.then_some(transaction)))
    }
}
/// Starts the exchange's transaction. The second value is whether it is worth finishing.
fn start_transaction(hub: &Hub, cx: &RequestContext) -> (Transaction, bool) {
    // Without a client a transaction keeps nothing and sends nothing, but it passes the trace and its "no" on, and keeps
    // `sentry-tracing` from starting a transaction of its own below.
    static INERT: LazyLock<Hub> = LazyLock::new(|| Hub::new(None, Arc::default()));

    let trace = cx.trace_or_init(TraceContext::root);
    let parent = trace.parent;
    let mut context = TransactionContext::new_with_details(
        // The name is set at the end, when the endpoint is certain.
        "unmatched",
        "http.server",
        trace.trace_id.to_bytes().into(),
        Some(trace.span_id.to_bytes().into()),
        parent.map(|parent| parent.span_id.to_bytes().into()),
    );
    let sampled = match cx.decision() {
        // One that may be kept in the end is recorded until then.
        Some(decision) => Some(decision.sampled || decision.is_open()),
        // Nobody decided: the client does, but a caller's "no" holds.
        None => parent.and_then(|parent| parent.sampled).filter(|sampled| !sampled),
    };
    context.set_sampled(sampled);
    let inert = sampled == Some(false);
    let transaction = if inert { INERT.start_transaction(context) } else { hub.start_transaction(context) };
    (transaction, !inert)
}
