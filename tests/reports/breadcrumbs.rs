//! Breadcrumbs of the request alone, if the service has sentry-tracing.

use std::sync::Arc;

use axum::{Router, http::StatusCode, routing::get as on_get};
use sentry::{Breadcrumb, protocol::Event};
use tokio::sync::Barrier;
use tower_telemetry_core::Observe;
use tower_telemetry_trace::Trace;
use tracing_subscriber::layer::SubscriberExt;

use super::support::{Reports, exchange, get, run};

fn crumbs<'e>(event: &'e Event<'_>) -> Vec<&'e str> {
    event.breadcrumbs.iter().filter_map(|crumb| crumb.message.as_deref()).collect()
}

#[tracing::instrument]
async fn loads(step: u32) {
    tracing::info!("{step}: asking");
    tokio::task::yield_now().await;
    tracing::info!("{step}: asked");
}

async fn steps() -> StatusCode {
    tracing::info!("begun");
    loads(1).await;
    sentry::add_breadcrumb(Breadcrumb { message: Some("by hand".into()), ..Breadcrumb::default() });
    loads(2).await;
    tracing::info!(token = "sk_live_4eC39HqLyjWDarjtT1zdp7dc", "paid by ada@example.com");
    StatusCode::INTERNAL_SERVER_ERROR
}

#[test]
fn all_of_the_request_in_order_and_scrubbed() {
    for span_layer in [false, true] {
        let reports = Reports::new();
        let spans = span_layer.then(sentry_tracing::SpanLayer::new);
        let subscriber = tracing_subscriber::registry().with(spans).with(sentry_tracing::BreadcrumbLayer::new());
        let _scoped = tracing::subscriber::set_default(subscriber);
        // As the service starts: on the client's hub, and on the thread's.
        reports.bound(|| tracing::info!("starting up"));
        let observer = (reports.observer(1.0), Trace::new());
        let app = Router::new().route("/", on_get(steps)).layer(observer.into_layer());
        for _ in 0..2 {
            run(exchange(&app, get("/")));
            let [event] = &reports.events()[..] else { panic!("one event") };
            let wanted = ["begun", "1: asking", "1: asked", "by hand", "2: asking", "2: asked", "paid by [email]"];
            assert_eq!(crumbs(event), wanted, "with spans: {span_layer}");
            assert!(!serde_json::to_string(event).expect("JSON").contains("4eC39"), "{event:?}");
        }
    }
}

/// Each waits for the other between its steps, on one thread.
#[test]
fn interleaved_requests_keep_theirs_apart() {
    for span_layer in [false, true] {
        let reports = Reports::new();
        let spans = span_layer.then(sentry_tracing::SpanLayer::new);
        let subscriber = tracing_subscriber::registry().with(spans).with(sentry_tracing::BreadcrumbLayer::new());
        let _scoped = tracing::subscriber::set_default(subscriber);
        let both = Arc::new(Barrier::new(2));
        let handler = move |axum::extract::Path(name): axum::extract::Path<String>| {
            let both = both.clone();
            async move {
                for step in 0..3 {
                    tracing::info!("{name} {step}");
                    both.wait().await;
                }
                StatusCode::INTERNAL_SERVER_ERROR
            }
        };
        let observer = (reports.observer(1.0), Trace::new());
        let app = Router::new().route("/{name}", on_get(handler)).layer(observer.into_layer());
        run(async { tokio::join!(exchange(&app, get("/left")), exchange(&app, get("/right"))) });
        let mut seen: Vec<_> = reports.events().iter().map(|event| crumbs(event).join(", ")).collect();
        seen.sort();
        assert_eq!(seen, ["left 0, left 1, left 2", "right 0, right 1, right 2"], "with spans: {span_layer}");
    }
}

#[test]
fn the_last_of_too_many_and_none_if_none_are_wanted() {
    for (max, wanted) in [(3, vec!["7", "8", "9"]), (0, vec![])] {
        let reports = Reports::of(|options| options.max_breadcrumbs(max));
        let handler = || async {
            for n in 0..10 {
                sentry::add_breadcrumb(Breadcrumb { message: Some(n.to_string()), ..Breadcrumb::default() });
            }
            StatusCode::INTERNAL_SERVER_ERROR
        };
        run(exchange(&reports.layered(Router::new().route("/", on_get(handler))), get("/")));
        assert_eq!(crumbs(&reports.events()[0]), wanted);
    }
}

#[test]
fn the_services_own_callback_is_asked_first() {
    let reports = Reports::of(|options| {
        options.before_breadcrumb(|crumb: Breadcrumb| (crumb.message.as_deref() != Some("noise")).then_some(crumb))
    });
    let handler = || async {
        for message in ["noise", "news"] {
            sentry::add_breadcrumb(Breadcrumb { message: Some(message.into()), ..Breadcrumb::default() });
        }
        StatusCode::INTERNAL_SERVER_ERROR
    };
    run(exchange(&reports.layered(Router::new().route("/", on_get(handler))), get("/")));
    assert_eq!(crumbs(&reports.events()[0]), ["news"]);
}

/// Its hub keeps them then: those of start-up are left out all the same.
#[test]
fn beside_a_client_of_the_services_own() {
    let reports = Reports::foreign(|options| options);
    let add = |message: &str| {
        sentry::add_breadcrumb(Breadcrumb { message: Some(message.into()), ..Breadcrumb::default() });
    };
    reports.bound(|| add("starting up"));
    std::thread::sleep(std::time::Duration::from_millis(2));
    let handler = move || async move {
        add("of the request");
        StatusCode::INTERNAL_SERVER_ERROR
    };
    let app = reports.layered(Router::new().route("/", on_get(handler)));
    for _ in 0..2 {
        run(exchange(&app, get("/")));
        assert_eq!(crumbs(&reports.events()[0]), ["of the request"]);
    }
}
