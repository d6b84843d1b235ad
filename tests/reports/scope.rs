use std::sync::Arc;

use axum::{Router, body::Body, http::StatusCode, routing::get as on_get};
use sentry::{Hub, Level};
use tower_telemetry_core::Observe;
use tower_telemetry_trace::Trace;
use tracing_subscriber::layer::SubscriberExt;

use super::support::{Reports, exchange, get, run};

#[test]
fn what_a_handler_captures_belongs_to_its_request() {
    let reports = Reports::new();
    let handler = || async {
        sentry::configure_scope(|scope| scope.set_tag("basket", 7));
        tokio::task::yield_now().await;
        sentry::capture_message("running low", Level::Warning);
    };
    let app = reports.layered(Router::new().route("/low", on_get(handler)).route("/other", on_get(|| async {})));
    run(async {
        exchange(&app, get("/low")).await;
        exchange(&app, get("/other")).await;
    });
    let (transactions, events) = reports.take();
    let [event] = &events[..] else { panic!("one event") };
    assert_eq!((event.message.as_deref(), event.transaction.as_deref()), (Some("running low"), Some("GET /low")));
    assert_eq!(event.tags.get("basket").map(String::as_str), Some("7"));
    assert_eq!(transactions[0].tags.get("basket").map(String::as_str), Some("7"));
    assert_eq!(transactions[1].tags.get("basket"), None, "nothing passes to the next request");
}

#[test]
fn spans_of_sentry_tracing_hang_below_the_one_transaction() {
    // Rate, transactions, spans below them.
    for (rate, transactions, spans) in [(1.0, 1, 2), (0.0, 0, 0)] {
        let reports = Reports::new();
        let subscriber = tracing_subscriber::registry().with(sentry_tracing::SpanLayer::new());
        let _scoped = tracing::subscriber::set_default(subscriber);
        let handler = || async {
            let span = tracing::info_span!("load the order");
            tracing::Instrument::instrument(tokio::task::yield_now(), span).await;
        };
        let observer = (reports.observer(rate), Trace::new());
        let app = Router::new().route("/", on_get(handler)).layer(observer.into_layer());
        run(exchange(&app, get("/")));
        let sent = reports.transactions();
        assert_eq!(sent.len(), transactions, "at a rate of {rate}: {sent:?}");
        let below: usize = sent.iter().map(|transaction| transaction.spans.len()).sum();
        assert_eq!(below, spans, "at a rate of {rate}");
    }
}

#[test]
fn the_access_log_makes_no_second_event() {
    let reports = Reports::new();
    let subscriber = tracing_subscriber::registry().with(sentry_tracing::ErrorLayer::new());
    let _scoped = tracing::subscriber::set_default(subscriber);
    let fails = || async {
        tracing::error!("the handler's own");
        StatusCode::INTERNAL_SERVER_ERROR
    };
    let app = Router::new().route("/", on_get(fails)).layer((reports.observer(1.0), Trace::new()).into_layer());
    run(exchange(&app, get("/")));
    let messages: Vec<_> = reports.events().into_iter().filter_map(|event| event.message).collect();
    assert_eq!(messages, ["the handler's own"]);
}

#[test]
fn the_current_hub_counts_if_it_leads_anywhere_and_else_the_fallback() {
    let (current, fallback) = (Reports::new(), Reports::new());
    let app = fallback.layered(Router::new().route("/", on_get(|| async {})));
    let on_hub = |client: Option<&Reports>| {
        let hub = Hub::new(client.map(|reports| reports.client.clone()), Arc::default());
        Hub::run(Arc::new(hub), || run(exchange(&app, get("/"))));
        (current.transactions().len(), fallback.transactions().len())
    };
    assert_eq!(on_hub(Some(&current)), (1, 0));
    // As on a thread that used its hub before the client was bound.
    assert_eq!(on_hub(None), (0, 1));
    current.client.close(None);
    assert_eq!(on_hub(Some(&current)), (0, 1));
}

#[test]
fn nothing_of_a_request_outlives_it() {
    let reports = Reports::new();
    let hubs = Arc::new(std::sync::Mutex::new(Vec::new()));
    let seen = hubs.clone();
    let handler = move || {
        let seen = seen.clone();
        async move { seen.lock().expect("no panic").push(Arc::downgrade(&Hub::current())) }
    };
    let app = reports.layered(Router::new().route("/", on_get(handler)));
    run(async {
        for _ in 0..100 {
            exchange(&app, get("/")).await;
        }
        // One that is given up midway, too.
        let pending = tower::ServiceExt::oneshot(app.clone(), get("/"));
        drop(pending);
    });
    let hubs = hubs.lock().expect("no panic");
    assert_eq!(hubs.len(), 100);
    assert!(hubs.iter().all(|hub| hub.upgrade().is_none()));
    assert_eq!(Hub::current().client().map(|client| client.is_enabled()), None, "the thread's own hub is back");
}

#[test]
fn without_an_enabled_client_the_request_is_untouched() {
    let reports = Reports::new();
    reports.client.close(None);
    let handler = || async { Hub::current().client().is_none().to_string() };
    let app = reports.layered(Router::new().route("/", on_get(handler)));
    let response = run(exchange(&app, http::Request::new(Body::empty())));
    assert_eq!(response.status(), StatusCode::OK);
    assert!(reports.envelopes().is_empty());
}
