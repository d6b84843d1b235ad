use http::request;
use tower_telemetry_core::{Endpoint, Observe, RequestContext, RequestHead};

use crate::{Metrics, MetricsExchange, asked::Asked, exchange::Rest};

impl Observe for Metrics {
    type Exchange = MetricsExchange;

    /// Only what the host's router, or the layer's table, has not named yet can be named further in. But a label by the outcome
    /// may ask for anything.
    fn wants_context(&self, cx: &RequestContext) -> bool {
        self.shared.config.has_outcome_labels() || cx.endpoint().is_none_or(Endpoint::is_grpc)
    }

    fn begin(&self, head: &mut request::Parts, cx: &RequestContext) -> MetricsExchange {
        let shared = self.shared.clone();
        let config = &shared.config;
        let asked = Asked::new(&head.method, &head.uri);
        let labels = if config.labels.is_empty() {
            Vec::new()
        } else {
            let head = RequestHead::of(head);
            config.labels.iter().map(|label| label.at_request(&head)).collect()
        };
        if config.counts_messages() && cx.endpoint().is_some_and(Endpoint::is_grpc) {
            cx.count_messages();
        }
        // The gauge is told of an endpoint before the service has answered to it: only of one that no caller has invented.
        let pending = config.names.is_classic().then(|| {
            cx.endpoint().filter(|endpoint| endpoint.is_closed()).cloned().unwrap_or_else(Endpoint::unmatched)
        });
        let version = config.version.then_some(head.version);
        let arrived = shared.since_beginning(cx.arrival());
        let local = shared.now(arrived).here(|here| shared.active(asked, pending.as_ref()).up(here));
        let is_usual = version.is_none() && pending.is_none() && local.is_none() && labels.is_empty();
        let rest = (!is_usual).then(|| Box::new(Rest { version, pending, local, labels }));
        MetricsExchange { shared, arrived, asked, rest }
    }
}
