use std::fmt;

use http::response;
use tower_telemetry_core::{Exchange, Outcome, RequestContext};
use tower_telemetry_scrub::Scrubber;
use tracing::Span;

use crate::{AccessLog, PropagationExchange, access, name, user::Hook};

/// One exchange's span. Made by [`Trace`](crate::Trace).
pub struct TraceExchange {
    pub(crate) propagation: PropagationExchange,
    pub(crate) scrubber: Scrubber,
    pub(crate) span: Span,
    pub(crate) method: &'static str,
    pub(crate) named: bool,
    /// It holds the span open.
    pub(crate) user: Option<Hook>,
    pub(crate) access_log: AccessLog,
}

impl Exchange for TraceExchange {
    fn enter<R>(&mut self, f: impl FnOnce() -> R) -> R {
        self.span.in_scope(f)
    }

    fn head(&mut self, head: &mut response::Parts) {
        self.propagation.head(head);
    }

    fn end(&mut self, cx: &RequestContext, outcome: &Outcome<'_>) {
        if !self.span.is_disabled() {
            cx.tell_user();
            self.record(outcome);
            self.record_verdict(cx, outcome);
        }
        if self.access_log == AccessLog::On {
            access::log(&self.span, self.method, &self.scrubber, cx, outcome);
        }
        // Closes it now, while the observers around this one are still there.
        self.user = None;
        self.span = Span::none();
    }
}

impl TraceExchange {
    /// What became of an exchange that was to be kept only if it fails, or is slow.
    fn record_verdict(&self, cx: &RequestContext, outcome: &Outcome<'_>) {
        if let Some(decision) = cx.decision().filter(|decision| decision.is_open())
            && let Some(reason) = decision.verdict(outcome)
        {
            self.span.record("sampling.sampled", true);
            self.span.record("sampling.reason", reason.as_str());
        }
    }

    fn record(&self, outcome: &Outcome<'_>) {
        let span = &self.span;
        if outcome.endpoint().is_grpc() || !self.named {
            name::record(span, self.method, outcome.endpoint(), &self.scrubber);
        }
        if let Some(status) = outcome.status() {
            span.record("http.response.status_code", status.as_u16());
        }
        if let Some(status) = outcome.grpc_status() {
            span.record("rpc.response.status_code", status.name());
        }
        if let Some(error) = outcome.error_type() {
            span.record("error.type", error);
        }
        if outcome.is_server_failure() {
            span.record("otel.status_code", "ERROR");
        }
    }
}

impl fmt::Debug for TraceExchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TraceExchange").field("span", &self.span).finish_non_exhaustive()
    }
}
