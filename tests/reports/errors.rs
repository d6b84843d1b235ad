use std::{error::Error, io};

use axum::{
    Router,
    body::Body,
    http::StatusCode,
    response::{AppendHeaders, IntoResponse, Response},
    routing::{get as on_get, post},
};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, header::CONTENT_TYPE};
use http_body::Frame;
use http_body_util::StreamBody;
use sentry::protocol::{Context, Level};
use tower::{Layer, ServiceExt, service_fn};
use tower_telemetry_core::{Observe, RequestContext, ResponseError};

use super::support::{PaymentError, Reports, exchange, get, run};

fn failed(status: StatusCode) -> Response {
    let mut response = status.into_response();
    response.extensions_mut().insert(ResponseError::new(PaymentError::new()));
    response
}

#[test]
fn a_5xx_that_carries_its_error_is_one_event() {
    let reports = Reports::new();
    let handler = || async { failed(StatusCode::BAD_GATEWAY) };
    let app = reports.layered(Router::new().route("/orders/{id}", on_get(handler)));
    run(exchange(&app, get("/orders/7")));
    let (transactions, events) = reports.take();
    let [event] = &events[..] else { panic!("one event: {events:?}") };
    let exceptions: Vec<_> =
        event.exception.iter().map(|exception| (exception.ty.as_str(), exception.value.as_deref())).collect();
    assert_eq!(exceptions, [("Custom", Some("the bank is closed")), ("PaymentError", Some("the payment failed"))]);
    assert_eq!(event.exception.last().and_then(|exception| exception.mechanism.as_ref()?.handled), Some(true));
    assert_eq!((event.level, event.transaction.as_deref()), (Level::Error, Some("GET /orders/{id}")));
    assert_eq!((event.release.as_deref(), event.environment.as_deref()), (Some("shop@1.2.3"), Some("test")));
    assert!(event.tags.contains_key("request_id"), "{:?}", event.tags);
    let url = event.request.as_ref().and_then(|request| request.url.as_ref()).map(ToString::to_string);
    assert_eq!(url.as_deref(), Some("http://localhost/orders/7"));
    assert!(
        matches!(event.contexts.get("response"), Some(Context::Response(response)) if response.status_code == Some(502))
    );
    assert_eq!(transactions.len(), 1);
    let trace_ids: Vec<_> = [transactions[0].contexts.get("trace"), event.contexts.get("trace")]
        .into_iter()
        .map(|context| match context {
            Some(Context::Trace(trace)) => trace.trace_id,
            other => panic!("a trace context: {other:?}"),
        })
        .collect();
    assert_eq!(trace_ids[0], trace_ids[1]);
}

#[test]
fn a_5xx_without_an_error_is_one_event_for_each_endpoint_and_status() {
    let reports = Reports::new();
    let app = Router::new().route("/orders/{id}", on_get(|| async { StatusCode::SERVICE_UNAVAILABLE }));
    let app = reports.layered(app);
    run(exchange(&app, get("/orders/7")));
    let [event] = &reports.events()[..] else { panic!("one event") };
    assert_eq!((event.message.as_deref(), event.level), (Some("503 Service Unavailable"), Level::Error));
    assert_eq!(*event.fingerprint, ["/orders/{id}", "503"]);
}

#[test]
fn what_makes_no_event() {
    let reports = Reports::new();
    let app = Router::new()
        .route("/a-4xx-with-an-error", on_get(|| async { failed(StatusCode::BAD_REQUEST) }))
        .route("/a-success", on_get(|| async {}));
    let app = reports.layered(app);
    for path in ["/a-4xx-with-an-error", "/a-success", "/unmatched"] {
        run(exchange(&app, get(path)));
        assert_eq!(reports.events(), [], "{path}");
    }
}

#[test]
fn an_error_left_in_the_context_counts_too() {
    let reports = Reports::new();
    let handler = |cx: RequestContext| async move {
        cx.set_error(PaymentError::new());
        StatusCode::INTERNAL_SERVER_ERROR
    };
    let app = reports.layered(Router::new().route("/", on_get(handler)));
    run(exchange(&app, get("/")));
    let [event] = &reports.events()[..] else { panic!("one event") };
    assert_eq!(event.exception.last().map(|exception| &*exception.ty), Some("PaymentError"));
}

