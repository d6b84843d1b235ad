//! What is known to be wrong with sentry-tower, and what is to be known of sentry-core: here it is right.

use std::{convert::Infallible, sync::Arc};

use axum::{
    Router,
    body::Body,
    http::StatusCode,
    response::IntoResponse,
    routing::{get as on_get, post},
};
use http::{HeaderMap, Request, Response};
use http_body::Frame;
use http_body_util::StreamBody;
use sentry::{
    Hub,
    protocol::{Context, Event, SpanStatus, TraceContext, Transaction},
};
use tower::{Layer, ServiceExt, service_fn};
use tower_telemetry::in_exchange;
use tower_telemetry_core::{Observe, RequestContext, User};
use tower_telemetry_trace::Trace;
use tracing_subscriber::layer::SubscriberExt;

use super::support::{Reports, exchange, get, run};

fn trace_of(contexts: &sentry::protocol::Map<String, Context>) -> TraceContext {
    match contexts.get("trace") {
        Some(Context::Trace(trace)) => (**trace).clone(),
        other => panic!("a trace context, not {other:?}"),
    }
}

fn one(reports: &Reports) -> Transaction<'static> {
    let mut transactions = reports.transactions();
    assert_eq!(transactions.len(), 1, "{transactions:?}");
    transactions.remove(0)
}

async fn identified(cx: &RequestContext) {
    cx.set_user(User::new(7));
    cx.set_tag("tier", "gold");
    sentry::configure_scope(|scope| scope.set_tag("by", "the handler"));
    tokio::task::yield_now().await;
}

#[test]
fn it_ends_at_the_body_and_not_at_the_head() {
    let reports = Reports::new();
    let app = reports.layered(Router::new().route("/", on_get(|| async { "a body" })));
    run(async {
        let response = app.oneshot(get("/")).await.expect("infallible");
        assert!(reports.envelopes().is_empty(), "the head is out, and the body is not");
        drop(axum::body::to_bytes(response.into_body(), 100).await.expect("a body"));
    });
    one(&reports);
}

async fn panics(cx: RequestContext) {
    identified(&cx).await;
    panic!("the handler was asked to");
}

#[test]
fn a_cancelled_or_panicked_request_keeps_its_user_and_tags() {
    let waits = |cx: RequestContext| async move {
        identified(&cx).await;
        std::future::pending::<()>().await;
    };
    let reports = Reports::new();
    let app = reports.layered(Router::new().route("/waits", on_get(waits)).route("/panics", on_get(panics)));
    for (path, status) in [("/waits", SpanStatus::Cancelled), ("/panics", SpanStatus::InternalError)] {
        let app = app.clone();
        run(async {
            let request = app.oneshot(get(path));
            let _ = tokio::spawn(tokio::time::timeout(std::time::Duration::from_millis(20), request)).await;
        });
        let transaction = one(&reports);
        assert_eq!(trace_of(&transaction.contexts).status, Some(status), "{path}");
        assert_eq!(transaction.user.and_then(|user| user.id).as_deref(), Some("7"), "{path}");
        for (tag, value) in [("tier", "gold"), ("by", "the handler"), ("request_path", path)] {
            assert_eq!(transaction.tags.get(tag).map(String::as_str), Some(value), "{path}: {tag}");
        }
    }
}

type Never = std::future::Ready<Result<Response<Body>, Infallible>>;

#[test]
fn a_panic_in_the_call_has_its_transaction() {
    let reports = Reports::new();
    let layer = reports.observer(1.0).into_layer();
    let service = layer.layer(service_fn(|_: Request<()>| -> Never { panic!("before there is a future") }));
    let call = || drop(run(service.oneshot(Request::new(()))));
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(call)).expect_err("it goes on");
    assert_eq!(trace_of(&one(&reports).contexts).status, Some(SpanStatus::InternalError));
}

