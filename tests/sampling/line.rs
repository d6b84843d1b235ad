//! The whole line of observers, in a service that reports to Sentry and traces by itself too.

use std::{
    convert::Infallible,
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    sync::{Arc, Mutex},
    task::Poll,
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::Path,
    response::{AppendHeaders, IntoResponse, Response},
    routing::{any, get},
};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header::CONTENT_TYPE};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use metrics_util::debugging::{DebugValue, DebuggingRecorder};
use sentry::{
    Breadcrumb, ClientOptions, Envelope, Hub, Level,
    protocol::{Context, EnvelopeItem, Event, Transaction},
    test::TestTransport,
};
use sentry_tracing::{BreadcrumbLayer, ErrorLayer, SpanLayer};
use tests::{
    app::{poll_once, request, rpc, run},
    spans::Spans,
};
use tokio_stream::StreamExt;
use tower::ServiceExt;
use tower_telemetry_core::{Observe, RequestContext};
use tower_telemetry_metrics::Metrics;
use tower_telemetry_sampling::Sampling;
use tower_telemetry_sentry::Sentry;
use tower_telemetry_trace::{Propagation, Trace};
use tracing_subscriber::{Layer, Registry, filter::LevelFilter};

/// A client, a recorder and a subscriber of this thread alone, and a service behind the line.
struct Line {
    app: Router,
    hub: Arc<Hub>,
    transport: Arc<TestTransport>,
    recorder: DebuggingRecorder,
    spans: Spans,
    /// Whether the handlers' spans were sampled, in their order; `None` where there was none.
    sampled: Arc<Mutex<Vec<Option<bool>>>>,
}

/// What Sentry was sent.
struct Sent {
    transactions: Vec<Transaction<'static>>,
    events: Vec<Event<'static>>,
}

impl Line {
    /// With the SDK's layers for spans, errors and breadcrumbs.
    fn new(sampling: Sampling) -> Self {
        let errors = ErrorLayer::new().with_filter(LevelFilter::ERROR);
        let crumbs = BreadcrumbLayer::new().with_filter(LevelFilter::INFO);
        Self::beside(SpanLayer::new().and_then(errors).and_then(crumbs), sampling)
    }

    /// With the SDK's one layer of before.
    fn with_the_old_layer(sampling: Sampling) -> Self {
        #[expect(deprecated, reason = "services have it")]
        let layer = sentry_tracing::layer();
        Self::beside(layer, sampling)
    }

    fn beside(layer: impl Layer<Registry> + Send + Sync, sampling: Sampling) -> Self {
        let transport = TestTransport::new();
        let options = ClientOptions::new()
            .dsn("https://public@sentry.example/1")
            // It would trace all that it is asked about.
            .traces_sample_rate(1.0)
            .transport(transport.clone());
        let hub = Arc::new(Hub::new(Some(tower_telemetry_sentry::client(options)), Arc::default()));
        let sampled = Arc::default();
        // The order is the facade's.
        let observer = (Propagation::new(), sampling, Sentry::new(), Metrics::new(), Trace::new());
        Self {
            app: routes(&sampled).layer(observer.into_layer()),
            hub,
            transport,
            recorder: DebuggingRecorder::new(),
            spans: Spans::keep_beside(layer),
            sampled,
        }
    }

    /// Runs `f` where this thread's hub, as a host's, is the client's.
    fn enter<R>(&self, f: impl FnOnce() -> R) -> R {
        Hub::run(self.hub.clone(), || metrics::with_local_recorder(&self.recorder, f))
    }

    /// Carries an exchange to its end.
    fn run(&self, path: &str) {
        let request = if path.starts_with("/pkg.Greeter/") {
            rpc(path.trim_start_matches("/pkg.Greeter/"))
        } else {
            request("GET", path)
        };
        self.enter(|| run(self.app.clone(), request));
    }

