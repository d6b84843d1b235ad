//! Errors instead of a response, and amid one.

use std::io;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Frame;
use http_body_util::{Empty, StreamBody};
use tests::probe::{Ended, Failed, Probe};
use tokio_stream::iter;
use tower::{BoxError, ServiceExt, service_fn};
use tower_telemetry_core::FailurePhase;

use super::{
    fixtures::{ALL, Torn, answered, any, read, ready, response},
    script::{ScriptedBody, Step},
};

fn torn(phase: FailurePhase) -> Failed {
    Failed {
        phase,
        text: "torn".into(),
        type_name: std::any::type_name::<BoxError>(),
        chain: vec!["torn".into(), "a cause".into()],
    }
}

fn plain<T>(phase: FailurePhase, text: &str) -> Failed {
    Failed { phase, text: text.into(), type_name: std::any::type_name::<T>(), chain: Vec::new() }
}

#[tokio::test]
async fn a_boxed_error_of_the_service_is_seen_with_its_sources() {
    let probe = Probe::new();
    let (mut service, mut handle) = ready::<_, _, Empty<Bytes>>(probe.clone());
    let future = service.call(Request::new(()));
    let (_, answer) = handle.next_request().await.expect("the request comes through");
    answer.send_error(Torn);
    let error = future.await.expect_err("the mock fails");
    assert!(error.is::<Torn>(), "the caller gets the service's own error");
    assert_eq!(probe.log().only_end(), Ended::failed(None, 0, torn(FailurePhase::Service)));
}

#[tokio::test]
async fn an_error_of_the_service_may_be_any_text() {
    let probe = Probe::new();
    let service = tower::Layer::layer(
        &probe.layer(),
        service_fn(|_: Request<()>| async { Err::<Response<Empty<Bytes>>, _>("out of order") }),
    );
    assert_eq!(service.oneshot(Request::new(())).await.err(), Some("out of order"));
    let expected = Ended::failed(None, 0, plain::<&str>(FailurePhase::Service, "out of order"));
    assert_eq!(probe.log().only_end(), expected);
}

#[tokio::test]
async fn an_io_error_is_known_to_be_an_error() {
    let probe = Probe::new();
    let service = tower::Layer::layer(
        &probe.layer(),
        service_fn(|_: Request<()>| async { Err::<Response<Empty<Bytes>>, _>(io::Error::other("no disk")) }),
    );
    service.oneshot(Request::new(())).await.expect_err("the service fails");
    let failed = Failed { chain: vec!["no disk".into()], ..plain::<io::Error>(FailurePhase::Service, "no disk") };
    assert_eq!(probe.log().only_end(), Ended::failed(None, 0, failed));
}

#[tokio::test]
async fn an_error_of_the_body_ends_it_with_the_bytes_so_far() {
    use Step::{Data, Error, Pending};

    let cases: [(&str, u16, &[Step], u64); 4] = [
        ("at once", 200, &[Error], 0),
        ("midway", 200, &[Data("one"), Data("two"), Error], 6),
        ("after a wait", 200, &[Data("one"), Pending, Error, Data("six")], 3),
        // It was empty as far as the head says.
        ("where no body should be", 204, &[Error], 0),
    ];
    for (name, status, steps, bytes) in cases {
        let probe = Probe::new();
        let response = answered(probe.clone(), Request::new(()), response(status, &[], ScriptedBody::new(steps))).await;
        let frames = read(response.into_body(), ALL).await;
        let error = frames.into_iter().last().and_then(Result::err).expect("the host gets the error");
        assert!(error.is::<Torn>(), "{name}: the host gets the body's own error");
        let expected = Ended::failed(Some(status), bytes, torn(FailurePhase::Body));
        assert_eq!(probe.log().only_end(), expected, "{name}");
    }
}

#[tokio::test]
async fn an_error_of_the_body_may_be_any_text() {
    let probe = Probe::new();
    let body = StreamBody::new(iter([Ok(Frame::data(Bytes::from("one"))), Err("cut off")]));
    let response = answered(probe.clone(), Request::new(()), Response::new(body)).await;
    read(response.into_body(), ALL).await;
    let expected = Ended::failed(Some(200), 3, plain::<&str>(FailurePhase::Body, "cut off"));
    assert_eq!(probe.log().only_end(), expected);
}

#[tokio::test]
async fn an_error_outweighs_a_whole_length() {
    let probe = Probe::new();
    let body = any(ScriptedBody::new(&[Step::Data("one"), Step::Error]).sized());
    let response = answered(probe.clone(), Request::new(()), Response::new(body)).await;
    read(response.into_body(), ALL).await;
    assert_eq!(probe.log().only_end(), Ended::failed(Some(200), 3, torn(FailurePhase::Body)));
}
