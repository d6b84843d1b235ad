use std::{fmt, sync::Arc};

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, response};
use sentry::{
    Hub, HubSwitchGuard, Level, Transaction,
    protocol::{Event, ResponseContext},
    types::Uuid,
};
use tower_telemetry_core::{Decision, End, Endpoint, Exchange, GrpcStatus, Outcome, Reason, RequestContext, semconv};

use crate::{
    config::EventId,
    current::Entered,
    dynamic_sampling::Context,
    errors::{self, Answer},
    mute,
    request::Snapshot,
    sessions::Session,
    status::span_status,
    transport::SOURCE,
};

/// One exchange's hub and transaction. Made by [`Sentry`](crate::Sentry).
pub struct SentryExchange {
    hub: Arc<Hub>,
    request: Arc<Snapshot>,
    transaction: Option<Transaction>,
    grpc_message: Option<HeaderValue>,
    /// Whether the error behind the response was reported at its head.
    reported: bool,
    slow: bool,
}

/// The tag of slow exchanges.
const SLOW: &str = "slow";

const EVENT_ID: HeaderName = HeaderName::from_static("x-sentry-event-id");

impl SentryExchange {
    pub(crate) fn new(hub: Arc<Hub>, request: Arc<Snapshot>, transaction: Option<Transaction>) -> Self {
        Self { hub, request, transaction, grpc_message: None, reported: false, slow: false }
    }
}

impl Exchange for SentryExchange {
    fn enter<R>(&mut self, f: impl FnOnce() -> R) -> R {
        let _entered = Entered::new(&self.hub, self.request.clone());
        f()
    }

    fn outside<R>(f: impl FnOnce() -> R) -> R {
        mute::muted(f)
    }

    fn head(&mut self, head: &mut response::Parts) {
        self.grpc_message = errors::grpc_message(&head.headers);
        if self.request.config.event_id == EventId::Told {
            self.tell_event_id(head);
        }
    }

    fn trailers(&mut self, trailers: &HeaderMap) {
        self.grpc_message = errors::grpc_message(trailers).or(self.grpc_message.take());
    }

    fn end(&mut self, cx: &RequestContext, outcome: &Outcome<'_>) {
        // A transaction takes its tags and user from the current hub when it is finished.
        let _current = HubSwitchGuard::new(self.hub.clone());
        self.slow = self.is_slow(outcome);
        self.report(cx, outcome);
        if self.slow && self.request.config.slow.is_reported {
            self.capture(slowness(&self.request, outcome), outcome.endpoint(), outcome.status());
        }
        self.count_session(cx, outcome);
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
}

impl SentryExchange {
    /// Reports what went wrong, once.
    fn report(&self, cx: &RequestContext, outcome: &Outcome<'_>) {
        let event = match outcome.end() {
            End::Failed(failure) => Some(errors::of_failure(&failure)),
            // The hook has made an event where it happened, if the client has one.
            End::Panicked => Some(errors::of_panic()).filter(|_| !self.request.seen.has_panic()),
            // One whose caller gave up waiting for the rest is an answer all the same.
            End::Completed | End::Cancelled if !self.reported => {
                // When a caller's time is up, no status has been said.
                let is_said = matches!(outcome.end(), End::Completed);
                let grpc = outcome.grpc_status().filter(|_| is_said);
                let answer = self.answer(outcome.endpoint(), outcome.status(), grpc);
                self.event_of(&answer, cx)
            }
            _ => None,
        };
        if let Some(event) = event.filter(|event| !self.request.seen.has(event)) {
            self.capture(event, outcome.endpoint(), outcome.status());
        }
    }

    /// The event for an answer, if it is an error that nobody has reported.
    fn event_of(&self, answer: &Answer<'_>, cx: &RequestContext) -> Option<Event<'static>> {
        let Snapshot { config, seen, .. } = &*self.request;
        let statuses = config.statuses.of(self.request.method(), answer.endpoint, self.request.path());
        // Without an error behind it, it says that the caller has asked for what there is not, as 404 does.
        let is_known = answer.grpc != Some(GrpcStatus::UNIMPLEMENTED) || cx.error().is_some();
        let is_error = is_known && statuses.contain(answer.status, answer.grpc);
        // Where no error was left, what the handler has reported is the reason for the answer.
        let is_news = is_error && (cx.error().is_some() || !seen.has_error());
        is_news.then(|| answer.event(cx.error()))
    }

    fn answer<'a>(
        &'a self,
        endpoint: &'a Endpoint,
        status: Option<StatusCode>,
        grpc: Option<GrpcStatus>,
    ) -> Answer<'a> {
        Answer { endpoint, status, grpc, grpc_message: self.grpc_message.as_ref() }
    }

