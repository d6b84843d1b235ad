use std::{fmt, sync::Arc, time::Duration};

use http::StatusCode;
use tower_telemetry_core::{Decision, Endpoint, Exchange, Outcome, RequestContext};

use crate::{
    Measure,
    active::Local,
    decisions::DecisionKey,
    kept::Here,
    label::Value,
    series::{Facts, Kind, Values},
    shared::Shared,
};

/// One exchange's measures. Made by [`Metrics`](crate::Metrics).
// It is moved several times on its way from the future to the body, so it is small.
pub struct MetricsExchange {
    pub(crate) shared: Arc<Shared>,
    pub(crate) method: &'static str,
    pub(crate) scheme: &'static str,
    pub(crate) rest: Option<Box<Rest>>,
}

/// What few exchanges have.
#[derive(Default)]
pub(crate) struct Rest {
    pub(crate) version: Option<&'static str>,
    /// What the gauge was told of the endpoint, with the classic names.
    pub(crate) pending: Option<Endpoint>,
    /// What was told of it, if the recorder is a local one.
    pub(crate) local: Option<Local>,
    pub(crate) labels: Vec<Option<Value>>,
}

impl Exchange for MetricsExchange {
    fn end(&mut self, cx: &RequestContext, outcome: &Outcome<'_>) {
        let shared = &*self.shared;
        if let Some(rest) = &mut self.rest {
            for (label, value) in shared.config.labels.iter().zip(&mut rest.labels) {
                label.at_end(value, cx, outcome);
            }
        }
        let rest = self.rest.as_deref();
        let active = shared.active(self.method, self.scheme, rest.and_then(|rest| rest.pending.as_ref()));
        let series = shared.series(self.facts(outcome), outcome, rest.map_or(&[], |rest| &rest.labels));
        let values = self.values(outcome);
        shared.now(cx.arrival(), outcome.duration()).here(|here| {
            active.down(rest.and_then(|rest| rest.local.as_ref()), here);
            if let Some(decision) = cx.decision() {
                count(shared, decision, outcome, here);
            }
            series.record(&shared.config, here, &values);
        });
    }
}

impl MetricsExchange {
    fn facts(&self, outcome: &Outcome<'_>) -> Facts {
        let classic = self.shared.config.names.is_classic();
        let kind = if outcome.is_grpc() && !classic { Kind::Rpc } else { Kind::Http };
        let mut facts = Facts::of(kind, outcome, classic);
        if kind == Kind::Http {
            facts.method = Some(self.method);
        }
        if kind == Kind::Http && !classic {
            (facts.scheme, facts.version) = (Some(self.scheme), self.rest.as_ref().and_then(|rest| rest.version));
        }
        facts
    }

    fn values(&self, outcome: &Outcome<'_>) -> Values {
        let head = outcome.time_to_head().is_some();
        let seconds = |time: Duration| time.as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "a body has no 2^53 bytes")]
        let number = |number: u64| number as f64;
        let value = |measure| match measure {
            Measure::Duration => Some(seconds(outcome.latency())),
            Measure::TimeToHead => outcome.time_to_head().map(seconds),
            Measure::RequestBodySize => outcome.request_bytes().map(number),
            Measure::ResponseBodySize => head.then(|| number(outcome.response_bytes())),
            Measure::StreamDuration => self.is_stream(outcome).then(|| seconds(outcome.duration())),
            Measure::MessagesReceived => outcome.request_messages().filter(|_| outcome.is_grpc()).map(number),
            Measure::MessagesSent => outcome.response_messages().map(number),
        };
        let measures = self.shared.config.measures;
        Measure::ALL.map(|measure| if measures[measure as usize] { value(measure) } else { None })
    }

    /// What goes on after its head, and where that is seen.
    fn is_stream(&self, outcome: &Outcome<'_>) -> bool {
        let upgraded = outcome.status() == Some(StatusCode::SWITCHING_PROTOCOLS) || self.method == "CONNECT";
        outcome.is_long_lived() && !upgraded
    }
}

fn count(shared: &Shared, decision: &Decision, outcome: &Outcome<'_>, here: Here<'_>) {
    let verdict = decision.verdict(outcome);
    let (traced, reason) = (verdict.is_some(), verdict.unwrap_or(decision.reason));
    shared.decisions(DecisionKey { rule: decision.rule, traced, reason }).count(here);
}

impl fmt::Debug for MetricsExchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MetricsExchange").field("method", &self.method).finish_non_exhaustive()
    }
}