    fn sent(&self) -> Sent {
        let mut sent = Sent { transactions: Vec::new(), events: Vec::new() };
        for item in self.transport.fetch_and_clear_envelopes().iter().flat_map(Envelope::items) {
            match item {
                EnvelopeItem::Transaction(transaction) => sent.transactions.push((**transaction).clone()),
                EnvelopeItem::Event(event) => sent.events.push((**event).clone()),
                // It counts the access log's events, which are not sent.
                EnvelopeItem::ClientReport(_) => {}
                other => panic!("nothing else is sent: {other:?}"),
            }
        }
        sent
    }

    /// How many transactions and events there were since this was last asked.
    fn counts(&self) -> (usize, usize) {
        let sent = self.sent();
        (sent.transactions.len(), sent.events.len())
    }

    /// The reasons of the transactions since this was last asked.
    fn reasons(&self) -> Vec<String> {
        self.sent().transactions.iter().map(|transaction| data(transaction, "sampling.reason")).collect()
    }

    /// How many durations were measured and decisions counted since this was last asked.
    fn metrics(&self) -> (usize, u64) {
        let (mut durations, mut decisions) = (0, 0);
        for (key, _, _, value) in self.recorder.snapshotter().snapshot().into_vec() {
            match value {
                DebugValue::Histogram(_) if !key.key().name().ends_with("_duration_seconds") => {}
                DebugValue::Histogram(values) => durations += values.len(),
                DebugValue::Counter(count) => decisions += count,
                DebugValue::Gauge(active) => assert!(active.abs() < 0.5, "none is active"),
            }
        }
        (durations, decisions)
    }

    /// How many spans of ours there were so far.
    fn ours(&self) -> usize {
        self.spans.spans().iter().filter(|span| span.target == "tower_telemetry::exchange").count()
    }

    fn sampled(&self) -> Vec<Option<bool>> {
        std::mem::take(&mut *self.sampled.lock().expect("nobody panics in a lock"))
    }
}

fn data(transaction: &Transaction<'_>, name: &str) -> String {
    let Some(Context::Trace(trace)) = transaction.contexts.get("trace") else {
        panic!("a transaction has a trace context: {transaction:?}");
    };
    trace.data.get(name).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
}

/// What a handler may do that leaves something: two events, a span and a breadcrumb.
fn chat() -> Option<bool> {
    tracing::info!("before the work");
    sentry::configure_scope(|scope| scope.set_tag("chatted", true));
    let span = tracing::info_span!("work");
    let _entered = span.enter();
    tracing::info!("a crumb");
    tracing::error!("an error");
    sentry::capture_message("a message", Level::Warning);
    let span = sentry::configure_scope(|scope| scope.get_span())?;
    #[expect(deprecated, reason = "it is asked whether the span is recorded, not what others are told of it")]
    let sampled = span.is_sampled();
    Some(sampled)
}

/// Chats when it is dropped, as what is cancelled may do.
struct Farewell;

impl Drop for Farewell {
    fn drop(&mut self) {
        chat();
    }
}

/// A route for each way to go on after a chat, once more below `/internal`.
fn routes(sampled: &Arc<Mutex<Vec<Option<bool>>>>) -> Router {
    let chat = {
        let sampled = sampled.clone();
        move || sampled.lock().expect("nobody panics in a lock").push(chat())
    };
    let (heads, bodies, crash) = (chat.clone(), chat.clone(), chat.clone());
    let head = move |Path(way): Path<String>| async move {
        match &*way {
            // The handler is polled a second time.
            "twice" | "twice-fails" | "twice-panics" => {
                heads();
                once().await;
            }
            "pending" => {
                let _farewell = Farewell;
                heads();
                std::future::pending::<()>().await;
            }
            _ => heads(),
        }
        match &*way {
            "panics" | "twice-panics" => panic!("the handler was asked to"),
            "fails" | "twice-fails" => StatusCode::INTERNAL_SERVER_ERROR,
            "missing" => StatusCode::NOT_FOUND,
            _ => StatusCode::OK,
        }
    };
    let body = move |Path(way): Path<String>| async move {
        let chunks = tokio_stream::iter([1, 2]).map(move |chunk| {
            bodies();
            match (&*way, chunk) {
                ("panics", 2) => panic!("the body was asked to"),
                ("fails", 2) => Err("the body was asked to"),
                _ => Ok("chunk"),
            }
        });
        Body::from_stream(chunks)
    };
    let grpc = move |Path(status): Path<String>| async move {
        crash();
        answer(&status)
    };
    let ways = Router::new()
        .route("/traced/{way}", get(head.clone()))
        .route("/head/{way}", get(head))
        .route("/body/{way}", get(body));
    ways.clone().nest("/internal", ways).route("/pkg.Greeter/{status}", any(grpc))
}

