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

    /// Where the trace falls between 0 and 1, which 1 is not: the `sentry-sample_rand` of the caller's baggage, else a number
    /// that the trace id gives. A rate keeps what falls below it, so that a higher one keeps the same traces and more, and
    /// services that share a rate keep the same.
    pub fn sample_rand(&self) -> f64 {
        let given = self.number("sentry-sample_rand").filter(|&number| number < 1.0);
        given.unwrap_or_else(|| of_id(self.trace_id))
    }

    /// The rate at which the caller says that it traces: the `sentry-sample_rate` of its baggage.
    pub fn callers_sample_rate(&self) -> Option<f64> {
        self.number("sentry-sample_rate")
    }

    /// The value of the first member of the caller's baggage that has this name, as it came and without its properties.
    pub fn baggage_member(&self, name: &str) -> Option<&str> {
        let mut members = self.baggage.as_ref()?.to_str().ok()?.split(',');
        members.find_map(|member| {
            let (key, value) = member.split(';').next()?.split_once('=')?;
            (key.trim() == name).then(|| value.trim())
        })
    }

    /// A number from 0 to 1 in the baggage, if it is there and one.
    fn number(&self, name: &str) -> Option<f64> {
        self.baggage_member(name)?.parse().ok().filter(|number| (0.0..=1.0).contains(number))
    }
}

impl Parent {
    /// A caller's span.
    pub fn new(span_id: SpanId, sampled: Option<bool>) -> Self {
        Self { span_id, sampled }
    }
}

fn of_id(trace_id: TraceId) -> f64 {
    // The W3C asks for randomness in the last seven bytes; a double holds 53 bits of them exactly.
    let [.., b1, b2, b3, b4, b5, b6, b7] = trace_id.to_bytes();
    let bits = u64::from_be_bytes([0, b1, b2, b3, b4, b5, b6, b7]) >> 3;
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    let place = bits as f64 / (1_u64 << 53) as f64;
    place
}
