//! The whole of it: a service behind the layer, whose handlers say too much.

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use axum::{Router, body::Body, routing::get};
use http::{Request, StatusCode};
use sentry::{
    Hub, User,
    protocol::{Breadcrumb, Context},
    test::TestTransport,
};
use tower::ServiceExt;
use tower_telemetry::{Builder, Pii, RequestContext, Telemetry, scrub::Scrub};

use super::support::{SECRET, wire};

const EMAIL: &str = "ada@example.com";

fn builder() -> (Builder, Arc<TestTransport>) {
    let transport = TestTransport::new();
    let builder = Telemetry::builder()
        .dsn("https://public@sentry.example/1")
        .and_then(|builder| builder.traces_sample_rate(1.0))
        .expect("good values")
        .transport(transport.clone());
    (builder, transport)
}

/// A handler that tells the SDK all that it knows, and then fails.
async fn tell(cx: RequestContext) -> StatusCode {
    sentry::configure_scope(|scope| {
        scope.set_tag("password", SECRET);
        scope.set_extra("order", serde_json::json!({ "password": SECRET, "buyer": EMAIL }));
        scope.set_context("login", Context::Other([("password".to_owned(), SECRET.into())].into()));
        scope.set_user(Some(User { id: Some("7".into()), email: Some(EMAIL.into()), ..User::default() }));
    });
    sentry::add_breadcrumb(Breadcrumb {
        message: Some(format!("login as {EMAIL}")),
        data: [("password".to_owned(), SECRET.into())].into(),
        ..Breadcrumb::default()
    });
    cx.set_error(io::Error::other(format!("{EMAIL} is unknown")));
    StatusCode::INTERNAL_SERVER_ERROR
}

/// What has left for Sentry when the handler has said what it can, and another one has panicked.
fn sent(builder: Builder, transport: &TestTransport) -> String {
    let telemetry = builder.build().expect("good values");
    let panics = async || -> StatusCode { panic!("no seat for {EMAIL}") };
    let app = Router::new().route("/tell", get(tell)).route("/panic", get(panics)).layer(telemetry.layer());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    for path in ["/tell", "/panic"] {
        let request = Request::get(path).body(Body::empty()).expect("a request");
        let response = catch_unwind(AssertUnwindSafe(|| runtime.block_on(app.clone().oneshot(request))));
        assert_eq!(response.is_err(), path == "/panic");
    }
    let sent: String = transport.fetch_and_clear_envelopes().iter().map(wire).collect();
    // Of this test's thread.
    Hub::current().bind_client(None);
    for kind in [r#""type":"event""#, r#""type":"transaction""#] {
        assert!(sent.contains(kind), "{sent}");
    }
    assert!(sent.contains("no seat for") && sent.contains("is unknown"), "{sent}");
    sent
}

#[test]
fn what_a_handler_says_is_scrubbed() {
    let (builder, transport) = builder();
    let sent = sent(builder, &transport);
    assert!(!sent.contains(SECRET), "{sent}");
    assert!(sent.contains("[Filtered]") && sent.contains(r#""id":"7""#) && !sent.contains(r#""email""#), "{sent}");
}

#[test]
fn what_a_handler_says_is_searched() {
    let (builder, transport) = builder();
    let sent = sent(builder, &transport);
    assert!(!sent.contains(EMAIL) && sent.contains("[email] is unknown"), "{sent}");
}

#[test]
fn personal_data_leaves_if_that_is_said_whatever_the_order() {
    let (builder, transport) = builder();
    let sent = sent(builder.pii(Pii::Sent).scrub(Scrub::standard()), &transport);
    assert!(sent.contains(&format!("{EMAIL} is unknown")) && sent.contains(r#""email":"ada"#), "{sent}");
}

#[test]
fn health_says_what_is_scrubbed() {
    let (builder, _transport) = builder();
    let says = |builder: Builder| {
        let telemetry = builder.build().expect("good values");
        let health: serde_json::Value = serde_json::from_str(&telemetry.health()).expect("JSON");
        let scrubbing = &health["monitoring"]["scrubbing"];
        format!("{} {}", scrubbing["state"], scrubbing["why"]).replace('"', "")
    };
    assert_eq!(says(builder.clone()), "on by the standard rules, personal data withheld");
    let own = builder.scrub(Scrub::strict()).pii(Pii::Sent);
    assert_eq!(says(own), "on by the rules that are set, personal data sent");
}
