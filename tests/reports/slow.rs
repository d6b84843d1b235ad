//! Requests that take too long.

use std::time::Duration;

use axum::{
    Router,
    body::Body,
    response::sse::{Event, Sse},
    routing::get as on_get,
};
use sentry::{Level, protocol::Transaction};
use tower_telemetry_sentry::{Sentry, Slow};

use super::support::{Reports, exchange, get, run};

const NO_TIME: Duration = Duration::ZERO;
const LONG: Duration = Duration::from_secs(3600);

fn app() -> Router {
    let fails = || async { http::StatusCode::INTERNAL_SERVER_ERROR };
    Router::new().route("/a/{id}", on_get(|| async {})).route("/b/{id}", on_get(|| async {})).route("/c", on_get(fails))
}

fn is_tagged(transactions: &[Transaction<'_>]) -> bool {
    let [transaction] = transactions else { panic!("one transaction: {transactions:?}") };
    match transaction.tags.get("slow").map(String::as_str) {
        Some("true") => true,
        None => false,
        other => panic!("the tag says {other:?}"),
    }
}

#[test]
fn by_the_threshold_of_the_endpoint() {
    let at = |after, patterns: &[(&str, Duration)]| Slow::after(after).at(patterns.iter().copied()).expect("patterns");
    let cases = [
        ("the default", Slow::default(), [false, false]),
        ("all", Slow::after(NO_TIME), [true, true]),
        ("one less", at(NO_TIME, &[("/b/{id}", LONG)]), [true, false]),
        ("one more", at(LONG, &[("GET /b/*", NO_TIME), ("/**", LONG)]), [false, true]),
        ("not that method", at(LONG, &[("POST /b/*", NO_TIME)]), [false, false]),
    ];
    for (name, slow, wanted) in cases {
        let reports = Reports::new();
        let app = reports.layered_with(Sentry::new().slow(slow), app());
        for (path, wanted) in ["/a/7", "/b/7"].into_iter().zip(wanted) {
            run(exchange(&app, get(path)));
            let (transactions, events) = reports.take();
            assert_eq!((is_tagged(&transactions), events.len()), (wanted, 0), "{name}: {path}");
        }
    }
    assert_eq!(Sentry::new().slow_after(), Duration::from_secs(3));
    Slow::after(NO_TIME).at([("GET nowhere", LONG)]).expect_err("it is no pattern");
}

#[test]
fn one_that_fails_says_so_in_its_event_too() {
    let reports = Reports::new();
    let app = reports.layered_with(Sentry::new().slow(Slow::after(NO_TIME)), app());
    run(exchange(&app, get("/c")));
    let (transactions, events) = reports.take();
    assert!(is_tagged(&transactions));
    let [event] = &events[..] else { panic!("one event: {events:?}") };
    assert_eq!(event.tags.get("slow").map(String::as_str), Some("true"));
}

#[test]
fn if_asked_each_is_a_message_of_one_issue() {
    let reports = Reports::new();
    let sentry = Sentry::new().slow(Slow::after(NO_TIME).at([("/b/**", LONG)]).expect("a pattern").reported());
    let app = reports.layered_with(sentry, app());
    for id in [7, 8] {
        run(exchange(&app, get(&format!("/a/{id}"))));
        run(exchange(&app, get(&format!("/b/{id}"))));
        let [event] = &reports.events()[..] else { panic!("one event") };
        assert_eq!((event.message.as_deref(), event.level), (Some("slow request: GET /a/{id}"), Level::Warning));
        assert_eq!(*event.fingerprint, ["slow request", "/a/{id}"]);
        assert_eq!(event.tags.get("slow").map(String::as_str), Some("true"));
        assert!(event.extra["duration_ms"].is_u64() && event.contexts.contains_key("response"));
    }
}

/// Its set-up counts, not the stream's life.
#[test]
fn a_stream_of_events_is_not_slow() {
    let reports = Reports::new();
    let events = || async {
        let late = async {
            tokio::time::sleep(Duration::from_millis(60)).await;
            Ok::<_, std::convert::Infallible>(Event::default().data("late"))
        };
        Sse::new(futures(late))
    };
    let bytes = || async {
        let late = async {
            tokio::time::sleep(Duration::from_millis(60)).await;
            Ok::<_, std::convert::Infallible>("late")
        };
        Body::from_stream(futures(late))
    };
    let app = Router::new().route("/events", on_get(events)).route("/bytes", on_get(bytes));
    let app = reports.layered_with(Sentry::new().slow(Slow::after(Duration::from_millis(50))), app);
    for (path, slow) in [("/events", false), ("/bytes", true)] {
        run(exchange(&app, get(path)));
        assert_eq!(is_tagged(&reports.transactions()), slow, "{path}");
    }
}

/// A stream of one.
fn futures<F: Future + Send + 'static>(future: F) -> impl tokio_stream::Stream<Item = F::Output>
where
    F::Output: Send,
{
    let (sender, receiver) = tokio::sync::mpsc::channel(1);
    tokio::spawn(async move { sender.send(future.await).await });
    tokio_stream::wrappers::ReceiverStream::new(receiver)
}
