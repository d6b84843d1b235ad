//! Errors that handlers give up with, in one line.

use std::error::Error;

use axum::{Router, http::StatusCode, routing::get as on_get};
use tower_telemetry_core::{HandlerError, ResponseError};

use super::support::{PaymentError, Reports, chain, exchange, get, payment_chain, run};

type Boxed = Box<dyn Error + Send + Sync>;

async fn own() -> Result<(), HandlerError> {
    Err(PaymentError::new())?
}

async fn boxed() -> Result<(), HandlerError> {
    Err(Boxed::from(PaymentError::new()))?
}

async fn text() -> Result<(), HandlerError> {
    Err("no room")?
}

async fn by_anyhow() -> Result<(), HandlerError> {
    use anyhow::Context;
    Err(PaymentError::new()).context("ordering")?;
    Ok(())
}

async fn by_eyre() -> Result<(), HandlerError> {
    use eyre::WrapErr;
    Err(PaymentError::new()).wrap_err("ordering")?;
    Ok(())
}

async fn with_status() -> Result<(), HandlerError> {
    Err(HandlerError::new(PaymentError::new()).with_status(StatusCode::BAD_GATEWAY))
}

/// The whole chain, innermost first, and nothing of it for the caller.
#[test]
fn whatever_the_error_its_whole_chain_arrives() {
    let payment = payment_chain;
    let values = |reports: &Reports| -> Vec<String> {
        let [event] = &reports.events()[..] else { panic!("one event") };
        chain(event).into_iter().map(|(_, value)| value).collect()
    };
    let payment_values: Vec<_> = payment().into_iter().map(|(_, value)| value).collect();
    let ordering = [&payment_values[..], &["ordering".to_owned()]].concat();
    let app = Router::new()
        .route("/own", on_get(own))
        .route("/boxed", on_get(boxed))
        .route("/text", on_get(text))
        .route("/anyhow", on_get(by_anyhow))
        .route("/eyre", on_get(by_eyre))
        .route("/status", on_get(with_status));
    let cases = [
        ("/own", 500, payment_values.clone()),
        ("/boxed", 500, payment_values.clone()),
        ("/text", 500, vec!["no room".to_owned()]),
        ("/anyhow", 500, ordering.clone()),
        ("/eyre", 500, ordering),
        ("/status", 502, payment_values),
    ];
    let reports = Reports::new();
    let app = reports.layered(app);
    for (path, status, wanted) in cases {
        run(async {
            let request = get(path);
            let response = tower::ServiceExt::oneshot(app.clone(), request).await.expect("infallible");
            assert_eq!(response.status(), status, "{path}");
            let body = axum::body::to_bytes(response.into_body(), 1000).await.expect("a body");
            let told = String::from_utf8_lossy(&body).into_owned();
            assert!(wanted.iter().all(|secret| !told.contains(secret)), "{path}: {told}");
        });
        assert_eq!(values(&reports), wanted, "{path}");
    }
}

#[test]
fn types_are_those_of_the_errors() {
    let reports = Reports::new();
    let app = reports.layered(Router::new().route("/own", on_get(own)).route("/boxed", on_get(boxed)));
    for path in ["/own", "/boxed"] {
        run(exchange(&app, get(path)));
        assert_eq!(chain(&reports.events()[0]), payment_chain(), "{path}");
    }
}

/// Where the error came to be, which is not where it is reported. anyhow looks at the environment once for whether to
/// capture: without it there is none.
#[test]
fn anyhows_backtrace_arrives() {
    #[inline(never)]
    fn where_it_came_to_be() -> anyhow::Error {
        anyhow::Error::new(PaymentError::new())
    }
    let captured = where_it_came_to_be().backtrace().status() == std::backtrace::BacktraceStatus::Captured;
    let reports = Reports::new();
    let handler = || async { Err::<(), _>(HandlerError::from(where_it_came_to_be())) };
    run(exchange(&reports.layered(Router::new().route("/", on_get(handler))), get("/")));
    let event = &reports.events()[0];
    let met = event.exception.last().expect("an exception");
    let frames = met.stacktrace.iter().flat_map(|stack| &stack.frames);
    let functions: Vec<_> = frames.filter_map(|frame| frame.function.as_deref()).collect();
    assert_eq!(functions.iter().any(|name| name.contains("where_it_came_to_be")), captured, "{functions:?}");
    assert_eq!(ResponseError::new(where_it_came_to_be()).backtrace().is_some(), captured);
    assert!(ResponseError::new(PaymentError::new()).backtrace().is_none());
}

#[test]
fn tonics_status_arrives_with_its_source() {
    let reports = Reports::new();
    let answer = || async {
        let mut status = tonic::Status::internal("for the caller");
        status.set_source(std::sync::Arc::new(PaymentError::new()));
        status.into_http::<axum::body::Body>()
    };
    let app = reports.layered(Router::new().route("/shop.Orders/{method}", axum::routing::post(answer)));
    let request = http::Request::post("/shop.Orders/Pay").header("content-type", "application/grpc");
    run(exchange(&app, request.body(axum::body::Body::empty()).expect("a request")));
    let [event] = &reports.events()[..] else { panic!("one event") };
    let chain = chain(event);
    assert_eq!(chain[..2], payment_chain()[..], "{chain:?}");
    assert!(chain[2].1.contains("for the caller"), "{chain:?}");
    assert_eq!(event.transaction.as_deref(), Some("shop.Orders/Pay"));
}
