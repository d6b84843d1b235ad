//! Which answers are errors.

use axum::{Router, body::Body, http::StatusCode, response::IntoResponse, routing::get as on_get};
use http::Request;
use sentry::Level;
use tower_telemetry_core::{GrpcStatus, RequestContext};
use tower_telemetry_sentry::{Sentry, Statuses};

use super::support::{PaymentError, Reports, chain, exchange, get, payment_chain, run};

/// Answers with the status that the path says.
fn app() -> Router {
    async fn answer(axum::extract::Path(status): axum::extract::Path<u16>) -> StatusCode {
        StatusCode::from_u16(status).expect("a status")
    }
    Router::new().route("/a/{status}", on_get(answer)).route("/b/{status}", on_get(answer))
}

/// Which of these statuses make an event, at an endpoint.
fn errors(sentry: &Sentry, endpoint: &str, statuses: &[u16]) -> Vec<u16> {
    let reports = Reports::new();
    let app = reports.layered_with(sentry.clone(), app());
    let makes_one = |status: &&u16| {
        run(exchange(&app, get(&format!("/{endpoint}/{status}"))));
        let events = reports.events();
        assert!(events.len() < 2, "{status}: {events:?}");
        events.len() == 1
    };
    statuses.iter().filter(makes_one).copied().collect()
}

const SOME: [u16; 14] = [200, 204, 302, 400, 403, 404, 408, 422, 429, 499, 500, 503, 504, 599];

#[test]
fn ranges_and_single_ones() {
    let none = Statuses::none();
    let cases: [(&str, Statuses, &[u16]); 7] = [
        ("the default", Statuses::default(), &[500, 503, 504, 599]),
        ("none", none, &[]),
        ("404 too", Statuses::default().with(404..=404), &[404, 500, 503, 504, 599]),
        ("all but one", Statuses::default().without(503..=503), &[500, 504, 599]),
        ("a range", none.with(400..=499), &[400, 403, 404, 408, 422, 429, 499]),
        ("a range with a hole", none.with(400..=499).without(403..=404), &[400, 408, 422, 429, 499]),
        ("all there are", none.with(0..=u16::MAX), &SOME),
    ];
    for (name, statuses, wanted) in cases {
        assert_eq!(errors(&Sentry::new().error_statuses(statuses), "a", &SOME), wanted, "{name}");
    }
}

#[test]
fn by_endpoint_the_first_pattern_counts_whatever_the_order_of_calls() {
    let at = [("GET /a/{status}", Statuses::none().with(404..=404)), ("/a/**", Statuses::none())];
    let base = Statuses::none().with(429..=429);
    let orders = [
        Sentry::new().error_statuses(base).error_statuses_at(at),
        Sentry::new().error_statuses_at(at).map(|sentry| sentry.error_statuses(base)),
    ];
    for sentry in orders {
        let sentry = sentry.expect("the patterns are good");
        assert_eq!(errors(&sentry, "a", &SOME), [404]);
        assert_eq!(errors(&sentry, "b", &SOME), [429]);
    }
    let error = Sentry::new().error_statuses_at([("GET users", Statuses::none())]).expect_err("it is no pattern");
    assert!(error.to_string().contains("users"), "{error}");
}

#[test]
fn what_is_the_callers_fault_is_a_warning() {
    let reports = Reports::new();
    let sentry = Sentry::new().error_statuses(Statuses::default().with(404..=404));
    let fails = |cx: RequestContext| async move {
        cx.set_error(PaymentError::new());
        StatusCode::NOT_FOUND
    };
    let app = reports.layered_with(sentry, app().route("/c", on_get(fails)));
    for (path, message) in [("/a/404", Some("404 Not Found")), ("/c", None)] {
        run(exchange(&app, get(path)));
        let [event] = &reports.events()[..] else { panic!("one event of {path}") };
        assert_eq!((event.message.as_deref(), event.level), (message, Level::Warning), "{path}");
        assert_eq!(chain(event), if path == "/c" { payment_chain() } else { vec![] }, "{path}");
    }
}

#[test]
fn grpc_codes_and_not_the_http_status() {
    let failures = ["UNKNOWN", "DEADLINE_EXCEEDED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS"];
    let cases: [(Statuses, &[&str]); 3] = [
        (Statuses::default(), &failures),
        (Statuses::default().with_grpc(GrpcStatus::NOT_FOUND), &[&failures[..], &["NOT_FOUND"]].concat()),
        (Statuses::default().without_grpc(GrpcStatus::INTERNAL).without(0..=999), &{
            let mut failures = failures.to_vec();
            failures.retain(|name| *name != "INTERNAL");
            failures
        }),
    ];
    for (statuses, wanted) in cases {
        for status in GrpcStatus::all() {
            let reports = Reports::new();
            let code = status.code().to_string();
            let answer = move || async move {
                let headers =
                    [("content-type", "application/grpc"), ("grpc-status", &*code), ("grpc-message", "no%20luck")];
                headers.map(|(name, value)| (name, value.to_owned())).into_response()
            };
            let router = Router::new().route("/shop.Orders/{method}", axum::routing::post(answer));
            let app = reports.layered_with(Sentry::new().error_statuses(statuses), router);
            let request = Request::post("/shop.Orders/Pay").header("content-type", "application/grpc");
            run(exchange(&app, request.body(Body::empty()).expect("a request")));
            let events = reports.events();
            assert_eq!(events.len(), usize::from(wanted.contains(&status.name())), "{status}");
            let Some(event) = events.first() else { continue };
            assert_eq!(event.message.as_deref(), Some(&*format!("{status}: no luck")));
            let level = if status.is_server_failure() { Level::Error } else { Level::Warning };
            assert_eq!(event.level, level, "{status}");
            assert_eq!(*event.fingerprint, ["shop.Orders/Pay", status.name()]);
        }
    }
}

/// With its error it is the handler's, and without it the caller's, who has asked for what there is not.
#[test]
fn unimplemented_counts_with_an_error_behind_it() {
    let handler = |cx: RequestContext| async move {
        cx.set_error(PaymentError::new());
        [("content-type", "application/grpc"), ("grpc-status", "12")].into_response()
    };
    let router = Router::new().route("/shop.Orders/Pay", axum::routing::post(handler));
    let reports = Reports::new();
    let app = reports.layered(tonic::service::Routes::from(router).into_axum_router());
    for (path, wanted) in [("/shop.Orders/Pay", 1), ("/shop.Orders/None", 0)] {
        let request = Request::post(path).header("content-type", "application/grpc").body(Body::empty());
        run(exchange(&app, request.expect("a request")));
        assert_eq!(reports.events().len(), wanted, "{path}");
    }
}
