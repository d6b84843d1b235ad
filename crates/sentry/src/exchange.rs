use std::{fmt, sync::Arc};

use http::StatusCode;
use sentry::{
    Hub, HubSwitchGuard, Transaction,
    protocol::{Event, Exception, Level, Mechanism, ResponseContext},
};
use tower_telemetry_core::{Decision, End, Exchange, Failure, Outcome, Reason, RequestContext};

use crate::{dynamic_sampling::Context, mute, request::Snapshot, status::span_status};

/// One exchange's hub and transaction. Made by [`Sentry`](crate::Sentry).
pub struct SentryExchange {
    pub(crate) hub: Arc<Hub>,
    pub(crate) request: Arc<Snapshot>,
    pub(crate) transaction: Option<Transaction>,
}

impl Exchange for SentryExchange {
    fn enter<R>(&mut self, f: impl FnOnce() -> R) -> R {
        let _current = HubSwitchGuard::new(self.hub.clone());
        f()
    }

    fn end(&mut self, cx: &RequestContext, outcome: &Outcome<'_>) {
        // A transaction takes its tags and user from the current hub when it is finished.
        let _current = HubSwitchGuard::new(self.hub.clone());
        if let Some(event) = error_event(cx, outcome) {
            self.hub.capture_event(self.with_outcome(event, outcome));
        }
        if let Some(transaction) = self.transaction.take() {
            let decision = cx.decision();
            let verdict = decision.map(|decision| decision.verdict(outcome));
            // One that was only recorded in case it is kept goes without a word.
            if verdict != Some(None) {
                self.finish(&transaction, outcome);
                if let (Some(decision), Some(Some(reason))) = (decision, verdict) {
                    tell(&transaction, decision, reason);
                }
                self.send(transaction, cx, outcome);
            }
        }
    }

    fn outside<R>(f: impl FnOnce() -> R) -> R {
        mute::muted(f)
    }
}

impl SentryExchange {
    fn with_outcome(&self, mut event: Event<'static>, outcome: &Outcome<'_>) -> Event<'static> {
        event.transaction = Some(self.request.name(outcome.endpoint()));
        if let Some(status) = outcome.status() {
            event.contexts.insert("response".into(), response_context(status).into());
        }
        event
    }

    /// Sends the transaction with the sampling that really was. Where the client decided, it knows that itself.
    fn send(&self, transaction: Transaction, cx: &RequestContext, outcome: &Outcome<'_>) {
        let (Some(trace), Some(client), Some(decision)) = (cx.trace(), self.hub.client(), cx.decision()) else {
            transaction.finish();
            return;
        };
        let name = self.request.name(outcome.endpoint());
        Context::of(trace, &client, decision.rate, name).hold(|| transaction.finish());
    }

    fn finish(&self, transaction: &Transaction, outcome: &Outcome<'_>) {
        let endpoint = outcome.endpoint();
        transaction.set_name(&self.request.name(endpoint));
        if endpoint.is_grpc() {
            transaction.set_op("rpc.server");
        }
        transaction.set_status(span_status(outcome));
        transaction.set_origin("auto.http.tower_telemetry");
        transaction.set_data("http.request.method", self.request.method().into());
        transaction.set_data("http.route", endpoint.as_str().into());
        if let Some(status) = outcome.status() {
            transaction.set_data("http.response.status_code", status.as_u16().into());
        }
        transaction.set_data("http.response.body.size", outcome.response_bytes().into());
        transaction.set_request(self.request.to_protocol());
        if let Some(id) = self.request.id() {
            transaction.set_tag("request_id", id);
        }
    }
}

/// Why the exchange is traced, and how many like it are not.
fn tell(transaction: &Transaction, decision: &Decision, reason: Reason) {
    transaction.set_data("sampling.rule", decision.rule.into());
    transaction.set_data("sampling.rate", decision.rate.into());
    transaction.set_data("sampling.reason", reason.as_str().into());
}

/// The event for an exchange that ended in an error, if it is one. A panic has made its own, where it happened.
fn error_event(cx: &RequestContext, outcome: &Outcome<'_>) -> Option<Event<'static>> {
    match outcome.end() {
        End::Failed(failure) => Some(failure_event(&failure)),
        // Not by HTTP's status: that of a gRPC failure is 200.
        End::Completed | End::Cancelled if outcome.is_server_failure() => {
            let mut event = sentry::event_from_error(cx.error()?);
            mark(&mut event);
            Some(event)
        }
        _ => None,
    }
}

fn failure_event(failure: &Failure<'_>) -> Event<'static> {
    let mut event = match failure.error() {
        Some(error) => sentry::event_from_error(error),
        None => Event {
            exception: vec![Exception {
                ty: failure.type_name().to_owned(),
                value: Some(failure.to_string()),
                ..Exception::default()
            }]
            .into(),
            level: Level::Error,
            ..Event::default()
        },
    };
    mark(&mut event);
    event
}

// The last exception is the outermost, the one that was met.
fn mark(event: &mut Event<'_>) {
    if let Some(exception) = event.exception.last_mut() {
        exception.mechanism =
            Some(Mechanism { ty: "tower_telemetry".into(), handled: Some(true), ..Mechanism::default() });
    }
}

fn response_context(status: StatusCode) -> ResponseContext {
    ResponseContext { status_code: Some(status.as_u16().into()), ..ResponseContext::default() }
}

impl fmt::Debug for SentryExchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SentryExchange").field("transaction", &self.transaction.is_some()).finish_non_exhaustive()
    }
}
