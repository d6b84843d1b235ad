use std::fmt;

use tower_telemetry_core::{RequestContext, RequestId};
use tower_telemetry_scrub::Scrubber;
use tracing::{Instrument, Span};

use crate::user::{self, Hook, user_span};

/// The span of a task that goes on beside an exchange, or after it, and tells whose work it is.
///
/// It follows from the span that is current, rather than being below it: that one could not close before the task does, and would
/// tell of an exchange that lasted as long. Name `task`, level INFO, target `tower_telemetry::exchange`, with `request_id`,
/// `trace_id`, and what is told of the user.
pub struct TaskSpan {
    span: Span,
    _user: Option<Hook>,
}

impl TaskSpan {
    /// A span for a task that the request of this context has begun.
    pub fn new(cx: &RequestContext) -> Self {
        let span = user_span!(
            target: "tower_telemetry::exchange",
            parent: None,
            "task",
            request_id = cx.request_id().map(RequestId::as_str),
            trace_id = cx.trace().map(|trace| tracing::field::display(trace.trace_id)),
        );
        if span.is_disabled() {
            return Self { span, _user: None };
        }
        span.follows_from(Span::current());
        let user = user::record_when_known(&span, &Scrubber::default(), cx);
        Self { span, _user: Some(user) }
    }

    /// Runs a future in the span.
    pub fn run<F: Future>(self, future: F) -> impl Future<Output = F::Output> + use<F> {
        let span = self.span.clone();
        async move {
            let _open = self;
            future.await
        }
        .instrument(span)
    }
}

impl fmt::Debug for TaskSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskSpan").field("span", &self.span).finish_non_exhaustive()
    }
}
