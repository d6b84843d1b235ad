//! Hosts that give up: the client went away, or a layer outside did.

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body_util::Empty;
use tests::probe::{Ended, Probe};
use tower::{Layer, ServiceBuilder, ServiceExt, service_fn, timeout::TimeoutLayer};

use super::{
    fixtures::{answered, poll_once, read, ready, response},
    script::{ScriptedBody, Step},
};

#[tokio::test]
async fn a_future_that_is_dropped_is_cancelled() {
    for polls in [0, 1, 3] {
        let probe = Probe::new();
        let (mut service, handle) = ready::<_, _, Empty<Bytes>>(probe.clone());
        let mut future = Box::pin(service.call(Request::new(())));
        for _ in 0..polls {
            assert!(poll_once(&mut future).is_pending(), "nobody answers");
        }
        assert!(probe.log().ends().is_empty(), "it is still under way");
        drop(future);
        assert_eq!(probe.log().only_end(), Ended::cancelled(None, 0), "after {polls} polls");
        drop(handle);
    }
}

#[tokio::test]
async fn a_body_that_is_dropped_too_early_is_cancelled() {
    const CHUNKS: &[Step] = &[Step::Data("one"), Step::Data("two"), Step::Data("six")];
    const TRAILED: &[Step] = &[Step::Data("one"), Step::Trailers(&[("checksum", "3")])];

    let stream = |name, body: fn() -> ScriptedBody, frames, expected| (name, 200, &[][..], body, frames, expected);
    let long_lived = Ended { long_lived: true, ..Ended::cancelled(Some(200), 3) };
    let chunks = || ScriptedBody::new(CHUNKS);
    let cases = [
        stream("before its first poll", chunks, 0, Ended::cancelled(Some(200), 0)),
        stream("midway", chunks, 2, Ended::cancelled(Some(200), 6)),
        stream("before an end that nobody knew of", chunks, 3, Ended::cancelled(Some(200), 9)),
        stream("before its trailers", || ScriptedBody::new(TRAILED), 1, Ended::cancelled(Some(200), 3)),
        stream("midway of a size", || ScriptedBody::new(CHUNKS).sized(), 2, Ended::cancelled(Some(200), 6)),
        ("midway of a declared length", 200, &[("content-length", "9")], chunks, 2, Ended::cancelled(Some(200), 6)),
        ("with a senseless length", 200, &[("content-length", "nine")], chunks, 3, Ended::cancelled(Some(200), 9)),
        ("midway of an event stream", 200, &[("content-type", "text/event-stream")], chunks, 1, long_lived),
        (
            "midway of a server's error",
            500,
            &[],
            chunks,
            1,
            Ended { server_failure: true, ..Ended::cancelled(Some(500), 3) },
        ),
    ];
    for (name, status, headers, body, frames, expected) in cases {
        let probe = Probe::new();
        let response = answered(probe.clone(), Request::new(()), response(status, headers, body())).await;
        read(response.into_body(), frames).await;
        assert_eq!(probe.log().only_end(), expected, "{name}");
    }
}

#[tokio::test]
async fn a_refused_connect_is_no_upgrade() {
    let probe = Probe::new();
    let request = Request::builder().method(Method::CONNECT).body(()).expect("a request");
    let body = ScriptedBody::new(&[Step::Data("no")]);
    drop(answered(probe.clone(), request, response(403, &[], body)).await);
    assert_eq!(probe.log().only_end(), Ended::cancelled(Some(403), 0));
}

#[tokio::test(start_paused = true)]
async fn a_deadline_outside_cancels() {
    let probe = Probe::new();
    let never = service_fn(|_: Request<()>| std::future::pending::<Result<Response<Empty<Bytes>>, &str>>());
    let service = ServiceBuilder::new()
        .layer(TimeoutLayer::new(std::time::Duration::from_secs(30)))
        .map_err(tower::BoxError::from)
        .service(probe.layer().layer(never));
    service.oneshot(Request::new(())).await.expect_err("the deadline passes");
    assert_eq!(probe.log().only_end(), Ended::cancelled(None, 0));
}
