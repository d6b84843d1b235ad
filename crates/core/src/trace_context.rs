use http::HeaderValue;

use crate::{SpanId, TraceId};

/// The place of a request in its distributed trace.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TraceContext {
    /// The trace: the caller's, or a new one.
    pub trace_id: TraceId,
    /// This exchange's own span.
    pub span_id: SpanId,
    /// The caller's span, if a caller told of one.
    pub parent: Option<Parent>,
    /// The caller's `baggage`, as it came.
    pub baggage: Option<HeaderValue>,
}

/// The caller's side of a [`TraceContext`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parent {
    /// The span that made the request.
    pub span_id: SpanId,
    /// Whether the caller traces it; `None` if the caller left that open.
    pub sampled: Option<bool>,
}

impl TraceContext {
    /// Starts a new trace.
    pub fn root() -> Self {
        Self { trace_id: TraceId::random(), span_id: SpanId::random(), parent: None, baggage: None }
    }

    /// Continues a caller's trace with a new span.
    pub fn child(trace_id: TraceId, parent: Parent, baggage: Option<HeaderValue>) -> Self {
        Self { trace_id, span_id: SpanId::random(), parent: Some(parent), baggage }
    }
}

impl Parent {
    /// A caller's span.
    pub fn new(span_id: SpanId, sampled: Option<bool>) -> Self {
        Self { span_id, sampled }
    }
}
