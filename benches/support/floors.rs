//! What cannot be had for less: by hand, and for one route only, what the crates that ours stands on take for what it does.
//!
//! No request is named, decided about or scrubbed here, and nothing is looked up.

use std::{sync::Arc, time::Instant};

use http::{HeaderMap, HeaderName, HeaderValue, Request};
use metrics::{Gauge, Histogram};
use sentry::{
    Hub, HubSwitchGuard, Transaction, TransactionContext,
    protocol::{ResponseContext, SpanStatus, User},
};
use tracing::Span;

use crate::{
    Member,
    app::app,
    client::Dsn,
    forward::{Exchange, Work, WrapLayer},
    peers::{sdk_client, share},
};

/// The time to the body's end, and nothing else.
pub(crate) fn timing() -> Member {
    Member::new("floor", app().layer(WrapLayer(Timing { durations: metrics::histogram!("floor_duration_seconds") })))
}

/// Four histograms and a gauge, whose handles are at hand.
pub(crate) fn metrics() -> Member {
    Member::new("floor of metrics", app().layer(WrapLayer(Measuring::new())))
}

/// The metrics, a context, a request id, Sentry with such a client and what is told of a transaction, and a span and a line without
/// fields.
pub(crate) fn everything(dsn: Dsn) -> Member {
    let layer = WrapLayer(Monitoring { measuring: Measuring::new(), samples: Arc::new(share(dsn.rate())) });
    // What is sampled is decided here.
    Member::new(dsn.name("floor"), app().layer(layer)).hub(Dsn::Rate(1.0).hub(sdk_client))
}

#[derive(Clone)]
struct Timing {
    durations: Histogram,
}

struct Timed {
    start: Instant,
    durations: Histogram,
}

impl Work for Timing {
    type Exchange = Timed;

    fn begin<B>(&self, _: &mut Request<B>) -> Timed {
        Timed { start: Instant::now(), durations: self.durations.clone() }
    }
}

impl Exchange for Timed {}

impl Drop for Timed {
    fn drop(&mut self) {
        self.durations.record(self.start.elapsed());
    }
}

#[derive(Clone)]
struct Measuring(Arc<Handles>);

struct Handles {
    active: Gauge,
    duration: Histogram,
    time_to_head: Histogram,
    request_size: Histogram,
    response_size: Histogram,
}

struct Measured {
    start: Instant,
    handles: Arc<Handles>,
}

impl Measuring {
    fn new() -> Self {
        Self(Arc::new(Handles {
            active: metrics::gauge!("floor_active_requests"),
            duration: metrics::histogram!("floor_duration_seconds"),
            time_to_head: metrics::histogram!("floor_time_to_head_seconds"),
            request_size: metrics::histogram!("floor_request_size_bytes"),
            response_size: metrics::histogram!("floor_response_size_bytes"),
        }))
    }
}

impl Work for Measuring {
    type Exchange = Measured;

    fn begin<B>(&self, _: &mut Request<B>) -> Measured {
        self.0.active.increment(1.0);
        Measured { start: Instant::now(), handles: self.0.clone() }
    }
}

impl Exchange for Measured {
    fn head(&mut self, _: &mut HeaderMap) {
        self.handles.time_to_head.record(self.start.elapsed());
    }
}

impl Drop for Measured {
    fn drop(&mut self) {
        let handles = &self.handles;
        handles.active.decrement(1.0);
        handles.duration.record(self.start.elapsed());
        handles.request_size.record(0.0);
        handles.response_size.record(0.0);
    }
}

#[derive(Clone)]
struct Monitoring {
    measuring: Measuring,
    samples: Arc<dyn Fn() -> bool + Send + Sync>,
}

struct Monitored {
    hub: Arc<Hub>,
    transaction: Option<Transaction>,
    id: HeaderValue,
    span: Span,
    measured: Measured,
}

/// What handlers and layers share.
#[derive(Clone)]
struct Shared {
    _slots: Arc<[u64; 32]>,
}

const DATA: [(&str, &str); 9] = [
    ("http.request.method", "GET"),
    ("http.response.body.size", "74"),
    ("http.response.status_code", "200"),
    ("http.route", "/users/{id}"),
    ("sampling.rate", "1"),
    ("sampling.reason", "rate"),
    ("sampling.rule", "default"),
    ("sentry.span.source", "route"),
    ("url.path", "/users/42"),
];

const TAGS: [(&str, &str); 3] =
    [("request_method", "GET"), ("request_path", "/users/{id}"), ("request_id", "0123456789abcdef0123456789abcdef")];

thread_local! {
    static INERT: Hub = Hub::new(None, Arc::default());
}

impl Work for Monitoring {
    type Exchange = Monitored;

    fn begin<B>(&self, request: &mut Request<B>) -> Monitored {
        let measured = self.measuring.begin(request);
        request.extensions_mut().insert(Shared { _slots: Arc::new([0; 32]) });
        let hub = Arc::new(Hub::new_from_top(Hub::current()));
        let (trace, span) = (fastrand::u128(..).to_be_bytes(), fastrand::u64(..).to_be_bytes());
        let mut context = TransactionContext::new_with_details("", "", trace.into(), Some(span.into()), None);
        let is_sampled = (self.samples)();
        context.set_sampled(is_sampled);
        let transaction = if is_sampled {
            hub.start_transaction(context)
        } else {
            INERT.with(|inert| inert.start_transaction(context))
        };
        let live = is_sampled.then(|| transaction.clone());
        hub.configure_scope(|scope| {
            scope.add_event_processor(Some);
            scope.set_span(Some(transaction.into()));
        });
        let id = HeaderValue::from_str(&format!("{:032x}", fastrand::u128(..))).expect("digits");
        let entered = HubSwitchGuard::new(hub.clone());
        let span = tracing::info_span!("request");
        drop(entered);
        Monitored { hub, transaction: live, id, span, measured }
    }
}

impl Exchange for Monitored {
    fn enter<R>(&mut self, f: impl FnOnce() -> R) -> R {
        let _entered = HubSwitchGuard::new(self.hub.clone());
        self.span.in_scope(f)
    }

    fn head(&mut self, headers: &mut HeaderMap) {
        headers.insert(HeaderName::from_static("x-request-id"), self.id.clone());
        self.measured.head(headers);
    }
}

impl Monitored {
    /// What ours tells of a transaction, by the SDK's own means.
    fn tell(&self, transaction: &Transaction) {
        transaction.set_name("GET /users/{id}");
        transaction.set_op("http.server");
        transaction.set_status(SpanStatus::Ok);
        for (name, value) in DATA {
            transaction.set_data(name, value.into());
        }
        for (name, value) in TAGS {
            transaction.set_tag(name, value);
        }
        let user = User { id: Some("42".into()), username: Some("ada".into()), ..User::default() };
        let response = ResponseContext { status_code: Some(200), body_size: Some(74), ..ResponseContext::default() };
        self.hub.configure_scope(|scope| {
            scope.set_user(Some(user));
            scope.set_context("response", response);
        });
    }
}

impl Drop for Monitored {
    fn drop(&mut self) {
        let _entered = HubSwitchGuard::new(self.hub.clone());
        tracing::info!(parent: &self.span, "request completed");
        if let Some(transaction) = self.transaction.take() {
            self.tell(&transaction);
            transaction.finish();
        }
        self.span = Span::none();
    }
}