/// Pending, once.
async fn once() {
    let mut polled = false;
    poll_fn(|_| if std::mem::replace(&mut polled, true) { Poll::Ready(()) } else { Poll::Pending }).await;
}

/// A gRPC answer with its status in the trailers.
fn answer(status: &str) -> Response {
    let status = HeaderValue::from_str(status.trim_start_matches("Status")).expect("a value");
    let trailers = HeaderMap::from_iter([(HeaderName::from_static("grpc-status"), status)]);
    let frames = [Ok::<_, Infallible>(Frame::data(Bytes::from("hello"))), Ok(Frame::trailers(trailers))];
    let grpc = AppendHeaders([(CONTENT_TYPE, "application/grpc")]);
    (grpc, Body::new(StreamBody::new(tokio_stream::iter(frames)))).into_response()
}

fn unsampled() -> Sampling {
    Sampling::new().rate(0.0).expect("a rate")
}

fn rules(sampling: Sampling, text: &str) -> Sampling {
    sampling.rules_from(text).expect("rules")
}

/// An exchange under way, which is polled by hand.
type Exchange<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

fn under_way<'a>(line: &Line, path: &str) -> Exchange<'a> {
    let (app, request) = (line.app.clone(), request("GET", path));
    Box::pin(async move {
        let response = app.oneshot(request).await.expect("a Router is infallible");
        let _ = response.into_body().collect().await;
    })
}

impl Line {
    /// Whether it is over. A panic ends here.
    fn poll(&self, exchange: &mut Exchange<'_>) -> bool {
        let poll = || self.enter(|| poll_once(Pin::new(exchange)).is_ready());
        catch_unwind(AssertUnwindSafe(poll)).unwrap_or(true)
    }

    fn abandon(&self, exchange: Exchange<'_>) {
        self.enter(|| drop(exchange));
    }
}

#[test]
fn an_excluded_exchange_leaves_nothing_whatever_it_does() {
    let sampling = || rules(Sampling::new(), "/internal/** = exclude");
    leaves_nothing(&Line::new(sampling()));
    leaves_nothing(&Line::with_the_old_layer(sampling()));
}

fn leaves_nothing(line: &Line) {
    for path in [
        "/internal/head/well",
        "/internal/head/fails",
        "/internal/head/panics",
        "/internal/head/pending",
        "/internal/body/well",
        "/internal/body/fails",
        "/internal/body/panics",
    ] {
        let before = line.ours();
        line.run(path);
        assert!(!line.sampled().is_empty(), "{path} was there");
        assert_eq!(line.counts(), (0, 0), "{path}");
        assert_eq!((line.ours(), line.metrics()), (before, (0, 0)), "{path}");
        // Right after it, on the same thread.
        line.run("/body/well");
        assert_eq!((line.counts(), line.ours()), ((1, 4), before + 1), "after {path}");
        assert_eq!(line.metrics(), (1, 1), "after {path}");
        assert_eq!(line.sampled(), [Some(true); 2], "after {path}");
    }
}

#[test]
fn an_excluded_exchange_is_silent_between_others() {
    let line = Line::new(rules(Sampling::new(), "/internal/** = exclude"));
    // Turn by turn on one thread.
    let (mut excluded, mut other) = (under_way(&line, "/internal/head/twice-panics"), under_way(&line, "/head/twice"));
    assert!(!line.poll(&mut excluded) && !line.poll(&mut other));
    assert_eq!(line.counts(), (0, 2), "what the other captured so far");
    assert!(line.poll(&mut excluded) && line.poll(&mut other));
    assert_eq!(line.counts(), (1, 0));
    // And outside of all.
    line.run("/internal/head/panics");
    line.enter(|| sentry::capture_message("outside", Level::Info));
    assert_eq!(line.counts(), (0, 1));
}

