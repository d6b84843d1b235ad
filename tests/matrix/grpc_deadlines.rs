//! gRPC exchanges that somebody no longer waits for.

use std::{convert::Infallible, time::Duration};

use bytes::Bytes;
use http_body_util::{BodyExt, Full, combinators::UnsyncBoxBody};
use tests::probe::{Ended, Ending, Probe, Stage};
use tonic::{Code, Request, transport};
use tonic_prost::ProstCodec;

use super::{
    caller::{connect, of, path},
    greeter::Greeter,
    grpc_hosts::{Host, tonic},
    hosts::only_end,
    http2,
};

/// A handler that waits for ever is sure to miss it, and no other is.
const DEADLINE: Duration = Duration::from_millis(200);

/// tonic's server stands in front of all layers with its time-outs. It puts CANCELLED on the wire, for the caller's deadline too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_waits_no_longer_cancels() {
    let missed = late(Ended::cancelled(None, 0));
    let cases = [
        ("the caller's", Some("200m"), None, &missed),
        ("the caller's, which is shorter", Some("200m"), Some(Duration::from_secs(3600)), &missed),
        ("the server's", None, Some(DEADLINE), &Ended::cancelled(None, 0)),
        ("the server's, which is shorter", Some("1H"), Some(DEADLINE), &Ended::cancelled(None, 0)),
    ];
    for (name, header, timeout, expected) in cases {
        let call = async |probe: Option<&Probe>| {
            let builder = transport::Server::builder();
            let builder = match timeout {
                Some(timeout) => builder.timeout(timeout),
                None => builder,
            };
            let server = tonic(builder, probe, &Greeter::default()).await;
            let mut client = http2::connect(server.address).await;
            let got = http2::Got::of(client.send_request(request("One", PENDING, header)).await, || ()).await;
            drop(client);
            server.stop().await;
            got
        };
        let probe = Probe::new();
        let (with, without) = tokio::join!(call(Some(&probe)), call(None));
        assert_eq!(with, without, "{name}");
        assert_eq!(
            (with.header("grpc-status"), with.header("grpc-message")),
            (Some("1"), Some("Timeout%20expired")),
            "{name}"
        );
        assert_eq!(only_end(&probe).await, Ended { request_bytes: Some(14), ..expected.clone() }, "{name}");
    }
}

/// Whoever drops the exchange after the caller's deadline does so for that.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_waits_no_longer_cancels() {
    // axum leaves deadlines to the callers, and tonic's server minds only the wait for the head.
    let host = Host::Axum;
    for (header, is_late) in [(None, false), (Some("1H"), false), (Some("soon"), false), (Some("1n"), true)] {
        for midway in [false, true] {
            let (probe, greeter) = (Probe::new(), Greeter::default());
            let server = host.serve(Some(&probe), &greeter).await;
            let mut client = http2::connect(server.address).await;
            let ended = if midway {
                let mut response = client.send_request(request("Stream", ENDLESS, header)).await.expect("an answer");
                response.frame().await.expect("a frame").expect("no error");
                of("Stream", Ended::cancelled(Some(200), 10))
            } else {
                let call = tokio::spawn(client.send_request(request("One", PENDING, header)));
                greeter.has_read().await;
                call.abort();
                drop(call.await);
                Ended { endpoint: host.unanswered().into(), ..Ended::cancelled(None, 0) }
            };
            probe.log().wait_for(Stage::End, 1).await;
            drop(client);
            server.stop().await;
            let ended = if is_late { late(ended) } else { ended };
            let expected = Ended { request_bytes: Some(14), ..ended };
            assert_eq!(only_end(&probe).await, expected, "{header:?}, midway: {midway}");
        }
    }
}

const PENDING: &[u8] = b"\0\0\0\0\x09\x0a\x07pending";
const ENDLESS: &[u8] = b"\0\0\0\0\x09\x0a\x07endless";

fn request(
    method: &str,
    body: &'static [u8],
    timeout: Option<&str>,
) -> http::Request<UnsyncBoxBody<Bytes, Infallible>> {
    let request =
        http::Request::post(format!("http://here{}", path(method))).header("content-type", "application/grpc");
    let request = match timeout {
        Some(timeout) => request.header("grpc-timeout", timeout),
        None => request,
    };
    request.body(Full::new(Bytes::from_static(body)).boxed_unsync()).expect("a request")
}

/// tonic's client has a clock of its own, which may be a little before the server's or after it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deadline_that_both_sides_know() {
    for host in Host::ALL {
        let (probe, greeter) = (Probe::new(), Greeter::default());
        let server = host.serve(Some(&probe), &greeter).await;
        let mut client = connect(server.address).await;
        client.ready().await.expect("it is connected");
        let mut request = Request::new("pending".to_owned());
        request.set_timeout(DEADLINE);
        let codec = ProstCodec::<String, String>::default();
        let status = client.unary(request, path("One"), codec).await.expect_err("it waits for ever");
        assert_eq!((status.code(), status.message()), (Code::Cancelled, "Timeout expired"), "{host:?}");
        probe.log().wait_for(Stage::End, 1).await;
        drop(client);
        server.stop().await;
        let ended = only_end(&probe).await;
        assert_eq!((ended.end, ended.status, ended.request_bytes), (Ending::Cancelled, None, Some(14)), "{host:?}");
        assert!([None, Some("DEADLINE_EXCEEDED")].contains(&ended.grpc_status), "{host:?}: {ended:?}");
    }
}

fn late(ended: Ended) -> Ended {
    let name = "DEADLINE_EXCEEDED";
    Ended { grpc_status: Some(name), error_type: Some(name.into()), server_failure: true, ..ended }
}
