use http::request;
use tower_telemetry_core::{Observe, RequestContext, semconv};

use crate::{Metrics, MetricsExchange};

impl Observe for Metrics {
    type Exchange = MetricsExchange;

    fn begin(&self, head: &mut request::Parts, _: &RequestContext) -> MetricsExchange {
        let method = semconv::method(&head.method);
        let scheme = semconv::scheme(&head.uri);
        let active = self.handles.active(method, scheme);
        active.increment(1.0);
        MetricsExchange { handles: self.handles.clone(), method, scheme, active }
    }
}