#[test]
fn an_excluded_exchange_has_no_id() {
    let line = Line::new(rules(Sampling::new(), "/internal/** = exclude"));
    for (path, has) in [("/internal/head/well", false), ("/head/well", true)] {
        let Poll::Ready(Ok(response)) = line.enter(|| poll_once(pin!(line.app.clone().oneshot(request("GET", path)))))
        else {
            panic!("it is ready, and cannot fail");
        };
        assert_eq!(response.headers().contains_key("x-request-id"), has, "{path}");
    }
}

#[test]
fn an_unsampled_exchange_is_recorded_lightly() {
    is_recorded_lightly(&Line::new(unsampled()));
    is_recorded_lightly(&Line::with_the_old_layer(unsampled()));
}

fn is_recorded_lightly(line: &Line) {
    for (path, events) in [
        ("/head/well", 2),
        ("/head/fails", 2),
        ("/head/panics", 3),
        ("/head/pending", 4),
        ("/body/well", 4),
        ("/body/fails", 5),
        ("/body/panics", 5),
        ("/pkg.Greeter/Status13", 2),
    ] {
        let before = line.ours();
        line.run(path);
        let sent = line.sent();
        assert_eq!((sent.transactions.len(), sent.events.len()), (0, events), "{path}");
        for event in &sent.events {
            assert!(event.tags.contains_key("request_id"), "{path}: {event:?}");
        }
        assert_eq!((line.ours(), line.metrics()), (before + 1, (1, 1)), "{path}");
        // The transaction is inert.
        let sampled = line.sampled();
        assert!(!sampled.is_empty() && sampled.iter().all(|sampled| *sampled == Some(false)), "{path}: {sampled:?}");
    }
}

#[test]
fn a_sampled_exchange_has_its_spans() {
    let line = Line::new(Sampling::new());
    for (path, works) in [("/head/well", 1), ("/head/panics", 1), ("/body/well", 2), ("/pkg.Greeter/Status0", 1)] {
        line.run(path);
        let sent = line.sent();
        let [transaction] = &sent.transactions[..] else { panic!("one transaction for {path}") };
        assert_eq!(works_of(transaction), works, "{path}");
        assert_eq!(
            (data(transaction, "sampling.reason"), data(transaction, "sampling.rule")),
            ("rate".into(), "default".into())
        );
        assert!(line.sampled().iter().all(|sampled| *sampled == Some(true)), "{path}");
    }
}

/// How many of the transaction's spans are the handler's.
fn works_of(transaction: &Transaction<'_>) -> usize {
    let works = transaction
        .spans
        .iter()
        .filter(|span| [&span.op, &span.description].into_iter().flatten().any(|name| name == "work"));
    works.count()
}

#[test]
fn a_failure_is_kept_with_its_spans() {
    let keeps = unsampled().keep_errors(true);
    let by_rule = rules(Sampling::new().keep_errors(true), "** = untraced");
    for sampling in [keeps, by_rule] {
        let line = Line::new(sampling);
        for (path, works) in [
            ("/head/fails", 1),
            ("/head/panics", 1),
            ("/body/fails", 2),
            ("/body/panics", 2),
            ("/pkg.Greeter/Status13", 1),
            ("/pkg.Greeter/Status14", 1),
            ("/pkg.Greeter/Status2", 1),
            // The service did its work.
            ("/head/well", 0),
            ("/head/missing", 0),
            ("/head/pending", 0),
            ("/body/well", 0),
            ("/pkg.Greeter/Status0", 0),
            ("/pkg.Greeter/Status5", 0),
        ] {
            line.run(path);
            let sent = line.sent();
            let kept: Vec<_> =
                sent.transactions.iter().map(|kept| (data(kept, "sampling.reason"), works_of(kept))).collect();
            let expected = if works > 0 { vec![("error".to_owned(), works)] } else { Vec::new() };
            assert_eq!(kept, expected, "{path}");
            assert!(!sent.events.is_empty(), "{path}: errors are reported in any case");
            let sampled = line.sampled();
            assert!(sampled.iter().all(|sampled| *sampled == Some(true)), "{path} is recorded: {sampled:?}");
        }
    }
}