#[test]
fn grpcs_status_counts_in_the_head_and_in_the_trailers() {
    for in_trailers in [false, true] {
        for (code, status) in [("0", SpanStatus::Ok), ("5", SpanStatus::NotFound), ("13", SpanStatus::InternalError)] {
            let reports = Reports::new();
            let answer = move || async move {
                let said = HeaderMap::from_iter([(
                    http::HeaderName::from_static("grpc-status"),
                    http::HeaderValue::from_static(code),
                )]);
                let grpc = [("content-type", "application/grpc")];
                if in_trailers {
                    let frames = [Ok::<_, Infallible>(Frame::data(bytes::Bytes::from("x"))), Ok(Frame::trailers(said))];
                    (grpc, Body::new(StreamBody::new(tokio_stream::iter(frames)))).into_response()
                } else {
                    (grpc, said).into_response()
                }
            };
            let app = reports.layered(Router::new().route("/shop.Orders/{method}", post(answer)));
            let request = Request::post("/shop.Orders/Pay").header("content-type", "application/grpc");
            run(exchange(&app, request.body(Body::empty()).expect("a request")));
            let trace = trace_of(&one(&reports).contexts);
            assert_eq!((trace.status, trace.op.as_deref()), (Some(status), Some("rpc.server")), "{code}");
        }
    }
}

#[test]
fn redirects_are_ok_and_a_504_is_a_deadline() {
    for (status, wanted) in [(301, SpanStatus::Ok), (304, SpanStatus::Ok), (504, SpanStatus::DeadlineExceeded)] {
        let reports = Reports::new();
        let status = StatusCode::from_u16(status).expect("a status");
        run(exchange(&reports.layered(Router::new().route("/", on_get(move || async move { status }))), get("/")));
        assert_eq!(trace_of(&one(&reports).contexts).status, Some(wanted), "{status}");
    }
}

#[test]
fn no_raw_path_is_a_name_and_no_query_is_sent_as_it_came() {
    let reports = Reports::new();
    let app = reports.layered(Router::new().route("/users/{id}", on_get(|| async {})));
    for path in ["/users/4711?password=hunter2&page=3", "/nowhere/4711?password=hunter2&page=3"] {
        run(exchange(&app, get(path)));
        let transaction = one(&reports);
        assert!(!transaction.name.as_deref().unwrap_or_default().contains("4711"), "{transaction:?}");
        let query = transaction.request.and_then(|request| request.query_string).unwrap_or_default();
        assert!(query.contains("page=3") && !query.contains("hunter2"), "{query}");
    }
}

/// There is one. It has the user, the response and the request's id, and what it is about.
#[test]
fn a_5xx_makes_an_event() {
    let reports = Reports::new();
    let fails = |cx: RequestContext| async move {
        identified(&cx).await;
        StatusCode::INTERNAL_SERVER_ERROR
    };
    run(exchange(&reports.layered(Router::new().route("/", on_get(fails))), get("/")));
    let [event] = &reports.events()[..] else { panic!("one event") };
    assert!(event.user.is_some() && event.contexts.contains_key("response") && event.tags.contains_key("request_id"));
}

#[test]
fn an_unsampled_request_hands_its_no_on_and_keeps_no_spans() {
    let reports = Reports::new();
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let headers = seen.clone();
    let handler = move || {
        let headers = headers.clone();
        async move {
            let span = sentry::configure_scope(|scope| scope.get_span()).expect("there is one, inert");
            headers.lock().expect("no panic").extend(span.iter_headers());
            let child = span.start_child("db", "select");
            child.finish();
        }
    };
    let router = Router::new().route("/", on_get(handler)).layer(reports.observer(0.0).into_layer());
    run(exchange(&router, get("/")));
    assert!(reports.envelopes().is_empty());
    let seen = seen.lock().expect("no panic");
    assert!(seen[0].0 == "sentry-trace" && seen[0].1.ends_with("-0"), "{seen:?}");
}

#[test]
fn each_request_has_a_trace_of_its_own_also_without_transactions() {
    let reports = Reports::new();
    let fails = || async { StatusCode::INTERNAL_SERVER_ERROR };
    let app = Router::new().route("/", on_get(fails)).layer(reports.observer(0.0).into_layer());
    let trace = || {
        run(exchange(&app, get("/")));
        trace_of(&reports.events()[0].contexts).trace_id
    };
    assert_ne!(trace(), trace());
}

/// `SpanLayer` makes a hub at each enter: what is set on it is gone at the next.
#[test]
fn what_is_set_under_spans_lasts() {
    #[tracing::instrument(skip_all)]
    async fn inner(cx: &RequestContext) {
        cx.set_user(User::new(7));
        cx.set_tag("tier", "gold");
        tokio::task::yield_now().await;
    }
    let reports = Reports::new();
    let subscriber = tracing_subscriber::registry().with(sentry_tracing::SpanLayer::new());
    let _scoped = tracing::subscriber::set_default(subscriber);
    let handler = |cx: RequestContext| async move {
        inner(&cx).await;
        StatusCode::INTERNAL_SERVER_ERROR
    };
    let observer = (reports.observer(1.0), Trace::new());
    run(exchange(&Router::new().route("/", on_get(handler)).layer(observer.into_layer()), get("/")));
    let (transactions, events) = reports.take();
    assert_eq!((transactions.len(), events.len()), (1, 1));
    assert_eq!(events[0].tags["tier"], "gold");
    assert_eq!(transactions[0].tags["tier"], "gold");
    let users = [&events[0].user, &transactions[0].user];
    assert!(users.iter().all(|user| user.as_ref().is_some_and(|user| user.id.as_deref() == Some("7"))));
}

