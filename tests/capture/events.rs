//! What Sentry's events show of the bodies.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, Bytes},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::post as on_post,
};
use http::{HeaderValue, Request};
use http_body_util::BodyExt;
use sentry::{Hub, protocol::Request as Shown, test::TestTransport};
use tower_telemetry::Telemetry;
use tower_telemetry_core::{Capture, Observe, RequestContext, ResponseError};
use tower_telemetry_sentry::Sentry;

use super::fixtures::{Asking, Reports, chunks, exchange, post, response_data};

const JSON: Option<&str> = Some("application/json");

const ORDER: &str = r#"{"item":"lamp","count":2}"#;

fn failed() -> Response {
    let mut response = (StatusCode::INTERNAL_SERVER_ERROR, "no lamps").into_response();
    response.extensions_mut().insert(ResponseError::new("out of lamps"));
    response
}

/// It reads its request's body, and fails.
fn failing(sentry: Sentry) -> Router {
    Router::new().route("/", on_post(|_: Bytes| async { failed() })).layer(sentry.into_layer())
}

#[tokio::test]
async fn an_error_shows_the_body_and_a_transaction_does_not() {
    let reports = Reports::new();
    exchange(&failing(reports.observer()), post(JSON, ORDER)).await;
    let (transactions, events) = reports.take();
    let data = |request: &Option<Shown>| request.as_ref().expect("a request").data.clone();
    assert_eq!(events.iter().map(|event| data(&event.request)).collect::<Vec<_>>(), [Some(ORDER.into())]);
    assert_eq!(transactions.iter().map(|transaction| &transaction.request).collect::<Vec<_>>(), [&None]);
}

#[tokio::test]
async fn what_is_too_large_or_no_text_is_shown_by_its_type_and_size() {
    // No run of characters that could be a key.
    let text = |len: usize| "lamps and ".repeat(len.div_ceil(10))[..len].to_owned();
    let encoded = {
        let mut request = post(JSON, "hello");
        request.headers_mut().insert("content-encoding", HeaderValue::from_static("gzip"));
        request
    };
    let cases = [
        (post(JSON, text(10_000)), Some(text(10_000))),
        (post(JSON, text(10_001)), Some("[application/json, 10001 bytes]".into())),
        (post(JSON, chunks([text(10_000)])), Some(text(10_000))),
        (post(JSON, chunks([text(10_000), text(1)])), Some("[application/json, 10001 bytes]".into())),
        (post(Some("image/png"), "hello"), Some("[image/png, 5 bytes]".into())),
        (post(Some("image/png; name=s3cr3t"), chunks(["hello"])), Some("[image/png, 5 bytes]".into())),
        (post(Some("image/<s3cr3t>"), "hello"), Some("[5 bytes]".into())),
        (post(None, text(10_001)), Some("[10001 bytes]".into())),
        (encoded, Some("[application/json, 5 bytes]".into())),
        (post(JSON, ""), None),
        (post(JSON, chunks::<&str>([])), None),
    ];
    for (n, (request, expected)) in cases.into_iter().enumerate() {
        let reports = Reports::new();
        exchange(&failing(reports.observer()), request).await;
        assert_eq!(reports.request_data(), [expected], "{n}");
    }
}

