//! gRPC exchanges that end before their time, or nearly.

use tests::probe::{Ended, Probe, Stage};
use tokio_stream::StreamExt;
use tonic::{
    Code, Request, Response, Status, Streaming,
    client::Grpc,
    transport::{self, Channel},
};
use tonic_prost::ProstCodec;

use super::{
    caller::{Call, answered, connect, of, path},
    greeter::Greeter,
    grpc_hosts::{Host, tonic},
    hosts::only_end,
};

/// What has panicked has no status, whatever the client makes of that.
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
