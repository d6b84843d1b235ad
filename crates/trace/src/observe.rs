use std::cell::LazyCell;

use http::request;
use tower_telemetry_core::{Observe, RequestContext, semconv};
use tracing::{Span, field::Empty};

use crate::{
    Trace, TraceExchange,
    name::Named,
    user::{self, user_span},
};

impl Observe for Trace {
    type Exchange = TraceExchange;

    fn begin(&self, head: &mut request::Parts, cx: &RequestContext) -> TraceExchange {
        let propagation = self.propagation.begin(head, cx);
        let method = semconv::method(&head.method);
        let decision = cx.decision();
        // A gRPC name is the caller's word until the service has answered to it. Without a subscriber the macro works its fields
        // out all the same, for `log`.
        let route = cx.endpoint().filter(|endpoint| !endpoint.is_grpc() && tracing::dispatcher::has_been_set());
        let named = LazyCell::new(|| {
            route.map(|route| Named::of(method, route, &self.propagation.scrubber)).unwrap_or_default()
        });
        let span = user_span!(
            target: "tower_telemetry::exchange",
            "http.server.request",
            otel.name = named.name.as_deref(),
            otel.kind = "server",
            otel.status_code = Empty,
            http.request.method = method,
            http.route = named.route.as_deref(),
            url.scheme = semconv::scheme(&head.uri),
            http.response.status_code = Empty,
            rpc.method = Empty,
            rpc.response.status_code = Empty,
            error.type = Empty,
            request_id = cx.request_id().map(tower_telemetry_core::RequestId::as_str),
            sampling.sampled = decision.map(|decision| decision.sampled),
            sampling.rate = decision.map(|decision| decision.rate),
            sampling.rule = decision.map(|decision| decision.rule),
            sampling.reason = decision.map(|decision| decision.reason.as_str()),
            trace_id = cx.trace().map(|trace| tracing::field::display(trace.trace_id)),
        );
        // One that nobody listens to would tell `log` of each enter, if that has taken `tracing`'s place.
        let span = if span.is_disabled() { Span::none() } else { span };
        let named = route.is_some();
        let scrubber = self.propagation.scrubber.clone();
        let user = (!span.is_disabled()).then(|| user::record_when_known(&span, &scrubber, cx));
        TraceExchange { propagation, scrubber, span, method, named, user, access_log: self.access_log }
    }
}
