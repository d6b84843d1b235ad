use std::{convert::Infallible, io};

use axum::{Router, body::Body, http::StatusCode, routing::get as on_get};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use sentry::protocol::{Context, SpanStatus, TraceContext, Transaction};
use tower::{Layer, ServiceExt, service_fn};
use tower_telemetry_core::{Observe, RequestContext};

use super::support::{Reports, exchange, get, run};

fn trace_of(transaction: &Transaction<'_>) -> TraceContext {
    match transaction.contexts.get("trace") {
        Some(Context::Trace(trace)) => (**trace).clone(),
        other => panic!("a transaction has a trace context: {other:?}"),
    }
}

#[test]
fn status_by_http_status() {
    let cases = [
        (200, SpanStatus::Ok),
        (204, SpanStatus::Ok),
        (302, SpanStatus::Ok),
        (304, SpanStatus::Ok),
        (400, SpanStatus::InvalidArgument),
        (401, SpanStatus::Unauthenticated),
        (403, SpanStatus::PermissionDenied),
        (404, SpanStatus::NotFound),
        (408, SpanStatus::DeadlineExceeded),
        (409, SpanStatus::AlreadyExists),
        (429, SpanStatus::ResourceExhausted),
        (499, SpanStatus::Cancelled),
        (500, SpanStatus::InternalError),
        (501, SpanStatus::Unimplemented),
        (503, SpanStatus::Unavailable),
        (504, SpanStatus::DeadlineExceeded),
    ];
    let reports = Reports::new();
    for (status, wanted) in cases {
        let status = StatusCode::from_u16(status).expect("a status");
        let app = reports.layered(Router::new().route("/users/{id}", on_get(move || async move { status })));
        run(exchange(&app, get("/users/7?token=querysecret")));
        let [transaction] = &reports.transactions()[..] else { panic!("one transaction for {status}") };
        assert_eq!(transaction.name.as_deref(), Some("GET /users/{id}"));
        let trace = trace_of(transaction);
        assert_eq!((trace.status, trace.op.as_deref()), (Some(wanted), Some("http.server")), "{status}");
        assert_eq!(trace.data["http.response.status_code"], status.as_u16());
    }
}

#[test]
fn status_by_grpc_status() {
    let cases = [
        ("0", SpanStatus::Ok),
        ("1", SpanStatus::Cancelled),
        ("2", SpanStatus::UnknownError),
        ("5", SpanStatus::NotFound),
        ("13", SpanStatus::InternalError),
        ("14", SpanStatus::Unavailable),
        ("16", SpanStatus::Unauthenticated),
    ];
    let reports = Reports::new();
    for (code, wanted) in cases {
        let service = reports.observer(1.0).into_layer().layer(service_fn(move |_: Request<()>| async move {
            let answer = Response::builder().header("content-type", "application/grpc").header("grpc-status", code);
            Ok::<_, Infallible>(answer.body(Full::<Bytes>::default()).expect("a response"))
        }));
        let request = Request::post("/shop.Orders/List").header("content-type", "application/grpc").body(());
        drop(run(service.oneshot(request.expect("a request"))));
        let [transaction] = &reports.transactions()[..] else { panic!("one transaction for {code}") };
        assert_eq!(transaction.name.as_deref(), Some("shop.Orders/List"));
        let trace = trace_of(transaction);
        assert_eq!((trace.status, trace.op.as_deref()), (Some(wanted), Some("rpc.server")), "{code}");
    }
}

#[test]
fn names_are_never_raw_paths() {
    let reports = Reports::new();
    let app = reports.layered(Router::new().route("/users/{id}", on_get(|| async {})));
    let mut request = get("/secret/path/4711");
    run(exchange(&app, get("/secret/path/4711")));
    *request.method_mut() = http::Method::from_bytes(b"BREW").expect("a method");
    run(exchange(&app, request));
    let names: Vec<_> = reports.transactions().into_iter().filter_map(|transaction| transaction.name).collect();
    assert_eq!(names, ["GET unmatched", "_OTHER unmatched"]);
}

#[test]
fn it_ends_with_the_body() {
    let reports = Reports::new();
    let (sender, chunks) = tokio::sync::mpsc::unbounded_channel::<Result<Bytes, Infallible>>();
    let chunks = std::sync::Mutex::new(Some(chunks));
    let service = reports.observer(1.0).into_layer().layer(service_fn(move |_: Request<()>| {
        let chunks = chunks.lock().expect("no panic").take().expect("one request");
        let body = Body::from_stream(tokio_stream::wrappers::UnboundedReceiverStream::new(chunks));
        async move { Ok::<_, Infallible>(Response::new(body)) }
    }));
    run(async {
        let mut body = service.oneshot(Request::new(())).await.expect("infallible").into_body();
        sender.send(Ok(Bytes::from("first"))).expect("the body is there");
        body.frame().await.expect("a frame").expect("no error");
        assert!(reports.envelopes().is_empty(), "the response is not over");
        drop(sender);
        assert!(body.frame().await.is_none());
        assert_eq!(reports.transactions().len(), 1);
        drop(body);
        assert!(reports.envelopes().is_empty(), "once");
    });
}

