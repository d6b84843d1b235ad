//! The endpoint for trying things out.

use std::{sync::Arc, time::Duration};

use axum::Router;
use sentry::{Envelope, Hub, protocol::EnvelopeItem, test::TestTransport};
use tower_telemetry::{
    Telemetry,
    sentry::{Sentry, Slow},
};

use super::support::{exchange, get, run};

fn telemetry(environment: &str) -> (Telemetry, Arc<TestTransport>) {
    let transport = TestTransport::new();
    let slow = Slow::after(Duration::from_millis(200));
    let builder =
        Telemetry::builder().environment(environment).and_then(|builder| builder.dsn("https://key@example.org/1"));
    let builder = builder.and_then(|builder| builder.traces_sample_rate(1.0)).expect("good values");
    let builder = builder.transport(transport.clone()).sentry(Sentry::new().slow(slow));
    let hub = Arc::new(Hub::new(None, Arc::default()));
    let telemetry = Hub::run(hub, || builder.build()).expect("nothing is wrong with it");
    (telemetry, transport)
}

/// The answer's status, or none if there was a panic, and what was sent.
fn try_out(app: &Router, transport: &TestTransport, query: &'static str) -> (Option<u16>, Vec<Envelope>) {
    let app = app.clone();
    let request = move || get(&format!("/debug/sentry{query}"));
    let answer = run(async { tokio::spawn(async move { exchange(&app, request()).await }).await });
    (answer.ok().map(|answer| answer.status().as_u16()), transport.fetch_and_clear_envelopes())
}

fn events(envelopes: &[Envelope]) -> Vec<String> {
    let title = |item: &EnvelopeItem| match item {
        EnvelopeItem::Event(event) => {
            let met = event.exception.last().map(|met| format!("{}: {}", met.ty, met.value.as_deref().unwrap_or("")));
            Some(format!("{} {}", event.level, met.or(event.message.clone()).unwrap_or_default()))
        }
        _ => None,
    };
    envelopes.iter().flat_map(Envelope::items).filter_map(title).collect()
}

#[test]
fn each_type_does_what_it_says() {
    let (telemetry, transport) = telemetry("development");
    let app = Router::new().merge(telemetry.debug_routes());
    let cases: [(&str, Option<u16>, &[&str]); 7] = [
        ("?type=error", Some(500), &["error Custom: a trial error, of the debug endpoint"]),
        ("?type=panic", None, &["fatal panic: a trial panic, of the debug endpoint"]),
        ("?type=message", Some(200), &["info a trial message, of the debug endpoint"]),
        ("?type=api_key", Some(200), &["info a trial message with the API key [token]"]),
        ("?type=slow", Some(200), &[]),
        ("?type=unknown", Some(400), &[]),
        ("", Some(400), &[]),
    ];
    for (query, status, wanted) in cases {
        let (answer, envelopes) = try_out(&app, &transport, query);
        assert_eq!(answer, status, "{query}");
        assert_eq!(events(&envelopes), wanted, "{query}");
        let mut wire = Vec::new();
        for envelope in &envelopes {
            envelope.to_writer(&mut wire).expect("it can be written");
        }
        let wire = String::from_utf8_lossy(&wire);
        assert!(!wire.contains("4eC39"), "{wire}");
        // A panic's stack trace takes its time.
        assert!(
            query == "?type=panic" || wire.contains(r#""slow":"true""#) == (query == "?type=slow"),
            "{query}: {wire}"
        );
        assert!(wire.contains(r#""transaction":"GET /debug/sentry""#), "{query}: {wire}");
    }
}

#[test]
fn it_is_there_in_development_only_and_only_when_merged() {
    for (environment, wanted) in [
        ("development", 400),
        ("Dev", 400),
        ("local", 400),
        ("test", 400),
        ("production", 404),
        ("staging", 404),
        ("development-eu", 404),
        ("prod", 404),
    ] {
        let (telemetry, transport) = telemetry(environment);
        let merged = Router::new().merge(telemetry.debug_routes());
        assert_eq!(try_out(&merged, &transport, "").0, Some(wanted), "{environment}");
        assert_eq!(try_out(&Router::new().merge(telemetry.routes()), &transport, "?type=panic").0, Some(404));
    }
}
