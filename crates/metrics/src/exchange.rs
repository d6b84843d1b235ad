use std::{fmt, sync::Arc, time::Duration};

use http::{StatusCode, Version};
use tower_telemetry_core::{Decision, Endpoint, Exchange, Outcome, RequestContext};

use crate::{
    Measure,
    active::Local,
    asked::Asked,
    decisions::DecisionKey,
    kept::Here,
    label::Value,
    measure::{Measures, Values},
    series::{Facts, Kind},
    shared::Shared,
};

/// One exchange's measures. Made by [`Metrics`](crate::Metrics).
// It is moved several times on its way from the future to the body, so it is small.
pub struct MetricsExchange {
    pub(crate) shared: Arc<Shared>,
    /// After the beginning.
    pub(crate) arrived: Duration,
    pub(crate) asked: Asked,
    pub(crate) rest: Option<Box<Rest>>,
}

/// What few exchanges have.
#[derive(Default)]
pub(crate) struct Rest {
    pub(crate) version: Option<Version>,
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
        let active = shared.active(self.asked, rest.and_then(|rest| rest.pending.as_ref()));
        let values = self.values(outcome);
        let facts = self.facts(values.measures(), outcome);
        let series = shared.series(facts, outcome, rest.map_or(&[], |rest| &rest.labels));
        shared.now(self.arrived + outcome.duration()).here(|here| {
            active.down(rest.and_then(|rest| rest.local.as_ref()), here);
            if let Some(decision) = cx.decision() {
                count(shared, decision, outcome, here);
            }
            series.record(&shared.config, here, &values);
        });
    }
}

impl MetricsExchange {
    fn facts(&self, measures: Measures, outcome: &Outcome<'_>) -> Facts {
        let classic = self.shared.config.names.is_classic();
        let kind = if outcome.is_grpc() && !classic { Kind::Rpc } else { Kind::Http };
        let mut facts = Facts::of(kind, measures, outcome, classic);
        match kind {
            Kind::Http if classic => facts.asked = Some(self.asked.of_any_scheme()),
            Kind::Http => {
                (facts.asked, facts.version) = (Some(self.asked), self.rest.as_ref().and_then(|rest| rest.version));
            }
            Kind::Rpc => {}
        }
        facts
    }

    #[expect(clippy::cast_precision_loss, reason = "a body has no 2^53 bytes")]
    fn values(&self, outcome: &Outcome<'_>) -> Values {
        let wanted = self.shared.config.measures;
        let mut values = Values::default();
        let mut add = |measure, value: Option<f64>| {
            if let Some(value) = value.filter(|_| wanted.have(measure)) {
                values.add(measure, value);
            }
        };
        let time_to_head = outcome.time_to_head().map(|time| time.as_secs_f64());
        add(Measure::Duration, Some(outcome.latency().as_secs_f64()));
        add(Measure::TimeToHead, time_to_head);
        add(Measure::RequestBodySize, outcome.request_bytes().map(|bytes| bytes as f64));
        add(Measure::ResponseBodySize, time_to_head.map(|_| outcome.response_bytes() as f64));
        if self.is_stream(outcome) {
            add(Measure::StreamDuration, Some(outcome.duration().as_secs_f64()));
        }
        if outcome.is_grpc() {
            add(Measure::MessagesReceived, outcome.request_messages().map(|count| count as f64));
            add(Measure::MessagesSent, outcome.response_messages().map(|count| count as f64));
        }
        values
    }

    /// What goes on after its head, and where that is seen.
    fn is_stream(&self, outcome: &Outcome<'_>) -> bool {
        let upgraded = outcome.status() == Some(StatusCode::SWITCHING_PROTOCOLS) || self.asked.method() == "CONNECT";
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
        f.debug_struct("MetricsExchange").field("method", &self.asked.method()).finish_non_exhaustive()
    }
}