#[tokio::test]
async fn a_handler_that_does_not_read_it_all_shows_what_it_read() {
    let handler = |read: usize| {
        move |request: Request<Body>| async move {
            let mut body = request.into_body();
            for _ in 0..read {
                body.frame().await;
            }
            failed()
        }
    };
    let frames = || chunks([r#"{"item":"#, r#""lamp"}"#]);
    let cases = [
        (0, post(JSON, ORDER), "[application/json, 25 bytes, unread]"),
        (0, post(JSON, frames()), "[application/json, unread]"),
        (0, post(None, frames()), "[unread]"),
        (0, post(JSON, "lamp ".repeat(2_001)), "[application/json, 10005 bytes, unread]"),
        (1, post(JSON, frames()), r#"{"item":"#),
        (2, post(JSON, frames()), r#"{"item":"lamp"}"#),
        (1, post(Some("image/png"), frames()), "[image/png, at least 8 bytes]"),
    ];
    for (read, request, expected) in cases {
        let reports = Reports::new();
        let app = Router::new().route("/", on_post(handler(read))).layer(reports.observer().into_layer());
        exchange(&app, request).await;
        assert_eq!(reports.request_data(), [Some(expected.into())]);
    }
}

#[tokio::test]
async fn a_panic_midway_shows_what_was_read() {
    async fn handler(request: Request<Body>) {
        let mut body = request.into_body();
        body.frame().await;
        panic!("the handler was asked to");
    }
    let reports = Reports::new();
    let app = Router::new().route("/", on_post(handler)).layer(reports.observer().into_layer());
    let task = tokio::spawn(async move { exchange(&app, post(JSON, chunks([r#"{"item":"#, r#""lamp"}"#]))).await });
    assert!(task.await.expect_err("it panics").is_panic());
    assert_eq!(reports.request_data(), [Some(r#"{"item":"#.into())]);
}

#[tokio::test]
async fn each_event_of_the_handler_shows_what_was_read_by_then() {
    async fn handler(request: Request<Body>) {
        sentry::capture_message("before", sentry::Level::Info);
        let mut body = request.into_body();
        body.frame().await;
        sentry::capture_message("midway", sentry::Level::Info);
        body.frame().await;
        let hub = Hub::current();
        // On another thread, while the body is still there.
        tokio::task::spawn_blocking(move || hub.capture_message("elsewhere", sentry::Level::Info))
            .await
            .expect("it does not panic");
        drop(body);
    }
    let reports = Reports::new();
    let app = Router::new().route("/", on_post(handler)).layer(reports.observer().into_layer());
    exchange(&app, post(JSON, chunks(["[1,", "2]"]))).await;
    let data = reports.request_data();
    assert_eq!(data, ["[application/json, unread]", "[1,", "[1,2]"].map(|data| Some(data.into())));
}

#[tokio::test]
async fn a_body_can_be_left_out_or_limited() {
    for (capture, expected) in [
        (Capture::Off, None),
        (Capture::UpTo(0), None),
        (Capture::UpTo(24), Some("[application/json, 25 bytes]")),
        (Capture::UpTo(25), Some(ORDER)),
    ] {
        let reports = Reports::new();
        let app = failing(reports.observer().capture_request_bodies(capture));
        exchange(&app, post(JSON, ORDER)).await;
        assert_eq!(reports.request_data(), [expected.map(Into::into)], "{capture:?}");
    }
}

#[tokio::test]
async fn an_observer_that_asks_for_more_does_not_make_events_longer() {
    for (limit, expected) in [(Capture::UpTo(24), Some("[application/json, 25 bytes]")), (Capture::Off, None)] {
        let reports = Reports::new();
        let observer = (reports.observer().capture_request_bodies(limit), Asking::for_requests(10_000));
        let app = Router::new().route("/", on_post(|_: Bytes| async { failed() })).layer(observer.into_layer());
        exchange(&app, post(JSON, ORDER)).await;
        assert_eq!(reports.request_data(), [expected.map(Into::into)]);
    }
}

#[tokio::test]
async fn a_response_body_is_shown_if_it_is_asked_for() {
    for (capture, expected) in [
        (None, None),
        (Some(Capture::MEDIUM), Some("no lamps")),
        (Some(Capture::UpTo(7)), Some("[text/plain, 8 bytes]")),
    ] {
        let reports = Reports::new();
        let sentry = capture.into_iter().fold(reports.observer(), Sentry::capture_response_bodies);
        exchange(&failing(sentry), post(JSON, ORDER)).await;
        assert_eq!(reports.response_data(), [expected.map(Into::into)], "{capture:?}");
    }
}

#[tokio::test]
async fn a_response_that_breaks_off_shows_what_was_sent() {
    let handler = || async {
        let frames = [Ok(Bytes::from("half")), Err(std::io::Error::other("the disk is gone"))];
        Body::from_stream(tokio_stream::iter(frames))
    };
    let reports = Reports::new();
    let sentry = reports.observer().capture_response_bodies(Capture::MEDIUM);
    exchange(&Router::new().route("/", on_post(handler)).layer(sentry.into_layer()), post(JSON, ORDER)).await;
    assert_eq!(reports.response_data(), [Some("half".into())]);
}

#[tokio::test]
async fn the_whole_set_up_takes_its_limits_from_code_and_from_variables() {
    const NOTHING: [&str; 2] = ["off", "off"];
    let cases = [
        (None, NOTHING, [None, None]),
        (Some(Capture::MEDIUM), NOTHING, [None, None]),
        (None, ["25", "7"], [Some(ORDER), Some("[text/plain, 8 bytes]")]),
        (Some(Capture::UpTo(24)), ["", ""], [Some("[application/json, 25 bytes]"), Some("[text/plain, 8 bytes]")]),
        (None, ["", "OFF"], [Some(ORDER), None]),
    ];
    for (code, vars, expected) in cases {
        let transport = TestTransport::new();
        let factory = transport.clone();
        let var = |name: &str| {
            let var = match name {
                "TOWER_TELEMETRY_CAPTURE_REQUEST_BODIES" => vars[0],
                "TOWER_TELEMETRY_CAPTURE_RESPONSE_BODIES" => vars[1],
                _ => return None,
            };
            Some(var.into())
        };
        let builder = Telemetry::builder().dsn("https://public@sentry.example/1").expect("a DSN").transport(factory);
        let builder = match code {
            Some(capture) => builder.capture_request_bodies(capture).capture_response_bodies(Capture::UpTo(7)),
            None => builder,
        };
        let builder = builder.from_vars(var).expect("good values");
        let hub = Arc::new(Hub::new(None, Arc::default()));
        let telemetry = Hub::run(hub, || builder.build()).expect("nothing is wrong with it");
        let app = Router::new().route("/", on_post(|_: Bytes| async { failed() })).layer(telemetry.layer());
        exchange(&app, post(JSON, ORDER)).await;
        let reports = Reports::of(transport);
        let (_, events) = reports.take();
        let [event] = &events[..] else { panic!("one event: {events:?}") };
        let request = event.request.as_ref().expect("a request").data.as_deref();
        assert_eq!([request, response_data(event)], expected, "{code:?} {vars:?}");
    }
}

#[tokio::test]
async fn without_a_client_nothing_is_captured() {
    let handler = |cx: RequestContext, body: Bytes| async move {
        assert_eq!(body, ORDER);
        if cx.captured_request().is_some() { StatusCode::CONFLICT } else { StatusCode::OK }
    };
    let none = Arc::new(Hub::new(None, Arc::default()));
    let app = Router::new().route("/", on_post(handler)).layer(Sentry::new().fallback(none).into_layer());
    assert_eq!(exchange(&app, post(JSON, ORDER)).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn what_is_shown_is_scrubbed() {
    let reports = Reports::new();
    let order = r#"{"item":"lamp","password":"s3cr3t","by":"ada@example.com"}"#;
    exchange(&failing(reports.observer()), post(JSON, order)).await;
    let [Some(data)] = &reports.request_data()[..] else { panic!("one event with a body") };
    assert!(data.contains(r#""item":"lamp""#), "{data}");
    assert!(!data.contains("s3cr3t") && !data.contains("ada@"), "{data}");
}
