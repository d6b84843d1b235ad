use std::fmt;

use http::response;
use tower_telemetry_core::{Exchange, GrpcStatus, Outcome, Reason, RequestContext};
use tower_telemetry_scrub::Scrubber;
use tracing::Span;

use crate::{AccessLog, PropagationExchange, access, name::Named, user::Hook};

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
            self.record(cx, outcome);
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
    /// All that is known in the end, at once: each recording is a walk through the subscriber's layers.
    fn record(&self, cx: &RequestContext, outcome: &Outcome<'_>) {
        // Once only: subscribers that format fields show each recording.
        let is_named = self.named && !outcome.endpoint().is_grpc();
        let named =
            if is_named { Named::default() } else { Named::of(self.method, outcome.endpoint(), &self.scrubber) };
        // What became of one that was to be kept only if it fails, or is slow.
        let reason = cx.decision().filter(|decision| decision.is_open()).and_then(|decision| decision.verdict(outcome));
        tracing::record_all!(
            self.span,
            otel.name = named.name.as_deref(),
            http.route = named.route.as_deref(),
            rpc.method = named.rpc.as_deref(),
            http.response.status_code = outcome.status().map(|status| status.as_u16()),
            rpc.response.status_code = outcome.grpc_status().map(GrpcStatus::name),
            error.type = outcome.error_type(),
            otel.status_code = outcome.is_server_failure().then_some("ERROR"),
            sampling.sampled = reason.map(|_| true),
            sampling.reason = reason.map(Reason::as_str),
        );
    }
}

impl fmt::Debug for TraceExchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TraceExchange").field("span", &self.span).finish_non_exhaustive()
    }
}
