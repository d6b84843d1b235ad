use std::{fmt, sync::Arc};

use metrics::Gauge;
use tower_telemetry_core::{Exchange, Outcome, RequestContext};

use crate::handles::Handles;

/// One exchange's measures. Made by [`Metrics`](crate::Metrics).
pub struct MetricsExchange {
    pub(crate) handles: Arc<Handles>,
    pub(crate) method: &'static str,
    pub(crate) scheme: &'static str,
    /// The very gauge that was incremented: another recorder may be current at the end.
    pub(crate) active: Gauge,
}

impl Exchange for MetricsExchange {
    fn end(&mut self, cx: &RequestContext, outcome: &Outcome<'_>) {
        self.active.decrement(1.0);
        if let Some(decision) = cx.decision() {
            self.handles.decisions(decision, outcome).increment(1);
        }
        self.handles.duration(self.method, self.scheme, outcome).record(outcome.latency().as_secs_f64());
    }
}

impl fmt::Debug for MetricsExchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MetricsExchange").field("method", &self.method).finish_non_exhaustive()
    }
}
