//! What comes through is what it would be without the layer.

use std::{future::ready, pin::pin, task::Poll};

use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use http_body::Body;
use http_body_util::{BodyExt, Empty, Full};
use tests::probe::{Ended, Probe, Stage};
use tower::{Layer, Service, ServiceExt, service_fn};
use tower_telemetry_core::RequestContext;
use tower_test::mock;

use super::{
    fixtures::{ALL, AnyBody, Torn, answered, any, headers, poll_once, read, ready as ready_mock, response},
    script::{ScriptedBody, Step},
};

type Answer = Response<Empty<Bytes>>;

#[tokio::test]
async fn readiness_is_the_inner_services() {
    let probe = Probe::new();
    let (mut service, mut handle) = mock::spawn_layer::<Request<()>, Answer, _>(probe.layer());
    handle.allow(0);
    assert!(service.poll_ready().is_pending());
    handle.allow(1);
    assert!(service.is_woken());
    assert!(matches!(service.poll_ready(), Poll::Ready(Ok(()))));
    handle.send_error(Torn);
    let Poll::Ready(Err(error)) = service.poll_ready() else { panic!("the mock has failed") };
    assert!(error.is::<Torn>(), "the error is the service's own");
    assert!(probe.log().events().is_empty(), "there was no request");
}

#[tokio::test]
async fn the_service_that_was_polled_ready_is_called() {
    let probes = [
        ("observed", Probe::new(), 1),
        ("not admitted", Probe::new().refusing(), 0),
        ("not admitted by a panic", Probe::new().panicking_in(Stage::Admits), 0),
        ("not observed for a panic", Probe::new().panicking_in(Stage::Begin), 0),
    ];
    for (name, probe, observed) in probes {
        // A mock panics if it is called before it was polled ready, and so does its clone.
        let (service, mut handle) = ready_mock::<_, (), Empty<Bytes>>(probe.clone());
        let mut service = service.into_inner();
        for round in 1..=3 {
            let fresh = service.clone();
            let mut polled = std::mem::replace(&mut service, fresh);
            let future = polled.call(Request::new(()));
            let (_, answer) = handle.next_request().await.expect("the request comes through");
            answer.send_response(Response::new(Empty::new()));
            drop(future.await.expect("the mock answers"));
            assert_eq!(probe.log().ends(), vec![Ended::completed(200, 0); round * observed], "{name}");
            service.ready().await.expect("the mock is ready again");
        }
    }
}

/// Each frame of a body, with what the body says of itself before it.
fn walk(body: impl Body<Data = Bytes>) -> Vec<String> {
    let mut body = pin!(body);
    let mut seen = Vec::new();
    loop {
        let hint = body.size_hint();
        // At its end, a body has nothing to say of its length.
        let length = format!("{}..{:?}", hint.lower(), hint.upper());
        seen.push(if body.is_end_stream() { "at its end".into() } else { length });
        match poll_once(&mut body.frame()) {
            Poll::Pending => seen.push("pending".into()),
            Poll::Ready(Some(Ok(frame))) => {
                seen.push(format!("{frame:?}"));
                if frame.is_trailers() {
                    return seen;
                }
            }
            Poll::Ready(Some(Err(_))) => {
                seen.push("error".into());
                return seen;
            }
            Poll::Ready(None) => return seen,
        }
    }
}

#[tokio::test]
async fn bodies_pass_through_unchanged() {
    use Step::{Data, Error, Pending, Trailers};

    const STEPS: &[Step] = &[Data("one"), Pending, Data(""), Data("three"), Trailers(&[("a", "1"), ("b", "2")])];

    type Make = fn() -> AnyBody;
    let bodies: [(&str, Make); 8] = [
        ("full", || any(Full::new(Bytes::from("hello")))),
        ("empty", || any(Empty::new())),
        ("trailers", || any(Full::new(Bytes::from("hello")).with_trailers(ready(Some(Ok(headers(&[("a", "1")]))))))),
        ("steps", || any(ScriptedBody::new(STEPS))),
        ("sized", || any(ScriptedBody::new(STEPS).sized())),
        ("knowing its end", || any(ScriptedBody::new(&STEPS[..4]).knowing_its_end())),
        ("sized, knowing its end", || any(ScriptedBody::new(&STEPS[..4]).sized().knowing_its_end())),
        ("error", || any(ScriptedBody::new(&[Data("one"), Error]))),
    ];
    for (name, body) in bodies {
        let probe = Probe::new();
        let response = answered(probe.clone(), Request::new(()), Response::new(body())).await;
        assert_eq!(walk(response.into_body()), walk(body()), "{name}");
        probe.log().only_end();
    }
}

