use std::{panic::AssertUnwindSafe, sync::Arc};

use http::request;
use sentry::{Client, Hub, TracesSamplingStrategy, Transaction, TransactionContext};
use tower_telemetry_core::{Observe, RequestContext, TraceContext};

use crate::{Sentry, SentryExchange, request::Snapshot};

impl Observe for Sentry {
    type Exchange = Option<SentryExchange>;

    // Without a client nobody asks what the handler leaves.
    fn wants_context(&self, cx: &RequestContext) -> bool {
        cx.has_reporter()
    }

    fn begin(&self, head: &mut request::Parts, cx: &RequestContext) -> Option<SentryExchange> {
        let (base, client) = self.config.base()?;
        if !cx.claim_reporter() {
            return None;
        }
        let hub = Arc::new(Hub::new_from_top(base));
        self.config.bodies.ask(cx);
        let is_ours = self.config.is_ours(&hub, &client);
        let request = Snapshot::of(head, cx, self.config.clone(), is_ours);
        let Started { transaction, is_live, rate } = start(&hub, &client, cx);
        let live = is_live.then(|| transaction.clone());
        hub.configure_scope(|scope| {
            let request = AssertUnwindSafe(request.clone());
            scope.add_event_processor(move |event| request.complete(event));
            scope.set_span(Some(transaction.into()));
        });
        Some(SentryExchange::new(hub, client, request, live, rate))
    }
}

struct Started {
    transaction: Transaction,
    /// Whether it is worth finishing.
    is_live: bool,
    /// The rate at which such exchanges are traced, if it is known.
    rate: Option<f32>,
}

thread_local! {
    // Without a client a transaction keeps nothing and sends nothing, but it passes the trace and its "no" on, and keeps
    // `sentry-tracing` from starting a transaction of its own below. Each thread has one, so that none waits for its lock.
    static INERT: Hub = Hub::new(None, Arc::default());
}

fn start(hub: &Hub, client: &Client, cx: &RequestContext) -> Started {
    let trace = cx.trace_or_init(TraceContext::root);
    let (sampled, rate) = sampled(client, cx, trace);
    let mut context = TransactionContext::new_with_details(
        // Both are said at the end, when they are certain.
        "",
        "",
        trace.trace_id.to_bytes().into(),
        Some(trace.span_id.to_bytes().into()),
        trace.parent.map(|parent| parent.span_id.to_bytes().into()),
    );
    context.set_sampled(sampled);
    let is_live = sampled != Some(false);
    let transaction =
        if is_live { hub.start_transaction(context) } else { INERT.with(|inert| inert.start_transaction(context)) };
    Started { transaction, is_live, rate }
}

/// Whether it is traced, and at which rate. `None` leaves the decision to the client's own function.
fn sampled(client: &Client, cx: &RequestContext, trace: &TraceContext) -> (Option<bool>, Option<f32>) {
    if let Some(decision) = cx.decision() {
        #[expect(clippy::cast_possible_truncation, reason = "a rate needs no more digits")]
        let rate = decision.rate as f32;
        // One that may be kept in the end is recorded until then.
        return (Some(decision.sampled || decision.is_open()), Some(rate));
    }
    // Nobody decided: the client's rate does, but a caller's "no" holds. A live transaction that is not sent would keep its
    // spans in vain.
    if trace.parent.and_then(|parent| parent.sampled) == Some(false) {
        return (Some(false), None);
    }
    match client.options().traces_sampling_strategy {
        TracesSamplingStrategy::FixedRate(rate) => (Some(trace.sample_rand() < f64::from(rate)), Some(rate)),
        TracesSamplingStrategy::Function(_) => (None, None),
        _ => (Some(false), None),
    }
}
