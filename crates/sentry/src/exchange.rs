use std::{fmt, sync::Arc};

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, response};
use sentry::{
    Client, Hub, HubSwitchGuard, Level, Transaction,
    protocol::{Event, Map, ResponseContext, Value},
    types::Uuid,
};
use tower_telemetry_core::{Decision, End, Endpoint, Exchange, GrpcStatus, Outcome, Reason, RequestContext, semconv};

use crate::{
    conclusion::{Conclusion, PATH},
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
    client: Arc<Client>,
    /// Lent to the thread while it is in the exchange, and only then not here.
    request: Option<Arc<Snapshot>>,
    transaction: Option<Transaction>,
    /// The rate at which such exchanges are traced, if it is known.
    rate: Option<f32>,
    /// Boxed, since few have one.
    grpc_message: Option<Box<HeaderValue>>,
    /// Whether the error behind the response was reported at its head.
    reported: bool,
    slow: bool,
}

/// The tag of slow exchanges.
const SLOW: &str = "slow";

const EVENT_ID: HeaderName = HeaderName::from_static("x-sentry-event-id");

impl SentryExchange {
    pub(crate) fn new(
        hub: Arc<Hub>,
        client: Arc<Client>,
        request: Arc<Snapshot>,
        transaction: Option<Transaction>,
        rate: Option<f32>,
    ) -> Self {
        Self {
            hub,
            client,
            request: Some(request),
            transaction,
            rate,
            grpc_message: None,
            reported: false,
            slow: false,
        }
    }
}

impl Exchange for SentryExchange {
    fn enter<R>(&mut self, f: impl FnOnce() -> R) -> R {
        let _entered = Entered::new(&self.hub, &mut self.request);
        f()
    }

    fn outside<R>(f: impl FnOnce() -> R) -> R {
        mute::muted(f)
    }

    fn head(&mut self, head: &mut response::Parts) {
        if self.request().cx.endpoint().is_some_and(Endpoint::is_grpc) {
            self.grpc_message = errors::grpc_message(&head.headers).map(Box::new);
        }
        if self.request().config.event_id == EventId::Told {
            self.tell_event_id(head);
        }
    }

    fn trailers(&mut self, trailers: &HeaderMap) {
        if let Some(message) = errors::grpc_message(trailers) {
            self.grpc_message = Some(Box::new(message));
        }
    }

    // Most exchanges are neither traced nor worth a report: nothing is worked out for these.
    fn end(&mut self, cx: &RequestContext, outcome: &Outcome<'_>) {
        let event = self.error(cx, outcome);
        let decision = cx.decision();
        let verdict = decision.map(|decision| decision.verdict(outcome));
        // One that was only recorded in case it is kept goes without a word.
        let transaction = self.transaction.take().filter(|_| verdict != Some(None));
        let reports_slowness = self.request().config.slow.is_reported;
        if event.is_some() || transaction.is_some() || reports_slowness {
            // A transaction takes its tags from the current hub when it is finished.
            let _current = HubSwitchGuard::new(self.hub.clone());
            self.slow = self.is_slow(outcome);
            if let Some(event) = event {
                self.capture(event, outcome.endpoint(), outcome.status());
            }
            if self.slow && reports_slowness {
                self.capture(slowness(self.request(), outcome), outcome.endpoint(), outcome.status());
            }
            if let Some(transaction) = transaction {
                let conclusion = self.conclusion(cx, outcome, decision.zip(verdict.flatten()));
                if self.request().is_ours() {
                    conclusion.finish(transaction);
                } else {
                    conclusion.finish_elsewhere(transaction, &self.hub);
                }
            }
        }
        self.count_session(cx, outcome);
    }
}

impl SentryExchange {
    fn request(&self) -> &Snapshot {
        self.request.as_deref().expect("the exchange is not entered while it is told of something")
    }

