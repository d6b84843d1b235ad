use http::request;
use tower_telemetry_core::{Decision, Observe, Reason, RequestContext, RequestHead, TraceContext, TraceId};

use crate::{Exclude, Sampling, exclude};

impl Observe for Sampling {
    type Exchange = ();

    fn admits(&self, head: &RequestHead<'_>) -> bool {
        match self.exclude {
            Exclude::Standard => !exclude::is_standard(head.uri.path()),
            Exclude::Nothing => true,
        }
    }

    fn begin(&self, _: &mut request::Parts, cx: &RequestContext) {
        cx.decision_or_init(|| self.decide(cx.trace_or_init(TraceContext::root)));
    }
}

impl Sampling {
    fn decide(&self, trace: &TraceContext) -> Decision {
        if trace.parent.is_some_and(|parent| parent.sampled == Some(false)) {
            return Decision::new(false, self.rate, Reason::Caller);
        }
        Decision::new(keeps(self.rate, trace.trace_id), self.rate, Reason::Rate)
    }
}

/// Whether a trace falls inside `rate`. A higher rate keeps the same traces and more.
fn keeps(rate: f64, trace_id: TraceId) -> bool {
    // The W3C asks for randomness in the last seven bytes; a double holds 53 bits of them exactly.
    let [.., b1, b2, b3, b4, b5, b6, b7] = trace_id.to_bytes();
    let bits = u64::from_be_bytes([0, b1, b2, b3, b4, b5, b6, b7]) >> 3;
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    let place = bits as f64 / (1_u64 << 53) as f64;
    place < rate
}