#[test]
fn a_caller_that_leaves_is_cancelled() {
    let reports = Reports::new();
    let app = reports.layered(Router::new().route("/wait", on_get(std::future::pending::<()>)));
    run(async {
        let mut pending = Box::pin(app.oneshot(get("/wait")));
        assert!(futures_poll(&mut pending).await.is_none(), "it waits");
    });
    let [transaction] = &reports.transactions()[..] else { panic!("one transaction") };
    assert_eq!(trace_of(transaction).status, Some(SpanStatus::Cancelled));
    assert_eq!(transaction.name.as_deref(), Some("GET /wait"));
}

/// Polls once.
async fn futures_poll<F: std::future::Future + Unpin>(future: &mut F) -> Option<F::Output> {
    std::future::poll_fn(|cx| {
        std::task::Poll::Ready(match std::pin::Pin::new(&mut *future).poll(cx) {
            std::task::Poll::Ready(output) => Some(output),
            std::task::Poll::Pending => None,
        })
    })
    .await
}

#[test]
fn it_continues_the_callers_trace() {
    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    const PARENT: &str = "00f067aa0ba902b7";
    // Header, its value, whether a transaction is sent at rate 1, and whether the trace is the caller's.
    let cases = [
        ("sentry-trace", format!("{TRACE}-{PARENT}-1"), true, true),
        ("sentry-trace", format!("{TRACE}-{PARENT}"), true, true),
        ("sentry-trace", format!("{TRACE}-{PARENT}-0"), false, true),
        ("traceparent", format!("00-{TRACE}-{PARENT}-01"), true, true),
        ("traceparent", format!("00-{TRACE}-{PARENT}-00"), false, true),
        ("traceparent", "00-nonsense-01".to_owned(), true, false),
    ];
    let reports = Reports::new();
    let app = reports.layered(Router::new().route("/", on_get(|| async {})));
    for (header, value, sent, continued) in cases {
        let mut request = get("/");
        request.headers_mut().insert(header, value.parse().expect("a value"));
        run(exchange(&app, request));
        let transactions = reports.transactions();
        assert_eq!(transactions.len(), usize::from(sent), "{header}: {value}");
        let Some(transaction) = transactions.first() else { continue };
        let trace = trace_of(transaction);
        assert_eq!(trace.trace_id.to_string() == TRACE, continued, "{header}: {value}");
        assert_eq!(trace.parent_span_id.map(|id| id.to_string()), continued.then(|| PARENT.to_owned()));
    }
}

#[test]
fn a_strangers_wish_does_not_raise_the_rate() {
    let reports = Reports::new();
    let router = Router::new().route("/", on_get(|| async {}));
    let app = router.layer(reports.observer(0.0).into_layer());
    let mut request = get("/");
    let wish = "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1";
    request.headers_mut().insert("sentry-trace", wish.parse().expect("a value"));
    run(exchange(&app, request));
    assert!(reports.envelopes().is_empty());
}

#[test]
fn the_request_is_shown_without_secrets() {
    let reports = Reports::new();
    let app = reports.layered(Router::new().route("/users/{id}", on_get(|| async {})));
    let request = Request::get("http://user:urlsecret@shop.example/users/7?token=querysecret")
        .header("authorization", "Bearer authsecret")
        .header("cookie", "session=cookiesecret")
        .header("x-api-key", "keysecret")
        .header("user-agent", "tests/1")
        .header("x-request-id", "abc-1")
        .body(Body::empty());
    run(exchange(&app, request.expect("a request")));
    let mut bytes = Vec::new();
    for envelope in reports.envelopes() {
        envelope.to_writer(&mut bytes).expect("it can be written");
    }
    let text = String::from_utf8(bytes).expect("JSON");
    assert!(!text.contains("secret") && !text.contains("headers"), "{text}");
    for shown in [r#""url.path":"/users/7""#, "abc-1", "shop@1.2.3", r#""environment":"test""#] {
        assert!(text.contains(shown), "{shown} in {text}");
    }
}

#[test]
fn an_excluded_endpoint_makes_nothing() {
    let reports = Reports::new();
    let fails = || async { Err::<(), _>(StatusCode::INTERNAL_SERVER_ERROR) };
    let asks = |cx: RequestContext| async move { cx.trace().is_none().to_string() };
    let app = reports.layered(Router::new().route("/health", on_get(fails)).route("/ping", on_get(asks)));
    run(exchange(&app, get("/health")));
    assert_eq!(run(exchange(&app, get("/ping"))).status(), 200, "the context is there for whoever asks");
    assert!(reports.envelopes().is_empty());
}

#[test]
fn errors_of_service_and_body_are_internal() {
    let reports = Reports::new();
    let layer = reports.observer(1.0).into_layer();
    let service =
        layer.layer(service_fn(|_: Request<()>| async { Err::<Response<Body>, _>(io::Error::other("down")) }));
    run(service.oneshot(Request::new(()))).expect_err("it fails");
    let (transactions, events) = reports.take();
    assert_eq!((transactions.len(), events.len()), (1, 1));
    assert_eq!(trace_of(&transactions[0]).status, Some(SpanStatus::InternalError));
    assert_eq!(events[0].contexts.get("trace").map(Context::type_name), Some("trace"));
}
