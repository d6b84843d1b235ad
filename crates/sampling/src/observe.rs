use http::{Method, header, request};
use tower_telemetry_core::{
    Endpoint, Exchange, Keep, Observe, Outcome, RequestContext, RequestHead, Target, TraceContext,
};

use crate::{Question, Sampling, keep::Permit, rule::Action};

/// One exchange's part of [`Sampling`].
#[derive(Debug)]
pub struct SamplingExchange {
    /// Given back when the exchange is over.
    _permit: Option<Permit>,
}

impl Observe for Sampling {
    type Exchange = SamplingExchange;

    fn admits(&self, head: &RequestHead<'_>) -> bool {
        let head_excluded = self.exclude_heads && *head.method == Method::HEAD;
        if head_excluded || (self.exclude_preflights && is_preflight(head)) {
            return false;
        }
        // As in `begin`, a gRPC method goes by its path.
        let route = head.route().filter(|_| !head.is_grpc());
        let target = route.map_or_else(|| Target::Path(head.uri.path()), Target::Template);
        // A rule speaks louder than the standard, whatever it says, and so comes first.
        let Some(found) = self.endpoints.find(head.method, target) else { return true };
        self.rules.get(found).is_some_and(|rule| rule.action != Action::Exclude)
    }

    fn begin(&self, head: &mut request::Parts, cx: &RequestContext) -> SamplingExchange {
        let mut permit = None;
        cx.decision_or_init(|| {
            let (endpoint, head) = (cx.endpoint(), RequestHead::of(head));
            let known = endpoint.filter(|endpoint| endpoint.is_route()).map(Endpoint::as_str);
            // A group's name hides the route.
            let route = known.or_else(|| head.route().filter(|_| endpoint.is_some_and(|name| !name.is_grpc())));
            let question = Question {
                method: head.method,
                target: route.map_or_else(|| Target::Path(head.uri.path()), Target::Template),
                endpoint: endpoint.map_or("unmatched", Endpoint::as_str),
                trace: cx.trace_or_init(TraceContext::root),
                peer: head.peer(),
            };
            let decision = self.decide(&question, cx.arrival());
            if decision.is_open() {
                permit = self.room.take();
                if permit.is_none() {
                    return decision.with_keep(Keep::default());
                }
            }
            decision
        });
        SamplingExchange { _permit: permit }
    }
}

impl Exchange for SamplingExchange {
    fn end(&mut self, _: &RequestContext, _: &Outcome<'_>) {}
}

fn is_preflight(head: &RequestHead<'_>) -> bool {
    *head.method == Method::OPTIONS && head.headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}
