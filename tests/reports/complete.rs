//! All that is known of a request is in each of its events, whoever captured it, and in its transaction.

use axum::{Json, Router, body::Body, http::StatusCode, routing::post};
use http::Request;
use sentry::Level;
use serde_json::{Value, json as value};
use tower_telemetry_core::{HandlerError, RequestContext, User};
use tower_telemetry_sentry::Sentry;

use super::support::{PaymentError, Reports, exchange, json, run};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

async fn identify(cx: &RequestContext) {
    cx.set_user(User::new(7).with_username("ada"));
    cx.set_tag("tier", "gold");
    tokio::task::yield_now().await;
}

async fn fails(cx: RequestContext, _: Json<Value>) -> Result<(), HandlerError> {
    identify(&cx).await;
    Err(HandlerError::new(PaymentError::new()).with_status(StatusCode::BAD_GATEWAY))
}

async fn answers(cx: RequestContext, _: Json<Value>) -> StatusCode {
    identify(&cx).await;
    StatusCode::BAD_GATEWAY
}

async fn captures(cx: RequestContext, _: Json<Value>) -> StatusCode {
    identify(&cx).await;
    sentry::capture_message("the handler's own", Level::Error);
    StatusCode::BAD_GATEWAY
}

async fn panics(cx: RequestContext, _: Json<Value>) {
    identify(&cx).await;
    panic!("the handler was asked to");
}

fn request(path: &str) -> Request<Body> {
    Request::post(format!("http://ada:urlsecret@shop.example{path}?page=2&api_key=querysecret"))
        .header("sentry-trace", format!("{TRACE}-00f067aa0ba902b7-1"))
        .header("x-request-id", "request-1")
        .header("authorization", "Bearer authsecret")
        .header("cookie", "session=cookiesecret")
        .header("x-custom", "customsecret")
        .header("content-type", "application/json")
        .header("user-agent", "tests/1")
        .header("referer", "http://shop.example/?token=referersecret1")
        .body(Body::from(r#"{"item":"lamp","password":"bodysecret"}"#))
        .expect("a request")
}

/// What every one must have.
fn is_complete(name: &str, told: &Value) {
    let path = format!("/orders/{{id}}/{name}");
    for (pointer, wanted) in [
        ("/transaction", value!(format!("POST {path}"))),
        ("/tags/request_path", value!(path)),
        ("/tags/request_method", value!("POST")),
        ("/tags/request_id", value!("request-1")),
        ("/tags/tier", value!("gold")),
        ("/user", value!({ "id": "7", "username": "ada" })),
        ("/release", value!("shop@1.2.3")),
        ("/environment", value!("test")),
        ("/server_name", value!("host-1")),
        ("/contexts/trace/trace_id", value!(TRACE)),
    ] {
        assert_eq!(told.pointer(pointer), Some(&wanted), "{name}: {pointer} of {told:#}");
    }
    // A transaction shows what was asked for, an event how, too.
    let is_transaction = told["type"] == "transaction" || told.get("spans").is_some();
    let asked_for = if is_transaction {
        [
            ("/contexts/trace/data/http.request.method", "POST".to_owned()),
            ("/contexts/trace/data/url.path", format!("/orders/4711/{name}")),
            ("/request/query_string", "page=2&api_key=[Filtered]".to_owned()),
        ]
    } else {
        [
            ("/request/method", "POST".to_owned()),
            ("/request/url", format!("http://shop.example/orders/4711/{name}")),
            ("/request/query_string", "page=2&api_key=[Filtered]".to_owned()),
        ]
    };
    for (pointer, wanted) in asked_for {
        assert_eq!(told.pointer(pointer), Some(&value!(wanted)), "{name}: {pointer} of {told:#}");
    }
    for (header, value) in [("content-type", "application/json"), ("user-agent", "tests/1")] {
        let wanted = (!is_transaction).then_some(value);
        assert_eq!(told["request"]["headers"][header].as_str(), wanted, "{name}: {header} of {told:#}");
    }
    for absent in ["authorization", "cookie", "x-custom"] {
        assert!(told["request"]["headers"].get(absent).is_none(), "{name}: {absent}");
    }
    let text = told.to_string();
    assert!(!text.contains("secret"), "{name}: {told:#}");
}

#[test]
fn whatever_happened_and_whoever_tells() {
    for client in ["ours", "the service's own"] {
        let app = Router::new()
            .route("/orders/{id}/fails", post(fails))
            .route("/orders/{id}/answers", post(answers))
            .route("/orders/{id}/captures", post(captures))
            .route("/orders/{id}/panics", post(panics));
        for (name, level, status) in [
            ("fails", "error", Some(502)),
            ("answers", "error", Some(502)),
            ("captures", "error", None),
            ("panics", "fatal", None),
        ] {
            let reports = match client {
                "ours" => Reports::new(),
                _ => Reports::foreign(|options| {
                    options
                        .default_integrations(false)
                        .add_integration(sentry::integrations::panic::PanicIntegration::new())
                }),
            };
            let app = reports.layered_with(Sentry::new(), app.clone());
            let request = request(&format!("/orders/4711/{name}"));
            let _ = run(async { tokio::spawn(async move { exchange(&app, request).await }).await });
            let (transactions, events) = reports.take();
            let [event] = &events[..] else { panic!("{client}, {name}: one event, not {events:?}") };
            let told = json(event);
            is_complete(name, &told);
            assert_eq!(told["level"].as_str().unwrap_or("error"), level, "{name}");
            assert_eq!(told["contexts"]["response"]["status_code"].as_u64(), status, "{name}: {told:#}");
            let body: Value = serde_json::from_str(told["request"]["data"].as_str().unwrap_or_default()).expect("JSON");
            assert_eq!(body["item"], "lamp", "{name}: {told:#}");
            let [transaction] = &transactions[..] else { panic!("one transaction: {transactions:?}") };
            let told = serde_json::to_value(transaction).expect("it can be written");
            is_complete(name, &told);
            assert!(told["request"].get("data").is_none(), "{told:#}");
        }
    }
}
