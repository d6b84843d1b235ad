//! One defect is one issue.

use std::{io, sync::Arc};

use axum::{Router, http::StatusCode, routing::get as on_get};
use sentry::{Hub, Level, protocol::Event};
use tower_telemetry_core::HandlerError;
use tower_telemetry_sentry::{Grouping, Sentry};

use super::support::{PaymentError, Reports, exchange, get, run};

async fn status() -> StatusCode {
    StatusCode::SERVICE_UNAVAILABLE
}

async fn payment() -> HandlerError {
    HandlerError::new(PaymentError::new())
}

async fn io_error() -> HandlerError {
    HandlerError::new(io::Error::other("down"))
}

async fn message() {
    sentry::capture_message("only that", Level::Error);
}

async fn own() -> HandlerError {
    sentry::configure_scope(|scope| scope.set_fingerprint(Some(&["the", "service's"])));
    HandlerError::new(PaymentError::new())
}

async fn own_event() {
    let fingerprint = vec!["{{ default }}".into(), "shop 7".into()].into();
    sentry::capture_event(Event { message: Some("own".into()), fingerprint, ..Event::default() });
}

fn fingerprints(grouping: Grouping) -> Vec<String> {
    let reports = Reports::new();
    let app = Router::new()
        .route("/status/{id}", on_get(status))
        .route("/payment/{id}", on_get(payment))
        .route("/io/{id}", on_get(io_error))
        .route("/message/{id}", on_get(message))
        .route("/own/{id}", on_get(own))
        .route("/own-event/{id}", on_get(own_event));
    let app = reports.layered_with(Sentry::new().grouping(grouping), app);
    let paths = ["/status/1", "/status/2", "/payment/1", "/io/1", "/message/1", "/own/1", "/own-event/1"];
    let fingerprint = |path: &str| {
        run(exchange(&app, get(path)));
        let [event] = &reports.events()[..] else { panic!("one event of {path}") };
        event.fingerprint.join(" | ")
    };
    paths.into_iter().map(fingerprint).collect()
}

const ANSWERS: [&str; 2] = ["/status/{id} | 503", "/status/{id} | 503"];
const OWN: [&str; 2] = ["the | service's", "{{ default }} | shop 7"];
const DEFAULT: &str = "{{ default }}";

#[test]
fn by_the_rules() {
    let by = Grouping::by(|event, endpoint| {
        let met = event.exception.last()?;
        (met.ty == "PaymentError").then(|| vec![DEFAULT.into(), endpoint.expect("there is one").to_string().into()])
    });
    let cases = [
        ("Sentry's own", Grouping::default(), [DEFAULT, DEFAULT]),
        ("by type", Grouping::by_error_type(), ["PaymentError", "Custom"]),
        ("by one's own", by, ["{{ default }} | /payment/{id}", DEFAULT]),
        ("by nothing", Grouping::by(|_, _| Some(vec![])), [DEFAULT, DEFAULT]),
        ("by none", Grouping::by(|_, _| None), [DEFAULT, DEFAULT]),
    ];
    for (name, grouping, errors) in cases {
        let wanted = [&ANSWERS[..], &errors[..], &[DEFAULT], &OWN[..]].concat();
        assert_eq!(fingerprints(grouping), wanted, "{name}");
    }
}

/// It can neither hold the request up nor bring it down, nor report itself for ever.
#[test]
fn a_function_that_does_what_it_should_not() {
    let wild: [(&str, Grouping); 3] = [
        ("panics", Grouping::by(|_, _| panic!("the service's own mistake"))),
        (
            "captures",
            Grouping::by(|event, _| {
                sentry::capture_event(event.clone());
                sentry::configure_scope(|scope| scope.set_tag("by", "grouping"));
                None
            }),
        ),
        (
            "switches hubs",
            Grouping::by(|_, _| Hub::run(Arc::new(Hub::new_from_top(Hub::current())), || Some(vec!["one".into()]))),
        ),
    ];
    for (name, grouping) in wild {
        let reports = Reports::new();
        let app = Router::new().route("/payment/{id}", on_get(payment));
        let app = reports.layered_with(Sentry::new().grouping(grouping), app);
        assert_eq!(run(exchange(&app, get("/payment/1"))).status(), 500, "{name}");
        let (transactions, events) = reports.take();
        assert_eq!((transactions.len(), events.len()), (1, 1), "{name}: {events:?}");
        let wanted = if name == "switches hubs" { "one" } else { DEFAULT };
        assert_eq!(*events[0].fingerprint, [wanted], "{name}");
        assert!(!events[0].tags.contains_key("by"), "{name}");
    }
}
