//! gRPC exchanges that end before their time, or nearly.

use std::{convert::Infallible, time::Duration};

use bytes::Bytes;
use http::uri::PathAndQuery;
use http_body_util::{BodyExt, Full, combinators::UnsyncBoxBody};
use tests::probe::{Ended, Ending, Probe, Stage};
use tokio_stream::StreamExt;
use tonic::{
    Code, Request, Response, Status, Streaming,
    client::Grpc,
    transport::{self, Channel},
};
use tonic_prost::ProstCodec;

use super::{
    caller::{Call, answered, connect, of},
    greeter::Greeter,
    grpc_hosts::{Host, tonic},
    hosts::only_end,
    http2,
};

/// A handler that waits for ever is sure to miss it, and no other is.
const DEADLINE: Duration = Duration::from_millis(200);

/// The same without the layer; what has panicked has no status.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_is_one() {
    for host in Host::ALL {
        let unanswered = Ended { endpoint: host.unanswered().into(), ..Ended::panicked(None, 0) };
        let cases = [
            ("One", "panic", 12, unanswered.clone(), 0),
            ("Stream", "panic", 12, unanswered, 0),
            ("Stream", "panic midway", 19, of("Stream", Ended::panicked(Some(200), 10)), 1),
        ];
        for (method, text, request_bytes, expected, messages) in cases {
            let (probe, call) = (Probe::new(), Call::new(method, &[text]));
            let (with, without) = (call.alone(host, Some(&probe)).await, call.alone(host, None).await);
            assert_eq!(with, without, "{host:?}: {method}, {text}");
            assert_ne!(with.code, Code::Ok, "{host:?}: {method}, {text}");
            assert_eq!(with.messages.len(), messages, "{host:?}: {method}, {text}");
            let expected = Ended { request_bytes: Some(request_bytes), ..expected };
            assert_eq!(only_end(&probe).await, expected, "{host:?}: {method}, {text}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_leaves_before_the_answer_cancels() {
    for host in Host::ALL {
        // The one who joins messages takes the loss of the others for their end, and answers nobody.
        for (method, text, status) in [("One", "pending", None), ("Join", "for now", Some(200))] {
            let (probe, greeter) = (Probe::new(), Greeter::default());
            let server = host.serve(Some(&probe), &greeter).await;
            let client = connect(server.address).await;
            let mut request = Request::new(text.to_owned());
            let leaving = request.cancellation_handle();
            let call = tokio::spawn(open(client.clone(), method, request));
            greeter.has_read().await;
            // Without this, hyper's client keeps a stream while there is more to send.
            leaving.cancel();
            call.abort();
            drop(call.await);
            probe.log().wait_for(Stage::End, 1).await;
            drop(client);
            server.stop().await;
            let cancelled = Ended { request_bytes: Some(14), ..Ended::cancelled(status, 0) };
            let expected = Ended { endpoint: host.unanswered().into(), ..cancelled };
            assert_eq!(only_end(&probe).await, expected, "{host:?}: {method}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_leaves_midway_cancels() {
    for host in Host::ALL {
        for (method, text, request_bytes) in [("Stream", "endless", 14), ("Echo", "one", 10)] {
            let probe = Probe::new();
            let server = host.serve(Some(&probe), &Greeter::default()).await;
            let client = connect(server.address).await;
            let mut request = Request::new(text.to_owned());
            let leaving = request.cancellation_handle();
            let mut heard = open(client.clone(), method, request).await.expect("an answer");
            assert_eq!(heard.message().await.expect("no error").as_deref(), Some("one"), "{host:?}: {method}");
            leaving.cancel();
            drop(heard);
            probe.log().wait_for(Stage::End, 1).await;
            drop(client);
            server.stop().await;
            let cancelled = Ended { request_bytes: Some(request_bytes), ..Ended::cancelled(Some(200), 10) };
            assert_eq!(only_end(&probe).await, of(method, cancelled), "{host:?}: {method}");
        }
    }
}

/// Begins a call whose request does not end, unless the method takes one message.
async fn open(
    mut client: Grpc<Channel>,
    method: &'static str,
    request: Request<String>,
) -> Result<Streaming<String>, Status> {
    client.ready().await.expect("it is connected");
    let codec = ProstCodec::<String, String>::default();
    let response = if let "One" | "Stream" = method {
        client.server_streaming(request, path(method), codec).await
    } else {
        let request = request.map(|text| tokio_stream::once(text).chain(tokio_stream::pending()));
        client.streaming(request, path(method), codec).await
    };
    response.map(Response::into_inner)
}

fn path(method: &str) -> PathAndQuery {
    format!("/greet.Greeter/{method}").parse().expect("a path")
}

/// tonic's server stands in front of all layers with its time-outs. It puts CANCELLED on the wire, for the caller's deadline too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_waits_no_longer_cancels() {
    let missed = Ended { grpc_status: Some("DEADLINE_EXCEEDED"), server_failure: true, ..Ended::cancelled(None, 0) };
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
    for (header, late) in [(None, false), (Some("1H"), false), (Some("soon"), false), (Some("1n"), true)] {
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
            let grpc_status = late.then_some("DEADLINE_EXCEEDED");
            let expected = Ended { grpc_status, server_failure: late, request_bytes: Some(14), ..ended };
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_graceful_stop_leaves_time_to_complete() {
    for host in Host::ALL {
        for (method, midway, messages, bytes) in
            [("One", false, &["hello held"][..], (11, 17)), ("Stream", true, &["one", "two"], (11, 20))]
        {
            let (probe, greeter) = (Probe::new(), Greeter::default());
            let server = host.serve(Some(&probe), &greeter).await;
            let mut client = connect(server.address).await;
            let call = Call::new(method, &["held"]);
            let stopping = || {
                server.begin_to_stop();
                greeter.go_on();
            };
            let reached = async {
                if !midway {
                    greeter.has_read().await;
                    stopping();
                }
            };
            let (got, ()) = tokio::join!(call.by(&mut client, stopping), reached);
            assert_eq!(got.code, Code::Ok, "{host:?}: {method}");
            assert_eq!(got.messages, messages, "{host:?}: {method}");
            // The connection ends, and so does the server, with the client still there.
            server.stop().await;
            drop(client);
            assert_eq!(only_end(&probe).await, of(method, answered(Code::Ok, bytes.0, bytes.1)), "{host:?}: {method}");
        }
    }
}

/// tonic's server turns requests away in front of all layers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_server_sheds_never_comes() {
    let (probe, greeter) = (Probe::new(), Greeter::default());
    let builder = transport::Server::builder().concurrency_limit_per_connection(1).load_shed(true);
    let server = tonic(builder, Some(&probe), &greeter).await;
    let (mut client, call) = (connect(server.address).await, Call::new("One", &["held"]));
    let mut other = client.clone();
    let turned_away = async {
        greeter.has_read().await;
        let got = Call::new("One", &["ada"]).by(&mut other, || ()).await;
        greeter.go_on();
        got
    };
    let (held, turned_away) = tokio::join!(call.by(&mut client, || ()), turned_away);
    assert_eq!((held.code, turned_away.code), (Code::Ok, Code::ResourceExhausted));
    drop((client, other));
    server.stop().await;
    assert_eq!(only_end(&probe).await, of("One", answered(Code::Ok, 11, 17)));
}
