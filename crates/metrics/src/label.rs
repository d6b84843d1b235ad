use std::{
    borrow::Cow,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use tower_telemetry_core::{BuildError, Outcome, RequestContext, RequestHead, semconv};

use crate::names::is_name;

/// A label that the service's own code gives a value.
#[derive(Clone)]
pub(crate) struct OwnLabel {
    pub(crate) name: &'static str,
    pub(crate) by: By,
}

#[derive(Clone)]
pub(crate) enum By {
    Request(Arc<ByRequest>),
    Outcome(Arc<ByOutcome>),
}

pub(crate) type ByRequest = dyn Fn(&RequestHead<'_>) -> Option<Value> + Send + Sync;
pub(crate) type ByOutcome = dyn Fn(&RequestContext, &Outcome<'_>) -> Option<Value> + Send + Sync;

pub(crate) type Value = Cow<'static, str>;

/// More labels are no longer a metric.
pub(crate) const MAX_LABELS: usize = 8;

/// Longer values are cut, in bytes.
const LONGEST: usize = 128;

const TAKEN: [&str; 15] = [
    semconv::HTTP_REQUEST_METHOD,
    semconv::HTTP_ROUTE,
    semconv::HTTP_RESPONSE_STATUS_CODE,
    semconv::URL_SCHEME,
    semconv::ERROR_TYPE,
    semconv::NETWORK_PROTOCOL_VERSION,
    semconv::RPC_SYSTEM_NAME,
    semconv::RPC_METHOD,
    semconv::RPC_RESPONSE_STATUS_CODE,
    semconv::METRIC,
    "method",
    "endpoint",
    "status",
    // Prometheus' own, of histograms and summaries.
    "le",
    "quantile",
];

impl OwnLabel {
    /// Checks the name, beside those that are there.
    pub(crate) fn new(name: &'static str, by: By, others: &[Self]) -> Result<Self, BuildError> {
        let refused = |expected: &str| Err(BuildError::value("a label of the metrics", name, expected));
        if !is_name(name) || name.starts_with("__") {
            refused("a word of ASCII letters, digits and underscores that does not begin with two of them: tenant_plan")
        } else if TAKEN.contains(&name) {
            refused("a name that no other label of these metrics has")
        } else if others.iter().any(|other| other.name == name) {
            refused("a name that is given once")
        } else if others.len() >= MAX_LABELS {
            refused("one of eight labels at most")
        } else {
            Ok(Self { name, by })
        }
    }

    pub(crate) fn at_request(&self, head: &RequestHead<'_>) -> Option<Value> {
        let By::Request(by) = &self.by else { return None };
        quietly(|| by(head))
    }

    /// Sets what is to be asked for in the end.
    pub(crate) fn at_end(&self, value: &mut Option<Value>, cx: &RequestContext, outcome: &Outcome<'_>) {
        if let By::Outcome(by) = &self.by {
            *value = quietly(|| by(cx, outcome));
        }
    }
}

/// A closure's panic costs the label, and not the exchange.
fn quietly(by: impl FnOnce() -> Option<Value>) -> Option<Value> {
    Some(cut(catch_unwind(AssertUnwindSafe(by)).ok()??))
}

fn cut(value: Value) -> Value {
    if value.len() <= LONGEST {
        return value;
    }
    let end = (0..=LONGEST).rev().find(|&end| value.is_char_boundary(end)).unwrap_or(0);
    match value {
        Cow::Borrowed(value) => Cow::Borrowed(&value[..end]),
        Cow::Owned(mut value) => {
            value.truncate(end);
            Cow::Owned(value)
        }
    }
}
