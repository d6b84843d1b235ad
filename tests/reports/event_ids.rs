//! The event's id for the caller, if asked.

use axum::{
    Router,
    body::Body,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get as on_get, post},
};
use http::Request;
use sentry::Level;
use tower_http::catch_panic::CatchPanicLayer;
use tower_telemetry_core::{HandlerError, RequestContext};
use tower_telemetry_sentry::{ErrorLimit, EventId, Sentry};

use super::support::{PaymentError, Reports, exchange, run};

const HEADER: &str = "x-sentry-event-id";

async fn fails() -> HandlerError {
    HandlerError::new(PaymentError::new())
}

async fn captures() -> StatusCode {
    sentry::capture_message("the handler's own", Level::Error);
    StatusCode::INTERNAL_SERVER_ERROR
}

async fn captures_and_fails() -> HandlerError {
    let error = PaymentError::new();
    sentry::capture_error(&error);
    HandlerError::new(error)
}

async fn panics() {
    panic!("the handler was asked to");
}

async fn grpc(cx: RequestContext) -> Response {
    cx.set_error(PaymentError::new());
    tonic::Status::internal("for the caller").into_http::<Body>().into_response()
}

fn app() -> Router {
    Router::new()
        .route("/fails", on_get(fails))
        .route("/status", on_get(|| async { StatusCode::SERVICE_UNAVAILABLE }))
        .route("/captures", on_get(captures))
        .route("/both", on_get(captures_and_fails))
        .route("/caught", on_get(panics).layer(CatchPanicLayer::new()))
        .route("/not-found", on_get(|| async { StatusCode::NOT_FOUND }))
        .route(
            "/well",
            on_get(|| async {
                let _ = sentry::capture_message("all is well", Level::Error);
            }),
        )
        .route("/ok", on_get(|| async {}))
        .route("/shop.Orders/{method}", post(grpc))
}

/// The id that the caller is told, and those of the events.
fn told(reports: &Reports, app: &Router, path: &str) -> (Option<String>, Vec<String>) {
    let request = match path {
        "/shop.Orders/Pay" => Request::post(path).header("content-type", "application/grpc").body(Body::empty()),
        _ => Request::get(path).body(Body::empty()),
    };
    let response = run(exchange(app, request.expect("a request")));
    let told = response.headers().get(HEADER).map(|id| id.to_str().expect("visible").to_owned());
    (told, reports.events().iter().map(|event| event.event_id.simple().to_string()).collect())
}

#[test]
fn error_responses_tell_the_id_of_their_one_event() {
    let reports = Reports::new();
    let app = reports.layered_with(Sentry::new().event_id(EventId::Told), app());
    for path in ["/fails", "/status", "/captures", "/both", "/caught", "/shop.Orders/Pay"] {
        let (told, sent) = told(&reports, &app, path);
        assert_eq!(sent.len(), 1, "{path}");
        assert_eq!(told.as_ref(), sent.first(), "{path}");
    }
    for path in ["/ok", "/not-found", "/nowhere", "/well"] {
        assert_eq!(told(&reports, &app, path).0, None, "{path}");
    }
}

#[test]
fn nobody_is_told_unless_asked() {
    let reports = Reports::new();
    let app = reports.layered(app());
    for path in ["/fails", "/status", "/captures"] {
        let (told, sent) = told(&reports, &app, path);
        assert_eq!((told, sent.len()), (None, 1), "{path}");
    }
}

/// An id that support cannot find is worse than none.
#[test]
fn of_an_event_that_is_not_sent_there_is_no_id() {
    let asked = Sentry::new().event_id(EventId::Told);
    for path in ["/fails", "/status", "/captures", "/both", "/caught"] {
        let dropping = Reports::of(|options| options.before_send(|_| None));
        let app = dropping.layered_with(asked.clone(), app());
        assert_eq!(told(&dropping, &app, path), (None, vec![]), "{path}, dropped by before_send");

        let unlucky = Reports::of(|options| options.sample_rate(0.0));
        let app = unlucky.layered_with(asked.clone(), self::app());
        assert_eq!(told(&unlucky, &app, path), (None, vec![]), "{path}, not sampled");

        let limited = Reports::new();
        let app = limited.layered_with(asked.clone().limit(ErrorLimit::per_minute(1)), self::app());
        let (first, sent) = told(&limited, &app, path);
        assert_eq!((first.as_ref(), sent.len()), (sent.first(), 1), "{path}, the first");
        assert_eq!(told(&limited, &app, path), (None, vec![]), "{path}, over the limit");
    }
}