    /// Reports the error behind a response now, and tells the caller of it.
    fn tell_event_id(&mut self, head: &mut response::Parts) {
        let cx = self.request.cx.clone();
        let endpoint = cx.endpoint().cloned().unwrap_or_else(Endpoint::unmatched);
        let answer = self.answer(&endpoint, Some(head.status), GrpcStatus::from_headers(&head.headers));
        let statuses = self.request.config.statuses.of(self.request.method(), &endpoint, self.request.path());
        if !statuses.contain(answer.status, answer.grpc) {
            return;
        }
        let event = self.event_of(&answer, &cx).filter(|event| !self.request.seen.has(event));
        let id = match event {
            Some(event) => {
                let _current = HubSwitchGuard::new(self.hub.clone());
                Some(self.capture(event, &endpoint, Some(head.status)))
            }
            None => self.request.seen.error(),
        };
        self.reported = true;
        // Of one that was dropped there is none.
        if let Some(id) = id.filter(|id| !id.is_nil())
            && let Ok(id) = HeaderValue::from_str(&id.simple().to_string())
        {
            head.headers.insert(EVENT_ID, id);
        }
    }

    fn capture(&self, mut event: Event<'static>, endpoint: &Endpoint, status: Option<StatusCode>) -> Uuid {
        event.transaction = Some(self.request.name(endpoint));
        event.tags.insert("request_path".into(), endpoint.to_string());
        if self.slow {
            event.tags.insert(SLOW.into(), "true".into());
        }
        if let Some(status) = status {
            event.contexts.insert("response".into(), response_context(status, None).into());
        }
        self.hub.capture_event(event)
    }

    fn is_slow(&self, outcome: &Outcome<'_>) -> bool {
        let slow = &self.request.config.slow;
        outcome.latency() >= slow.threshold(self.request.method(), outcome.endpoint(), self.request.path())
    }

    fn count_session(&self, cx: &RequestContext, outcome: &Outcome<'_>) {
        let Some(sessions) = &self.request.config.sessions else { return };
        let Some(client) = self.hub.client() else { return };
        let session = match outcome.end() {
            End::Panicked => Session::Crashed,
            // A layer further in has caught it.
            _ if self.request.seen.has_panic() => Session::Crashed,
            _ if self.request.seen.has_error() => Session::Errored,
            _ => Session::Exited,
        };
        sessions.count(&client, cx.arrival(), session);
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
        transaction.set_data("http.request.method", semconv::method(self.request.method()).into());
        transaction.set_data("http.route", endpoint.as_str().into());
        let is_named = !endpoint.is_unmatched();
        transaction.set_data(SOURCE, if is_named { "route" } else { "custom" }.into());
        if let Some(status) = outcome.status() {
            transaction.set_data("http.response.status_code", status.as_u16().into());
        }
        if let Some(status) = outcome.grpc_status() {
            transaction.set_data("rpc.response.status_code", status.name().into());
        }
        transaction.set_data("http.response.body.size", outcome.response_bytes().into());
        transaction.set_request(self.request.to_protocol());
        // The first of a name counts.
        for (name, value) in self.request.tags(Some(endpoint)).into_iter().rev() {
            transaction.set_tag(&name, value);
        }
        if self.slow {
            transaction.set_tag(SLOW, "true");
        }
        let (user, response) = (self.request.user(), outcome.status());
        // It takes these from the scope alone.
        if user.is_some() || response.is_some() {
            self.hub.configure_scope(|scope| {
                if user.is_some() {
                    scope.set_user(user);
                }
                if let Some(status) = response {
                    scope.set_context("response", response_context(status, Some(outcome.response_bytes())));
                }
            });
        }
    }
}

/// Why the exchange is traced, and how many like it are not.
fn tell(transaction: &Transaction, decision: &Decision, reason: Reason) {
    transaction.set_data("sampling.rule", decision.rule.into());
    transaction.set_data("sampling.rate", decision.rate.into());
    transaction.set_data("sampling.reason", reason.as_str().into());
}

/// The message of a slow exchange: one issue for each endpoint, however slow each was.
fn slowness(request: &Snapshot, outcome: &Outcome<'_>) -> Event<'static> {
    let endpoint = outcome.endpoint();
    let millis = u64::try_from(outcome.latency().as_millis()).unwrap_or(u64::MAX);
    Event {
        message: Some(format!("slow request: {}", request.name(endpoint))),
        level: Level::Warning,
        fingerprint: vec!["slow request".into(), endpoint.to_string().into()].into(),
        extra: [("duration_ms".to_owned(), millis.into())].into(),
        ..Event::default()
    }
}

fn response_context(status: StatusCode, body_size: Option<u64>) -> ResponseContext {
    ResponseContext { status_code: Some(status.as_u16().into()), body_size, ..ResponseContext::default() }
}

impl fmt::Debug for SentryExchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SentryExchange").field("transaction", &self.transaction.is_some()).finish_non_exhaustive()
    }
}