#[test]
fn spans_by_hand_hang_below_the_transaction() {
    let reports = Reports::new();
    let handler = || async {
        let parent = sentry::configure_scope(|scope| scope.get_span()).expect("the transaction");
        parent.start_child("db.query", "select").finish();
    };
    run(exchange(&reports.layered(Router::new().route("/", on_get(handler))), get("/")));
    let transaction = one(&reports);
    let trace = trace_of(&transaction.contexts);
    let [span] = &transaction.spans[..] else { panic!("one span: {transaction:?}") };
    assert_eq!((span.parent_span_id, span.trace_id), (Some(trace.span_id), trace.trace_id));
    assert_eq!(span.op.as_deref(), Some("db.query"));
}

/// With a sentry-tower of the user's own inside or outside of ours there is one transaction of each at the most, and one error.
#[test]
fn a_sentry_tower_beside_does_no_harm() {
    for ours_outside in [false, true] {
        let reports = Reports::new();
        let fails = || async {
            sentry::capture_message("the handler's own", sentry::Level::Error);
            StatusCode::INTERNAL_SERVER_ERROR
        };
        let app = Router::new().route("/users/{id}", on_get(fails));
        let theirs = || {
            tower::ServiceBuilder::new()
                .layer(sentry_tower::NewSentryLayer::new_from_top())
                .layer(sentry_tower::SentryHttpLayer::new())
        };
        let app =
            if ours_outside { reports.layered(app.layer(theirs())) } else { reports.layered(app).layer(theirs()) };
        reports.bound(|| run(exchange(&app, get("/users/7"))));
        let (transactions, events) = reports.take();
        let [event] = &events[..] else { panic!("one event: {events:?}") };
        assert!(event.tags.contains_key("request_id"), "{event:?}");
        assert_eq!(transactions.len(), 1, "{transactions:?}");
        assert_eq!(transactions[0].name.as_deref(), Some("GET /users/{id}"));
    }
}

#[test]
fn a_task_that_outlives_its_request_reports_as_part_of_it() {
    let reports = Reports::new();
    let (done, finished) = tokio::sync::oneshot::channel::<()>();
    let done = Arc::new(std::sync::Mutex::new(Some(done)));
    let handler = move |cx: RequestContext| {
        let done = done.lock().expect("no panic").take();
        async move {
            identified(&cx).await;
            let task = in_exchange(&cx, async {
                tokio::task::yield_now().await;
                sentry::add_breadcrumb(sentry::Breadcrumb { message: Some("mailing".into()), ..Default::default() });
                tokio::task::yield_now().await;
                sentry::capture_message("the mail bounced", sentry::Level::Error);
                drop(done);
            });
            tokio::spawn(task);
        }
    };
    let app = reports.layered(Router::new().route("/orders/{id}", on_get(handler)));
    run(async {
        exchange(&app, get("/orders/7")).await;
        finished.await.expect_err("it is dropped");
    });
    let (transactions, events) = reports.take();
    let [event] = &events[..] else { panic!("one event: {events:?}") };
    is_of_the_request(event);
    assert_eq!(trace_of(&event.contexts).trace_id, trace_of(&transactions[0].contexts).trace_id);
    assert_eq!(event.breadcrumbs.iter().filter_map(|crumb| crumb.message.as_deref()).collect::<Vec<_>>(), ["mailing"]);
    assert!(Hub::current().client().is_none(), "the thread's own hub is back");
}

fn is_of_the_request(event: &Event<'_>) {
    assert_eq!(event.transaction.as_deref(), Some("GET /orders/{id}"));
    assert_eq!(event.user.as_ref().and_then(|user| user.id.as_deref()), Some("7"));
    assert_eq!((&*event.tags["tier"], &*event.tags["by"]), ("gold", "the handler"));
    assert!(event.tags.contains_key("request_id") && event.request.is_some());
}
