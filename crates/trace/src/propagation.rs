use http::{HeaderName, HeaderValue, request, response};
use tower_telemetry_core::{Exchange, Observe, Outcome, RequestContext, RequestId, TraceContext};
use tower_telemetry_scrub::Scrubber;

use crate::{Organization, parse};

static X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Observer that finds out who is asking: it reads the trace context and the request id into the
/// [`RequestContext`], and echoes the request id on the response.
///
/// [`Trace`](crate::Trace) does this too, so it is needed only where something that comes before the span wants to know:
/// a sampling decision, a Sentry transaction.
///
/// - Trace: `sentry-trace` if it is valid, else W3C `traceparent`, else a new trace. `baggage` is kept as it came, up to 8,192
///   bytes.
/// - Request id: the caller's `x-request-id` if it is 1 to 128 bytes of visible ASCII, and holds nothing that the
///   [rules](Self::scrubber) find, such as a token or an e-mail address; else a random one. A response that has an `x-request-id`
///   of its own keeps it.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Propagation {
    pub(crate) scrubber: Scrubber,
    organization: Organization,
}

impl Propagation {
    /// Reads the trace context and the request id.
    pub fn new() -> Self {
        Self::default()
    }

    /// The rules for request ids. Default: the standard rules.
    pub fn scrubber(mut self, scrubber: Scrubber) -> Self {
        self.scrubber = scrubber;
        self
    }

    /// Whose traces are continued. Default: everybody's.
    pub fn organization(mut self, organization: Organization) -> Self {
        self.organization = organization;
        self
    }

    /// The caller's trace, unless it is none of ours.
    fn trace(&self, head: &request::Parts) -> TraceContext {
        let callers = parse::trace_context(&head.headers);
        callers.filter(|trace| self.organization.continues(trace)).unwrap_or_else(TraceContext::root)
    }

    /// The caller's id. It is shown everywhere, to everybody, so one that would have to be scrubbed there is not taken at all.
    fn callers_id(&self, head: &request::Parts) -> Option<RequestId> {
        let id = head.headers.get(&X_REQUEST_ID).and_then(RequestId::from_caller)?;
        let is_clean = self.scrubber.text(id.as_str()) == id.as_str();
        is_clean.then_some(id)
    }
}

impl Observe for Propagation {
    type Exchange = PropagationExchange;

    fn begin(&self, head: &mut request::Parts, cx: &RequestContext) -> PropagationExchange {
        cx.trace_or_init(|| self.trace(head));
        if cx.request_id().is_some() {
            return PropagationExchange { echo: None };
        }
        let id = self.callers_id(head).unwrap_or_else(RequestId::random);
        let echo = id.to_header();
        PropagationExchange { echo: cx.set_request_id(id).then_some(echo) }
    }
}

/// One exchange's part of [`Propagation`].
#[derive(Debug)]
pub struct PropagationExchange {
    echo: Option<HeaderValue>,
}

impl Exchange for PropagationExchange {
    fn head(&mut self, head: &mut response::Parts) {
        if let Some(id) = self.echo.take() {
            head.headers.entry(&X_REQUEST_ID).or_insert(id);
        }
    }

    fn end(&mut self, _: &RequestContext, _: &Outcome<'_>) {}
}