    /// The event for what went wrong, if nobody has reported it.
    fn error(&self, cx: &RequestContext, outcome: &Outcome<'_>) -> Option<Event<'static>> {
        let event = match outcome.end() {
            End::Failed(failure) => Some(errors::of_failure(&failure)),
            // The hook has made an event where it happened, if the client has one.
            End::Panicked => Some(errors::of_panic()).filter(|_| !self.request().seen.has_panic()),
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
        event.filter(|event| !self.request().seen.has(event))
    }

    /// The event for an answer, if it is an error that nobody has reported.
    fn event_of(&self, answer: &Answer<'_>, cx: &RequestContext) -> Option<Event<'static>> {
        // Without an error behind it, it says that the caller has asked for what there is not, as 404 does.
        let is_known = answer.grpc != Some(GrpcStatus::UNIMPLEMENTED) || cx.error().is_some();
        let is_error = is_known && self.is_listed(answer);
        // Where no error was left, what the handler has reported is the reason for the answer.
        let is_news = is_error && (cx.error().is_some() || !self.request().seen.has_error());
        is_news.then(|| answer.event(cx.error()))
    }

    /// Whether an answer's status is one of those that are reported.
    fn is_listed(&self, answer: &Answer<'_>) -> bool {
        let request = self.request();
        let statuses = request.config.statuses.of(request.method(), answer.endpoint, request.path());
        statuses.contain(answer.status, answer.grpc)
    }

    fn answer<'a>(
        &'a self,
        endpoint: &'a Endpoint,
        status: Option<StatusCode>,
        grpc: Option<GrpcStatus>,
    ) -> Answer<'a> {
        Answer { endpoint, status, grpc, grpc_message: self.grpc_message.as_deref() }
    }

    /// Reports the error behind a response now, and tells the caller of it.
    fn tell_event_id(&mut self, head: &mut response::Parts) {
        let cx = self.request().cx.clone();
        let endpoint = cx.endpoint().cloned().unwrap_or_else(Endpoint::unmatched);
        let answer = self.answer(&endpoint, Some(head.status), GrpcStatus::from_headers(&head.headers));
        if !self.is_listed(&answer) {
            return;
        }
        let event = self.event_of(&answer, &cx).filter(|event| !self.request().seen.has(event));
        let id = match event {
            Some(event) => {
                let _current = HubSwitchGuard::new(self.hub.clone());
                Some(self.capture(event, &endpoint, Some(head.status)))
            }
            None => self.request().seen.error(),
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
        event.transaction = Some(self.request().name(endpoint));
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
        let slow = &self.request().config.slow;
        outcome.latency() >= slow.threshold(self.request().method(), outcome.endpoint(), self.request().path())
    }

    fn count_session(&self, cx: &RequestContext, outcome: &Outcome<'_>) {
        let Some(sessions) = &self.request().config.sessions else { return };
        let session = match outcome.end() {
            End::Panicked => Session::Crashed,
            // A layer further in may have caught a panic.
            _ => self.request().seen.session(),
        };
        sessions.count(&self.client, cx.arrival(), session);
    }

    fn conclusion(
        &self,
        cx: &RequestContext,
        outcome: &Outcome<'_>,
        kept: Option<(&Decision, Reason)>,
    ) -> Box<Conclusion> {
        let (request, endpoint, status) = (self.request(), outcome.endpoint(), outcome.status());
        let name = request.name(endpoint);
        // In their order, for which a map has the least to do.
        let mut data = Vec::with_capacity(11);
        let mut says = |name: &str, value: Value| data.push((name.to_owned(), value));
        says("http.request.method", semconv::method(request.method()).into());
        says("http.response.body.size", outcome.response_bytes().into());
        if let Some(status) = status {
            says("http.response.status_code", status.as_u16().into());
        }
        says("http.route", endpoint.as_str().into());
        if let Some(status) = outcome.grpc_status() {
            says("rpc.response.status_code", status.name().into());
        }
        // Why the exchange is traced, and how many like it are not.
        if let Some((decision, reason)) = kept {
            says("sampling.rate", decision.rate.into());
            says("sampling.reason", reason.as_str().into());
            says("sampling.rule", decision.rule.into());
        }
        says(SOURCE, if endpoint.is_unmatched() { "custom" } else { "route" }.into());
        says(PATH, request.shown_path().into());
        let mut tags = Map::new();
        let slow = self.slow.then(|| (SLOW, "true".to_owned()));
        for (name, value) in request.tags(Some(endpoint)).chain(slow) {
            tags.insert(name.to_owned(), value);
        }
        let clients = || request.config.sampling_of(&self.client);
        let sampling = || Some(Context::of(cx.trace()?, clients, self.rate?, name.clone()));
        Box::new(Conclusion {
            // Another client sends its own.
            sampling: request.is_ours().then(sampling).flatten(),
            is_closed: endpoint.is_closed(),
            op: if endpoint.is_grpc() { "rpc.server" } else { "http.server" },
            status: span_status(outcome),
            data: data.into_iter().collect(),
            tags,
            handlers_tags: cx.tags(),
            user: cx.user(),
            query: request.query(),
            response: status.map(|status| response_context(status, Some(outcome.response_bytes()))),
            name,
        })
    }
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
