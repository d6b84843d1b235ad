//! Panics: reported where they happen, once, and they go on.

use axum::{Router, body::Body, routing::get as on_get};
use http::Request;
use sentry::{Level, protocol::Event};
use tower::{Layer, ServiceExt, service_fn};
use tower_http::catch_panic::CatchPanicLayer;
use tower_telemetry_core::Observe;
use tower_telemetry_sentry::Grouping;

use super::support::{Reports, chain, exchange, get, json, run};

async fn panics() {
    tokio::task::yield_now().await;
    panic!("the handler was asked to");
}

fn app() -> Router {
    Router::new().route("/panic/{id}", on_get(panics))
}

/// Whether it panicked.
fn call(app: &Router) -> bool {
    let app = app.clone();
    run(async { tokio::spawn(async move { exchange(&app, get("/panic/7")).await }).await }).is_err()
}

fn is_whole(event: &Event<'_>) {
    assert_eq!((event.level, event.transaction.as_deref()), (Level::Fatal, Some("GET /panic/{id}")));
    let met = event.exception.last().expect("an exception");
    assert_eq!((&*met.ty, met.value.as_deref()), ("panic", Some("the handler was asked to")));
    let mechanism = met.mechanism.as_ref().expect("a mechanism");
    assert_eq!((&*mechanism.ty, mechanism.handled), ("panic", Some(false)));
    let frames = met.stacktrace.iter().flat_map(|stack| &stack.frames);
    let functions: Vec<_> = frames.filter_map(|frame| frame.function.as_deref()).collect();
    assert!(functions.iter().any(|name| name.contains("panics::panics")), "{functions:?}");
    assert!(
        !functions.iter().any(|name| name.contains("PanicReporter")),
        "it ends where the panic began: {functions:?}"
    );
    assert!(event.tags.contains_key("request_id") && event.request.is_some());
}

fn location(event: &Event<'_>) -> String {
    json(event)["exception"]["values"][0]["mechanism"]["data"]["location"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn by_our_hook() {
    let reports = Reports::new();
    assert!(call(&reports.layered(app())), "it goes on");
    let [event] = &reports.events()[..] else { panic!("one event") };
    is_whole(event);
    let location = location(event);
    assert!(location.contains("panics.rs:"), "{location}");
}

#[test]
fn caught_by_a_layer_further_in_it_is_one_event_still() {
    let reports = Reports::new();
    assert!(!call(&reports.layered(app().layer(CatchPanicLayer::new()))), "it is caught");
    let (transactions, events) = reports.take();
    let [event] = &events[..] else { panic!("one event: {events:?}") };
    is_whole(event);
    assert_eq!(transactions.len(), 1);
}

#[test]
fn caught_by_a_layer_further_out_it_is_one_event() {
    let reports = Reports::new();
    assert!(!call(&reports.layered(app()).layer(CatchPanicLayer::new())), "it is caught");
    let [event] = &reports.events()[..] else { panic!("one event") };
    is_whole(event);
}

/// The SDK's hook asks for the SDK's integration, ours for ours: with both installed each panic is one client's alone.
#[test]
fn by_the_sdks_own_hook() {
    let reports = Reports::foreign(|options| {
        options.default_integrations(false).add_integration(sentry::integrations::panic::PanicIntegration::new())
    });
    assert!(call(&reports.layered(app())));
    let [event] = &reports.events()[..] else { panic!("one event") };
    is_whole(event);
}

/// Nobody tells of the message then, but of the panic.
#[test]
fn without_any_hook() {
    let reports = Reports::foreign(|options| options.default_integrations(false));
    assert!(call(&reports.layered(app())));
    let [event] = &reports.events()[..] else { panic!("one event") };
    assert_eq!((event.level, event.transaction.as_deref()), (Level::Fatal, Some("GET /panic/{id}")));
    assert_eq!(chain(event)[0].0, "panic");
    let mechanism = event.exception.last().and_then(|met| met.mechanism.as_ref());
    assert_eq!(mechanism.and_then(|mechanism| mechanism.handled), Some(false));
}

/// In `call` rather than in the future, as a service's own code may.
#[test]
fn in_the_call_itself() {
    let reports = Reports::new();
    let layer = reports.observer(1.0).into_layer();
    let service =
        layer.layer(service_fn(|_: Request<()>| -> std::future::Ready<Result<http::Response<Body>, String>> {
            panic!("before there is a future")
        }));
    let result =
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(run(service.oneshot(Request::new(()))))));
    assert!(result.is_err(), "it goes on");
    let (transactions, events) = reports.take();
    assert_eq!((transactions.len(), events.len()), (1, 1));
    assert_eq!(chain(&events[0])[0].1, "before there is a future");
}

/// They are of one type, and of as many defects as there are.
#[test]
fn by_type_they_are_no_issue() {
    let reports = Reports::new();
    let sentry = tower_telemetry_sentry::Sentry::new().grouping(Grouping::by_error_type());
    assert!(call(&reports.layered_with(sentry, app())));
    assert_eq!(*reports.events()[0].fingerprint, ["{{ default }}"]);
}

/// A panic in a panic's hook would end the process.
#[test]
fn a_grouping_that_panics_itself_changes_nothing() {
    let reports = Reports::new();
    let grouping = Grouping::by(|_, _| panic!("the service's own mistake"));
    let sentry = tower_telemetry_sentry::Sentry::new().grouping(grouping);
    assert!(call(&reports.layered_with(sentry, app())), "it goes on");
    let events = reports.events();
    assert_eq!(events.len(), 1, "{events:?}");
    is_whole(&events[0]);
    assert_eq!(*events[0].fingerprint, ["{{ default }}"]);
}