#[test]
fn what_is_slow_is_kept() {
    const HOUR: Duration = Duration::from_secs(3600);
    for (sampling, path, reason) in [
        (unsampled().keep_slower_than(Duration::ZERO), "/head/well", Some("slow")),
        (unsampled().keep_slower_than(Duration::ZERO), "/body/well", Some("slow")),
        (unsampled().keep_slower_than(Duration::ZERO), "/head/pending", Some("slow")),
        (unsampled().keep_slower_than(Duration::ZERO), "/head/fails", Some("slow")),
        (unsampled().keep_slower_than(Duration::ZERO).keep_errors(true), "/head/fails", Some("error")),
        (unsampled().keep_slower_than(Duration::ZERO).keep_errors(true), "/head/well", Some("slow")),
        (unsampled().keep_slower_than(HOUR), "/head/well", None),
        (unsampled().keep_slower_than(HOUR), "/head/fails", None),
        (unsampled().keep_slower_than(HOUR).keep_errors(true), "/head/fails", Some("error")),
        (rules(unsampled().keep_slower_than(HOUR), "/head/* = untraced slow 0s"), "/head/well", Some("slow")),
        (rules(unsampled().keep_slower_than(HOUR), "/head/* = untraced slow 0s"), "/body/well", None),
        (rules(unsampled().keep_slower_than(Duration::ZERO), "/head/* = untraced slow 60m"), "/head/well", None),
        (
            rules(unsampled().keep_slower_than(Duration::ZERO), "/head/* = untraced slow 60m"),
            "/body/well",
            Some("slow"),
        ),
        // Without a limit for all there is none for some.
        (rules(unsampled(), "/head/* = untraced slow 0s"), "/head/well", None),
        // What is traced needs no other reason.
        (Sampling::new().keep_slower_than(Duration::ZERO).keep_errors(true), "/head/fails", Some("rate")),
    ] {
        let shown = format!("{sampling:?}, {path}");
        let line = Line::new(sampling);
        line.run(path);
        assert_eq!(line.reasons(), Vec::from_iter(reason), "{shown}");
    }
}

#[test]
fn only_what_there_is_room_for_is_kept() {
    const EACH: usize = 1 << 20;
    for (name, path) in
        [("its end", "/head/twice-fails"), ("a cancel", "/head/pending"), ("a panic", "/head/twice-panics")]
    {
        let line = Line::new(unsampled().keep_errors(true).keep_memory(2 * EACH - 1));
        for turn in 0..3 {
            let mut first = under_way(&line, path);
            let mut second = under_way(&line, "/head/twice-fails");
            assert!(!line.poll(&mut first) && !line.poll(&mut second));
            assert_eq!(line.sampled(), [Some(true), Some(false)], "{name}, {turn}: only the first is recorded");
            assert!(line.poll(&mut second));
            assert_eq!(line.reasons(), [""; 0], "{name}, {turn}: the second is not kept");
            let over = line.poll(&mut first);
            line.abandon(first);
            let kept = if over { &["error"][..] } else { &[] };
            assert_eq!(line.reasons(), kept, "{name}, {turn}");
            // What came when there was no room gives none back.
            line.run("/head/fails");
            assert_eq!(line.reasons(), ["error"], "{name}, {turn}: there is room again");
            let _ = line.sampled();
        }
    }
    for (bytes, recorded) in [(0, 0), (EACH - 1, 0), (EACH, 1), (3 * EACH, 3)] {
        let line = Line::new(unsampled().keep_errors(true).keep_memory(bytes));
        let mut all: Vec<_> = (0..5).map(|_| under_way(&line, "/head/twice-fails")).collect();
        assert!(all.iter_mut().all(|exchange| !line.poll(exchange)));
        let sampled = line.sampled();
        assert_eq!(sampled.iter().filter(|sampled| **sampled == Some(true)).count(), recorded, "{bytes}");
        assert!(all.iter_mut().all(|exchange| line.poll(exchange)));
        assert_eq!(line.reasons(), vec!["error"; recorded], "{bytes}");
    }
}

