//! Each error once, whoever reports it, and in however many ways.

use std::io;

use axum::{Router, http::StatusCode, response::IntoResponse, routing::get as on_get};
use http::Request;
use sentry::Level;
use tower::{Layer, ServiceExt, service_fn};
use tower_telemetry_core::{HandlerError, Observe, RequestContext};
use tower_telemetry_sentry::Sentry;
use tower_telemetry_trace::Trace;
use tracing::{Instrument, info_span};
use tracing_subscriber::layer::SubscriberExt;

use super::support::{PaymentError, Reports, chain, exchange, get, payment_chain, run};

type Report = fn(&PaymentError);

fn by_capture(error: &PaymentError) {
    sentry::capture_error(error);
}

fn by_log(error: &PaymentError) {
    tracing::error!(error = error as &dyn std::error::Error, "the order was not paid");
}

fn by_log_alone(error: &PaymentError) {
    tracing::error!(error = error as &dyn std::error::Error);
}

fn by_both(error: &PaymentError) {
    by_capture(error);
    by_log(error);
}

#[test]
fn what_the_handler_has_captured_is_not_sent_again() {
    // By both it is sent twice, by the handler.
    let cases: [(&str, Report, usize); 4] =
        [("capture", by_capture, 1), ("log", by_log, 1), ("log alone", by_log_alone, 1), ("both", by_both, 2)];
    for span_layer in [false, true] {
        for (name, report, wanted) in cases {
            let reports = Reports::new();
            let spans = span_layer.then(sentry_tracing::SpanLayer::new);
            let subscriber = tracing_subscriber::registry().with(spans).with(sentry_tracing::ErrorLayer::new());
            let _scoped = tracing::subscriber::set_default(subscriber);
            let handler = move || {
                async move {
                    let error = PaymentError::new();
                    tokio::task::yield_now().await;
                    report(&error);
                    Err::<(), _>(HandlerError::new(error))
                }
                .instrument(info_span!("paying"))
            };
            let observer = (reports.observer(1.0), Trace::new());
            let app = Router::new().route("/", on_get(handler)).layer(observer.into_layer());
            run(exchange(&app, get("/")));
            let events = reports.events();
            assert_eq!(events.len(), wanted, "{name}, with spans: {span_layer}: {events:?}");
            assert!(events.iter().all(|event| chain(event) == payment_chain()), "{name}: {events:?}");
        }
    }
}

#[test]
fn an_answer_whose_reason_the_handler_has_reported_makes_no_event_of_its_own() {
    let reports = Reports::new();
    let handler = |level: Level| async move {
        sentry::capture_message("the printer burns", level);
        StatusCode::INTERNAL_SERVER_ERROR
    };
    let app = Router::new()
        .route("/error", on_get(move || handler(Level::Error)))
        .route("/info", on_get(move || handler(Level::Info)));
    let app = reports.layered(app);
    let messages = |path| {
        run(exchange(&app, get(path)));
        let events = reports.events().into_iter();
        events.filter_map(|event| event.message).collect::<Vec<_>>()
    };
    assert_eq!(messages("/error"), ["the printer burns"]);
    assert_eq!(messages("/info"), ["the printer burns", "500 Internal Server Error"]);
}

#[test]
fn another_error_than_the_one_captured_is_sent_too() {
    let reports = Reports::new();
    let handler = || async {
        sentry::capture_error(&io::Error::other("the cache is cold"));
        Err::<(), _>(HandlerError::new(PaymentError::new()))
    };
    run(exchange(&reports.layered(Router::new().route("/", on_get(handler))), get("/")));
    let events = reports.events();
    assert_eq!(events.len(), 2, "{events:?}");
    assert_eq!(chain(&events[1]), payment_chain());
}

#[test]
fn the_next_request_reports_the_same_error_again() {
    let reports = Reports::new();
    let handler = || async { Err::<(), _>(HandlerError::new(PaymentError::new())) };
    let app = reports.layered(Router::new().route("/", on_get(handler)));
    for _ in 0..3 {
        run(exchange(&app, get("/")));
        assert_eq!(reports.events().len(), 1);
    }
}

#[test]
fn an_error_in_the_answer_and_in_the_context_is_one() {
    let reports = Reports::new();
    let handler = |cx: RequestContext| async move {
        cx.set_error(PaymentError::new());
        HandlerError::new(PaymentError::new()).into_response()
    };
    run(exchange(&reports.layered(Router::new().route("/", on_get(handler))), get("/")));
    assert_eq!(reports.events().len(), 1);
}

/// Under two layers, on the same or on another thread, and for an error that passes through both.
#[test]
fn two_layers_report_once() {
    let reports = Reports::new();
    let fails = || async { Err::<(), _>(HandlerError::new(PaymentError::new())) };
    let twice = reports.layered(reports.layered(Router::new().route("/", on_get(fails))));
    run(exchange(&twice, get("/")));
    let (transactions, events) = reports.take();
    assert_eq!((transactions.len(), events.len()), (1, 1));

    let layer = || reports.observer_of(Sentry::new(), 1.0).into_layer();
    let down =
        service_fn(|_: Request<()>| async { Err::<http::Response<axum::body::Body>, _>(io::Error::other("down")) });
    run(layer().layer(layer().layer(down)).oneshot(Request::new(()))).expect_err("it fails");
    let (transactions, events) = reports.take();
    assert_eq!((transactions.len(), events.len()), (1, 1));
}
