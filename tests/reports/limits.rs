//! The first so many of equal errors.

use std::io;

use axum::{Router, extract::Path, http::StatusCode, routing::get as on_get};
use metrics_util::debugging::{DebugValue, DebuggingRecorder};
use tower_telemetry_core::HandlerError;
use tower_telemetry_sentry::{ErrorLimit, ITEMS_DROPPED, Sentry, Slow};

use super::support::{PaymentError, Reports, exchange, get, run};

async fn payment() -> HandlerError {
    HandlerError::new(PaymentError::new())
}

async fn numbered(Path(n): Path<u32>) -> HandlerError {
    HandlerError::new(io::Error::other(format!("order {n} of 0x{n:08x} is gone")))
}

async fn named(Path(name): Path<String>) -> HandlerError {
    HandlerError::new(io::Error::other(name))
}

async fn panics(Path(which): Path<u32>) {
    match which {
        0 => panic!("here"),
        _ => panic!("there"),
    }
}

fn app() -> Router {
    Router::new()
        .route("/payment", on_get(payment))
        .route("/elsewhere", on_get(payment))
        .route("/numbered/{n}", on_get(numbered))
        .route("/named/{name}", on_get(named))
        .route("/panics/{which}", on_get(panics))
        .route("/status/{id}", on_get(|| async { StatusCode::SERVICE_UNAVAILABLE }))
        .route("/ok", on_get(|| async {}))
}

fn sent(reports: &Reports, app: &Router, paths: &[&str]) -> usize {
    for path in paths {
        let (app, request) = (app.clone(), get(path));
        let _ = run(async { tokio::spawn(async move { exchange(&app, request).await }).await });
    }
    reports.events().len()
}

#[test]
fn what_is_equal() {
    let cases: [(&str, &[&str], usize); 6] = [
        ("one error", &["/payment"; 5], 2),
        ("at another endpoint", &["/payment", "/payment", "/payment", "/elsewhere"], 3),
        ("with other numbers", &["/numbered/1", "/numbered/2", "/numbered/3", "/numbered/4"], 2),
        ("with other words", &["/named/a", "/named/b", "/named/c", "/named/a", "/named/a"], 4),
        ("an answer alone", &["/status/1", "/status/2", "/status/3"], 2),
        ("panics by their line", &["/panics/0", "/panics/0", "/panics/0", "/panics/1"], 3),
    ];
    for (name, paths, wanted) in cases {
        let reports = Reports::new();
        let app = reports.layered_with(Sentry::new().limit(ErrorLimit::per_minute(2)), app());
        assert_eq!(sent(&reports, &app, paths), wanted, "{name}");
        assert_eq!(sent(&reports, &app, &["/ok"]), 0);
    }
}

/// Nothing takes the place of what is left out.
#[test]
fn at_least_one_and_by_default_all() {
    for (sentry, wanted) in [
        (Sentry::new(), 10),
        (Sentry::new().limit(ErrorLimit::per_minute(0)), 1),
        (Sentry::new().limit(ErrorLimit::per_minute(7)), 7),
    ] {
        for path in ["/payment", "/panics/0", "/status/7"] {
            let reports = Reports::new();
            let app = reports.layered_with(sentry.clone(), app());
            assert_eq!(sent(&reports, &app, &[path; 10]), wanted, "{path}");
        }
    }
}

/// One for all services that a layer is around, and for slow ones too.
#[test]
fn clones_share_it() {
    let reports = Reports::new();
    let sentry = Sentry::new().limit(ErrorLimit::per_minute(3)).slow(Slow::after(std::time::Duration::ZERO).reported());
    let apps = [0, 1].map(|_| reports.layered_with(sentry.clone(), app()));
    assert_eq!(apps.iter().map(|app| sent(&reports, app, &["/ok"; 4])).sum::<usize>(), 3);
}

#[test]
fn what_is_left_out_is_counted() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    metrics::with_local_recorder(&recorder, || {
        let reports = Reports::new();
        let app = reports.layered_with(Sentry::new().limit(ErrorLimit::per_minute(2)), app());
        for _ in 0..5 {
            run(exchange(&app, get("/payment")));
        }
    });
    let counted = snapshotter.snapshot().into_vec().into_iter().find_map(|(key, _, _, value)| {
        let labels: Vec<_> = key.key().labels().map(|label| label.value().to_owned()).collect();
        (key.key().name() == ITEMS_DROPPED && labels.contains(&"equal_errors".to_owned())).then_some(value)
    });
    assert_eq!(counted, Some(DebugValue::Counter(3)));
}