/// What needs no room takes none: it is traced in any case, or never kept.
#[test]
fn only_open_exchanges_take_room() {
    let sampling = unsampled().keep_errors(true).keep_memory(1 << 20);
    let line = Line::new(rules(sampling, "/traced/* = trace; /internal/** = exclude"));
    let mut others = ["/traced/twice", "/internal/head/twice", "/traced/twice"].map(|path| under_way(&line, path));
    assert!(others.iter_mut().all(|exchange| !line.poll(exchange)));
    let mut first = under_way(&line, "/head/twice-fails");
    assert!(!line.poll(&mut first));
    assert!(line.poll(&mut first));
    assert_eq!(line.reasons(), ["error"]);
    assert!(others.iter_mut().all(|exchange| line.poll(exchange)));
    assert_eq!(line.reasons(), ["rate", "rate"]);
}

#[test]
fn the_context_tells_what_was_decided_at_first() {
    let line = Line::new(unsampled());
    let seen = Arc::new(Mutex::new(None));
    let keep = seen.clone();
    let handler = move |cx: RequestContext| async move {
        *keep.lock().expect("nobody panics") = cx.decision().map(|decision| (decision.sampled, decision.is_open()));
        StatusCode::INTERNAL_SERVER_ERROR
    };
    let observer = (Propagation::new(), unsampled().keep_errors(true), Sentry::new());
    let app = Router::new().fallback(handler).layer(observer.into_layer());
    line.enter(|| run(app, request("GET", "/")));
    assert_eq!(*seen.lock().expect("nobody panics"), Some((false, true)));
    assert_eq!(line.reasons(), ["error"]);
}

/// What an excluded handler says of itself must not be told of the next request on its thread.
#[test]
fn nothing_of_an_excluded_exchange_is_told_with_the_next_one() {
    let line = Line::new(rules(Sampling::new(), "/internal/** = exclude"));
    line.run("/head/fails");
    let alone = line.sent();
    line.run("/internal/head/well");
    line.run("/head/fails");
    let after = line.sent();
    let crumbs = |sent: &Sent| sent.events.iter().map(|event| event.breadcrumbs.len()).collect::<Vec<_>>();
    assert_eq!(crumbs(&after), crumbs(&alone));
    line.run("/internal/head/well");
    line.enter(|| sentry::capture_message("outside", Level::Info));
    let [event] = &line.sent().events[..] else { panic!("one event") };
    assert_eq!(event.breadcrumbs.len(), 0);
}

#[test]
fn a_services_own_word_on_breadcrumbs_counts() {
    let transport = TestTransport::new();
    let options = ClientOptions::new()
        .dsn("https://public@sentry.example/1")
        .before_breadcrumb(|crumb| (crumb.message.as_deref() != Some("secret")).then_some(crumb))
        .transport(transport.clone());
    let hub = Arc::new(Hub::new(Some(tower_telemetry_sentry::client(options)), Arc::default()));
    Hub::run(hub, || {
        for message in ["secret", "known"] {
            sentry::add_breadcrumb(Breadcrumb { message: Some(message.into()), ..Breadcrumb::default() });
        }
        sentry::capture_message("a message", Level::Info);
    });
    let [event] = &transport.fetch_and_clear_events()[..] else { panic!("one event") };
    let messages: Vec<_> = event.breadcrumbs.iter().filter_map(|crumb| crumb.message.as_deref()).collect();
    assert_eq!(messages, ["known"]);
}