/// Its status is gRPC's, in the head or in the trailers; HTTP's is 200.
#[test]
fn an_error_behind_a_grpc_status_is_one_event_if_the_server_is_to_blame() {
    let cases = [("INTERNAL", "13", 1), ("UNKNOWN", "2", 1), ("NOT_FOUND", "5", 0), ("OK", "0", 0)];
    for (name, code, wanted) in cases {
        for in_trailers in [false, true] {
            let reports = Reports::new();
            let handler = move |cx: RequestContext| async move {
                cx.set_error(PaymentError::new());
                let status =
                    HeaderMap::from_iter([(HeaderName::from_static("grpc-status"), HeaderValue::from_static(code))]);
                let grpc = AppendHeaders([(CONTENT_TYPE, "application/grpc")]);
                if in_trailers {
                    let frames = [Ok::<_, io::Error>(Frame::data(Bytes::from("half"))), Ok(Frame::trailers(status))];
                    (grpc, Body::new(StreamBody::new(tokio_stream::iter(frames)))).into_response()
                } else {
                    (grpc, status).into_response()
                }
            };
            let app = reports.layered(Router::new().route("/shop.Orders/{method}", post(handler)));
            let request =
                Request::post("/shop.Orders/Pay").header(CONTENT_TYPE, "application/grpc").body(Body::empty());
            run(exchange(&app, request.expect("a request")));
            let (transactions, events) = reports.take();
            assert_eq!((transactions.len(), events.len()), (1, wanted), "{name}, in the trailers: {in_trailers}");
            for event in events {
                assert_eq!(event.transaction.as_deref(), Some("shop.Orders/Pay"), "{name}");
                assert_eq!(event.exception.last().map(|exception| &*exception.ty), Some("PaymentError"), "{name}");
            }
        }
    }
}

#[test]
fn an_unsampled_exchange_still_reports_errors() {
    let reports = Reports::new();
    let handler = || async { failed(StatusCode::INTERNAL_SERVER_ERROR) };
    let app = Router::new().route("/", on_get(handler)).layer(reports.observer(0.0).into_layer());
    run(exchange(&app, get("/")));
    let (transactions, events) = reports.take();
    assert_eq!((transactions.len(), events.len()), (0, 1));
}

#[test]
fn an_inner_error_is_one_event_with_its_sources() {
    let reports = Reports::new();
    let service = reports.observer(1.0).into_layer().layer(service_fn(|_: Request<()>| async {
        Err::<Response<Body>, _>(Box::<dyn Error + Send + Sync>::from(PaymentError::new()))
    }));
    run(service.oneshot(Request::new(()))).expect_err("it fails");
    let [event] = &reports.events()[..] else { panic!("one event") };
    let values: Vec<_> = event.exception.iter().filter_map(|exception| exception.value.as_deref()).collect();
    assert_eq!(values, ["the bank is closed", "the payment failed"]);
}

#[test]
fn an_inner_error_that_is_only_a_text_is_reported_by_its_text() {
    let reports = Reports::new();
    let layer = reports.observer(1.0).into_layer();
    let service = layer.layer(service_fn(|_: Request<()>| async { Err::<Response<Body>, _>("no room".to_owned()) }));
    run(service.oneshot(Request::new(()))).expect_err("it fails");
    let [event] = &reports.events()[..] else { panic!("one event") };
    assert_eq!(event.exception[0].value.as_deref(), Some("no room"));
}

#[test]
fn a_body_that_breaks_off_is_one_event() {
    let reports = Reports::new();
    let handler = || async {
        let chunks = [Ok(Bytes::from("half")), Err(io::Error::other("the disk is gone"))];
        Body::from_stream(tokio_stream::iter(chunks)).into_response()
    };
    let app = reports.layered(Router::new().route("/file", on_get(handler)));
    run(exchange(&app, get("/file")));
    let (transactions, events) = reports.take();
    assert_eq!((transactions.len(), events.len()), (1, 1));
    assert_eq!(events[0].exception[0].value.as_deref(), Some("the disk is gone"));
}

#[test]
fn a_panic_is_one_event_with_its_stack_and_goes_on() {
    async fn handler() {
        panic!("the handler was asked to");
    }
    let reports = Reports::new();
    let app = reports.layered(Router::new().route("/panic", on_get(handler)));
    let task = || run(async { tokio::spawn(app.clone().oneshot(get("/panic"))).await });
    assert!(task().expect_err("it panics").is_panic());
    let (transactions, events) = reports.take();
    let [event] = &events[..] else { panic!("one event: {events:?}") };
    assert_eq!((event.level, event.transaction.as_deref()), (Level::Fatal, Some("GET /panic")));
    let exception = &event.exception[0];
    assert_eq!((exception.ty.as_str(), exception.value.as_deref()), ("panic", Some("the handler was asked to")));
    assert_eq!(exception.mechanism.as_ref().and_then(|mechanism| mechanism.handled), Some(false));
    assert!(exception.stacktrace.as_ref().is_some_and(|stack| !stack.frames.is_empty()));
    assert!(event.tags.contains_key("request_id") && event.request.is_some());
    assert_eq!(transactions.len(), 1);
}
