//! Sessions in request mode.

use axum::{Router, http::StatusCode, routing::get as on_get};
use sentry::{ClientOptions, Envelope, Level, protocol::EnvelopeItem};
use tower::ServiceExt;
use tower_http::catch_panic::CatchPanicLayer;
use tower_telemetry_core::HandlerError;
use tower_telemetry_sentry::{ErrorLimit, Sentry, Sessions};

use super::support::{PaymentError, Reports, exchange, get, run, sessions};

async fn fails() -> HandlerError {
    HandlerError::new(PaymentError::new())
}

async fn panics() {
    panic!("the handler was asked to");
}

fn app() -> Router {
    Router::new()
        .route("/ok", on_get(|| async {}))
        .route("/not-found", on_get(|| async { StatusCode::NOT_FOUND }))
        .route("/fails", on_get(fails))
        .route("/status", on_get(|| async { StatusCode::SERVICE_UNAVAILABLE }))
        .route(
            "/captures",
            on_get(|| async {
                let _ = sentry::capture_message("own", Level::Error);
            }),
        )
        .route(
            "/warns",
            on_get(|| async {
                let _ = sentry::capture_message("own", Level::Warning);
            }),
        )
        .route("/panics", on_get(panics))
        .route("/caught", on_get(panics).layer(CatchPanicLayer::new()))
        .route("/waits", on_get(std::future::pending::<()>))
        .route("/health", on_get(|| async {}))
}

fn call(app: &Router, path: &'static str) {
    let app = app.clone();
    let _ = run(async { tokio::spawn(async move { exchange(&app, get(path)).await }).await });
}

fn counted(
    paths: &[&'static str],
    sentry: Sentry,
    change: impl FnOnce(ClientOptions) -> ClientOptions,
) -> Vec<Envelope> {
    let reports = Reports::of(change);
    let app = reports.layered_with(sentry.clone(), app());
    for path in paths {
        call(&app, path);
    }
    let pending = app.clone().oneshot(get("/waits"));
    run(async { drop(tokio::time::timeout(std::time::Duration::ZERO, pending).await) });
    let before = sessions(&reports.envelopes());
    assert_eq!(before, [0; 3], "they are sent at the end of a minute, or of the service");
    sentry.flush_sessions();
    sentry.flush_sessions();
    // With the last layer goes the last of the counts: they were sent, and are not sent again.
    drop((app, sentry));
    reports.envelopes()
}

#[test]
fn by_what_became_of_each() {
    let cases: [(&[&'static str], [u32; 3]); 9] = [
        (&["/ok", "/ok", "/not-found", "/nowhere"], [5, 0, 0]),
        (&["/fails"], [1, 1, 0]),
        (&["/status"], [1, 1, 0]),
        (&["/captures"], [1, 1, 0]),
        (&["/warns"], [2, 0, 0]),
        (&["/panics"], [1, 0, 1]),
        (&["/caught"], [1, 0, 1]),
        (&["/health", "/health"], [1, 0, 0]),
        (&["/ok", "/fails", "/panics", "/ok", "/fails"], [3, 2, 1]),
    ];
    for (paths, wanted) in cases {
        assert_eq!(sessions(&counted(paths, Sentry::new(), |options| options)), wanted, "{paths:?}");
    }
}

/// What is left out of what is sent happened all the same.
#[test]
fn limits_and_rates_do_not_make_errors_go_away() {
    let limited = Sentry::new().limit(ErrorLimit::per_minute(1));
    assert_eq!(sessions(&counted(&["/fails"; 4], limited, |options| options)), [1, 4, 0]);
    let limited = Sentry::new().limit(ErrorLimit::per_minute(1));
    assert_eq!(sessions(&counted(&["/panics"; 4], limited, |options| options)), [1, 0, 4]);
    let sampled = counted(&["/fails"; 4], Sentry::new(), |options| options.sample_rate(0.0));
    assert_eq!(sessions(&sampled), [1, 4, 0]);
}

#[test]
fn none_without_a_release_or_if_they_are_off() {
    let without = counted(&["/ok", "/fails"], Sentry::new(), |mut options| {
        options.release = None;
        options
    });
    assert_eq!(sessions(&without), [0; 3]);
    let off = counted(&["/ok", "/fails"], Sentry::new().sessions(Sessions::Off), |options| options);
    assert_eq!(sessions(&off), [0; 3]);
}

#[test]
fn the_item_is_what_sentry_reads() {
    let envelopes = counted(&["/ok", "/fails"], Sentry::new(), |options| options);
    let items: Vec<_> = envelopes.iter().flat_map(Envelope::items).collect();
    let aggregates = items.iter().find_map(|item| match item {
        EnvelopeItem::SessionAggregates(aggregates) => Some(aggregates),
        _ => None,
    });
    let told = serde_json::to_value(aggregates.expect("they are sent")).expect("JSON");
    assert_eq!(told["attrs"], serde_json::json!({ "release": "shop@1.2.3", "environment": "test" }));
    let [minute] = &told["aggregates"].as_array().expect("a list")[..] else { panic!("one minute: {told}") };
    let started = minute["started"].as_str().expect("a time");
    assert!(started.ends_with(":00Z"), "by the minute: {started}");
    assert_eq!((&minute["exited"], &minute["errored"]), (&2.into(), &1.into()), "{told}");
}

/// It is the last there is: nobody asked for a flush.
#[test]
fn they_are_sent_when_the_service_is_dropped() {
    let reports = Reports::new();
    let app = reports.layered(app());
    call(&app, "/ok");
    drop(app);
    assert_eq!(sessions(&reports.envelopes()), [1, 0, 0]);
}