#[tokio::test]
async fn frames_are_told_of_one_by_one() {
    let probe = Probe::new();
    let steps = [Step::Data("one"), Step::Data(""), Step::Data("three"), Step::Trailers(&[("a", "1"), ("b", "2")])];
    let response = answered(probe.clone(), Request::new(()), response(207, &[], ScriptedBody::new(&steps))).await;
    read(response.into_body(), ALL).await;
    let expected = [
        "probe admits /",
        "probe begin /",
        "probe head 207",
        "probe data 3",
        "probe data 0",
        "probe data 5",
        "probe trailers a b",
        "probe end Completed",
    ];
    assert_eq!(probe.log().lines(), expected);
}

#[tokio::test]
async fn the_request_passes_through_with_a_context() {
    let probe = Probe::new();
    let (mut service, mut handle) = ready_mock::<_, _, Empty<Bytes>>(probe.clone());
    let mut request = Request::post("https://example.org/a?b=c").header("accept", "text/plain").body("a body");
    request.as_mut().expect("a request").extensions_mut().insert("an extension");
    let _future = service.call(request.expect("a request"));
    let (inner, _answer) = handle.next_request().await.expect("the request comes through");
    assert_eq!((inner.method().as_str(), inner.uri().to_string().as_str()), ("POST", "https://example.org/a?b=c"));
    assert_eq!(inner.headers(), &headers(&[("accept", "text/plain")]));
    assert_eq!(inner.extensions().get::<&str>(), Some(&"an extension"));
    assert!(inner.extensions().get::<RequestContext>().is_some());
    assert_eq!(inner.into_body(), "a body");
}

#[tokio::test]
async fn what_is_not_admitted_is_untouched() {
    let probe = Probe::new().refusing();
    let (mut service, mut handle) = ready_mock(probe.clone());
    let future = service.call(Request::new(()));
    let (inner, answer) = handle.next_request().await.expect("the request comes through");
    assert!(inner.extensions().is_empty(), "no context");
    let steps = [Step::Data("one"), Step::Pending, Step::Trailers(&[("a", "1")])];
    let fresh = || ScriptedBody::new(&steps).sized();
    answer.send_response(response(418, &[("x", "y")], fresh()));
    let response = future.await.expect("the mock answers");
    assert_eq!(response.status(), 418);
    assert_eq!(response.headers(), &headers(&[("x", "y")]));
    assert_eq!(walk(response.into_body()), walk(fresh()));
    assert_eq!(probe.log().lines(), ["probe admits /"]);
}

#[tokio::test]
async fn what_is_not_admitted_may_fail() {
    let probe = Probe::new().refusing();
    let service = probe.layer().layer(service_fn(|_: Request<()>| async { Err::<Answer, _>("out of order") }));
    assert_eq!(service.oneshot(Request::new(())).await.err(), Some("out of order"));
    assert_eq!((probe.log().count(Stage::Begin), probe.log().count(Stage::End)), (0, 0));
}

#[tokio::test]
async fn an_observer_may_add_to_the_head() {
    #[derive(Clone)]
    struct Mark;

    impl tower_telemetry_core::Observe for Mark {
        type Exchange = Self;

        fn begin(&self, head: &mut http::request::Parts, _: &RequestContext) -> Self {
            head.headers.insert("marked", HeaderValue::from_static("in"));
            Self
        }
    }

    impl tower_telemetry_core::Exchange for Mark {
        fn head(&mut self, head: &mut http::response::Parts) {
            head.headers.insert("marked", HeaderValue::from_static("out"));
        }

        fn end(&mut self, _: &RequestContext, _: &tower_telemetry_core::Outcome<'_>) {}
    }

    let (mut service, mut handle) = ready_mock::<_, _, Empty<Bytes>>(Mark);
    let future = service.call(Request::new(()));
    let (inner, answer) = handle.next_request().await.expect("the request comes through");
    assert_eq!(inner.headers(), &headers(&[("marked", "in")]));
    answer.send_response(Response::new(Empty::new()));
    assert_eq!(future.await.expect("the mock answers").headers(), &headers(&[("marked", "out")]));
}
