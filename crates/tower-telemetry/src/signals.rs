use http::{HeaderMap, request, response};
use tower_telemetry_core::{Exchange, Observe, Outcome, RequestContext, RequestHead};
use tower_telemetry_metrics::Metrics;
use tower_telemetry_sampling::Sampling;
use tower_telemetry_scrub::Scrubber;
use tower_telemetry_sentry::Sentry;
use tower_telemetry_trace::{Organization, Propagation, Trace};
use tower_telemetry_user::Users;

/// All signals as one observer, in the one order that is right. A name of its own keeps users' error messages short.
#[derive(Clone, Debug)]
pub struct Signals {
    all: All,
}

// The trace must be known before the decision, and that before the transaction, and the user before the span. The hub must be
// there when the span is opened, so that `sentry-tracing` puts the span below the transaction and not beside it, and still be
// there when the span closes.
type All = (Propagation, Sampling, Users, Sentry, Metrics, Trace);

impl Signals {
    pub(crate) fn new(
        sampling: Sampling,
        users: Users,
        sentry: Sentry,
        metrics: Metrics,
        organization: Organization,
        scrubber: &Scrubber,
    ) -> Self {
        let propagation = Propagation::new().scrubber(scrubber.clone()).organization(organization);
        let trace = Trace::new().scrubber(scrubber.clone());
        Self { all: (propagation, sampling, users, sentry, metrics, trace) }
    }
}

impl Observe for Signals {
    type Exchange = SignalsExchange;

    fn admits(&self, head: &RequestHead<'_>) -> bool {
        self.all.admits(head)
    }

    fn begin(&self, head: &mut request::Parts, cx: &RequestContext) -> SignalsExchange {
        SignalsExchange { all: cx.claim().then(|| self.all.begin(head, cx)) }
    }
}

/// One exchange of all [`Signals`].
#[derive(Debug)]
pub struct SignalsExchange {
    // `None` where the layer stands a second time. It still learns the route there.
    all: Option<<All as Observe>::Exchange>,
}

impl Exchange for SignalsExchange {
    fn enter<R>(&mut self, f: impl FnOnce() -> R) -> R {
        match &mut self.all {
            Some(all) => all.enter(f),
            None => f(),
        }
    }

    fn outside<R>(f: impl FnOnce() -> R) -> R {
        <All as Observe>::Exchange::outside(f)
    }

    fn head(&mut self, head: &mut response::Parts) {
        if let Some(all) = &mut self.all {
            all.head(head);
        }
    }

    fn data(&mut self, len: usize) {
        if let Some(all) = &mut self.all {
            all.data(len);
        }
    }

    fn trailers(&mut self, trailers: &HeaderMap) {
        if let Some(all) = &mut self.all {
            all.trailers(trailers);
        }
    }

    fn end(&mut self, cx: &RequestContext, outcome: &Outcome<'_>) {
        if let Some(all) = &mut self.all {
            all.end(cx, outcome);
        }
    }
}
