//! The gauge of exchanges in flight: one up at the start, one down at the end, whatever that is.

use std::{
    panic::resume_unwind,
    pin::pin,
    sync::{Arc, Mutex},
    task::Poll,
};

use axum::response::Response;
use http::request;
use tests::app::{app, poll_once, request, rpc, run};
use tower::ServiceExt;
use tower_telemetry_core::{Observe, RequestContext, semconv};
use tower_telemetry_metrics::Metrics;

use super::fixtures::{Active, Reader, Recorder, labels};

#[test]
fn it_is_1_during_an_exchange_and_0_after_each_kind_of_end() {
    for request in [
        request("GET", "/users/7"),
        request("GET", "/nothing"),
        request("GET", "/broken"),
        request("GET", "/pending"),
        request("GET", "/body/pending"),
        request("GET", "/error"),
        request("GET", "/panic"),
        request("GET", "/body/error"),
        request("GET", "/body/panic"),
        request("BREW", "/users/7"),
        rpc("Crash"),
    ] {
        let name = request.uri().to_string();
        let method = semconv::method(request.method());
        let recorder = Recorder::new();
        let looks = Looks { reader: recorder.reader.clone(), seen: Arc::default() };
        recorder.record(|| run(app((Metrics::new(), looks.clone())), request));

        let labels = labels(&[(semconv::HTTP_REQUEST_METHOD, method), (semconv::URL_SCHEME, "http")]);
        let seen = looks.seen.lock().expect("nobody panics in a lock").clone();
        assert_eq!(seen, [vec![(labels.clone(), 1.0)]], "{name}");
        assert_eq!(recorder.active(), [(labels, 0.0)], "{name}");
    }
}

#[test]
fn it_is_1_until_the_body_is_over() {
    let recorder = Recorder::new();
    recorder.record(|| {
        let response = head(Metrics::new());
        assert_eq!(values(&recorder), [1.0]);
        drop(response);
        assert_eq!(values(&recorder), [0.0]);
    });
}

#[test]
fn it_goes_down_where_it_went_up() {
    let (first, second) = (Recorder::new(), Recorder::new());
    let response = first.record(|| head(Metrics::new()));
    second.record(|| drop(response));
    assert_eq!((values(&first), values(&second)), (vec![0.0], vec![]));
    // The duration is told to the recorder that is there to hear it.
    assert_eq!((first.told().count(), second.told().count()), (0, 1));

    let response = first.record(|| head(Metrics::new()));
    assert_eq!(values(&first), [1.0]);
    drop(response);
    assert_eq!(values(&first), [0.0]);
}

#[test]
fn it_goes_down_even_if_an_observer_beside_it_panics() {
    let recorder = Recorder::new();
    recorder.record(|| run(app((Metrics::new(), Panics)), request("GET", "/users/7")));
    assert_eq!(values(&recorder), [0.0]);
}

/// The head of a response whose body is still to come.
fn head(metrics: Metrics) -> Response {
    match poll_once(pin!(app(metrics).oneshot(request("GET", "/users/7")))) {
        Poll::Ready(Ok(response)) => response,
        Poll::Pending => unreachable!("the app answers at once"),
    }
}

fn values(recorder: &Recorder) -> Vec<f64> {
    recorder.active().into_iter().map(|(_, value)| value).collect()
}

/// Observer inside the metrics that looks at the gauge when an exchange begins.
#[derive(Clone)]
struct Looks {
    reader: Reader,
    seen: Arc<Mutex<Vec<Active>>>,
}

impl Observe for Looks {
    type Exchange = ();

    fn begin(&self, _: &mut request::Parts, _: &RequestContext) {
        let active = self.reader.active();
        self.seen.lock().expect("nobody panics in a lock").push(active);
    }
}

/// Observer that panics when an exchange begins, and so gets no end.
#[derive(Clone)]
struct Panics;

impl Observe for Panics {
    type Exchange = ();

    fn begin(&self, _: &mut request::Parts, _: &RequestContext) {
        // Without calling the process's panic hook.
        resume_unwind(Box::new("an observer panics"));
    }
}
