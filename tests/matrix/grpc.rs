//! gRPC exchanges that go out whole, by tonic's own client: each ends as what the client makes of it, and the client gets what
//! it gets without the layer.

use tests::probe::{Ended, Probe, Stage};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Request};
use tonic_prost::ProstCodec;

use super::{
    caller::{Call, Got, answered, connect, of, path},
    greeter::{Greeter, MAX_MESSAGE},
    grpc_hosts::Host,
    hosts::{grpc_ends, only_end, only_grpc_end},
};

struct Case {
    call: Call,
    /// What the client gets.
    code: Code,
    messages: &'static [&'static str],
    expected: Ended,
}

fn case(
    method: &'static str,
    request: &[&str],
    code: Code,
    messages: &'static [&'static str],
    (request_bytes, response_bytes): (u64, u64),
) -> Case {
    let expected = of(method, answered(code, request_bytes, response_bytes));
    Case { call: Call::new(method, request), code, messages, expected }
}

/// Each message has a header of five bytes, and its text, if there is any, one of two.
fn cases() -> Vec<Case> {
    let ok = Code::Ok;
    let too_long = "x".repeat(MAX_MESSAGE - 1);
    let long_enough = "x".repeat(MAX_MESSAGE - 2);
    vec![
        case("One", &["ada"], ok, &["hello ada"], (10, 16)),
        case("One", &[""], ok, &["hello "], (5, 13)),
        case("One", &["silence"], ok, &[""], (14, 5)),
        case("Stream", &["three"], ok, &["one", "two", "three"], (12, 32)),
        case("Stream", &["held"], ok, &["one", "two"], (11, 20)),
        case("Stream", &["none"], ok, &[], (11, 0)),
        case("Stream", &["broken"], Code::Internal, &["one"], (13, 10)),
        case("Stream", &["broken at once"], Code::Internal, &[], (21, 0)),
        case("Stream", &["refused"], Code::Internal, &[], (14, 0)),
        case("Join", &["ada", "grace"], ok, &["ada and grace"], (22, 20)),
        case("Join", &[], ok, &[""], (0, 5)),
        case("Join", &["ada", "code 5"], Code::NotFound, &[], (23, 0)),
        case("Echo", &["ada", "", "grace"], ok, &["ada", "", "grace"], (27, 27)),
        case("Echo", &[], ok, &[], (0, 0)),
        case("Echo", &["ada", "code 14"], Code::Unavailable, &["ada"], (24, 10)),
        // Messages that are too long.
        case("One", &[&too_long], Code::OutOfRange, &[], (70, 0)),
        case("Echo", &["ada", &too_long], Code::OutOfRange, &["ada"], (80, 10)),
        case("One", &["large"], Code::OutOfRange, &[], (12, 0)),
        case("Stream", &["large"], Code::OutOfRange, &["one"], (12, 10)),
        case(
            "Join",
            &[&long_enough],
            ok,
            &["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
            (69, 69),
        ),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_kind_of_method() {
    for host in Host::ALL {
        for Case { call, code, messages, expected } in cases() {
            let probe = Probe::new();
            let got = same(host, &probe, &call).await;
            assert_eq!(got.code, code, "{host:?}: {call:?}");
            assert_eq!(got.messages, messages, "{host:?}: {call:?}");
            assert_eq!(only_grpc_end(&probe).await, expected, "{host:?}: {call:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_status_of_a_handler() {
    for host in Host::ALL {
        for number in 0..=16 {
            let (code, text) = (Code::from_i32(number), format!("code {number}"));
            let (probe, call) = (Probe::new(), Call::new("One", &[&text]));
            let got = same(host, &probe, &call).await;
            // A status is no message, even if that is OK.
            let seen = if code == Code::Ok { Code::Internal } else { code };
            assert_eq!((got.code, got.metadata, got.messages.len()), (seen, None, 0), "{host:?}: {code:?}");
            if code != Code::Ok {
                let (message, details, metadata) = &got.status;
                assert_eq!((&**message, &**details), ("naïve: 100 %", &b"\0details"[..]), "{host:?}: {code:?}");
                assert_eq!(metadata["why"], "it was asked to", "{host:?}: {code:?}");
            }
            let mut expected = of("One", answered(code, 7 + text.len() as u64, 0));
            if code == Code::Unimplemented {
                expected.endpoint = "unmatched".into();
            }
            let ended = only_end(&probe).await;
            // The status is the error behind the answer, where the server is to blame.
            assert_eq!(
                ended.left_error.is_some(),
                expected.server_failure,
                "{host:?}: {code:?}: {:?}",
                ended.left_error
            );
            assert_eq!(Ended { left_error: None, ..ended }, expected, "{host:?}: {code:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_answers_to_is_unmatched() {
    for host in Host::ALL {
        for path in ["greet.Greeter/Nothing", "greet.Nobody/One", "nobody.Greeter/One", "Nobody/Nothing"] {
            let (probe, call) = (Probe::new(), Call::at(path, &["ada"]));
            let got = same(host, &probe, &call).await;
            assert_eq!((got.code, got.messages.len()), (Code::Unimplemented, 0), "{host:?}: {path}");
            assert_eq!(only_grpc_end(&probe).await, answered(Code::Unimplemented, 0, 0), "{host:?}: {path}");
        }
    }
}

/// The caller's word alone is not enough, but one answer is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_method_that_has_answered_keeps_its_name() {
    for host in Host::ALL {
        let (probe, greeter) = (Probe::new(), Greeter::default());
        let server = host.serve(Some(&probe), &greeter).await;
        let mut client = connect(server.address).await;
        let calls = ["panic", "code 12", "ada", "panic", "code 12"];
        for (done, text) in calls.into_iter().enumerate() {
            Call::new("One", &[text]).by(&mut client, || ()).await;
            probe.log().wait_for(Stage::End, done + 1).await;
        }
        drop(client);
        server.stop().await;
        let panicked = Ended { request_bytes: Some(12), ..Ended::panicked(None, 0) };
        let unanswered = Ended { endpoint: host.unanswered().into(), ..panicked.clone() };
        let unimplemented = answered(Code::Unimplemented, 14, 0);
        let expected = [
            unanswered,
            unimplemented.clone(),
            of("One", answered(Code::Ok, 10, 16)),
            of("One", panicked),
            of("One", unimplemented),
        ];
        assert_eq!(grpc_ends(&probe, 5).await, expected, "{host:?}");
    }
}

/// What no service of tonic's would answer: the observer makes of it what the client does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_status_that_is_lost_or_elsewhere() {
    let cases: [(_, _, _, &[_]); 15] = [
        ("StatusNowhere", 200, Code::Unknown, &["one"]),
        ("StatusLost", 200, Code::Unknown, &["one"]),
        ("StatusMalformed", 200, Code::Unknown, &["one"]),
        ("Thirteen", 200, Code::Internal, &["one"]),
        ("ThirteenOnly", 200, Code::Internal, &[]),
        ("Http400", 400, Code::Internal, &[]),
        ("Http401", 401, Code::Unauthenticated, &[]),
        ("Http403", 403, Code::PermissionDenied, &[]),
        ("Http404", 404, Code::Unimplemented, &[]),
        ("Http418", 418, Code::Unknown, &[]),
        ("Http429", 429, Code::Unavailable, &[]),
        ("Http500", 500, Code::Unknown, &[]),
        ("Http502", 502, Code::Unavailable, &[]),
        ("Http503", 503, Code::Unavailable, &[]),
        ("Http504", 504, Code::Unavailable, &[]),
    ];
    for host in Host::ALL {
        for (method, status, code, messages) in cases {
            let (probe, call) = (Probe::new(), Call::new(method, &["ada"]));
            let got = same(host, &probe, &call).await;
            assert_eq!(got.code, code, "{host:?}: {method}");
            assert_eq!(got.messages, messages, "{host:?}: {method}");
            let answered = Ended { status: Some(status), ..answered(code, 0, 10 * messages.len() as u64) };
            let expected = if code == Code::Unimplemented { answered } else { of(method, answered) };
            assert_eq!(only_grpc_end(&probe).await, expected, "{host:?}: {method}");
        }
    }
}

/// What does not say that it is gRPC is plain HTTP, whatever the request was.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_of_another_type_has_no_grpc_status() {
    for host in Host::ALL {
        for (method, status) in [("Page", 503), ("Web", 200)] {
            let (probe, call) = (Probe::new(), Call::new(method, &["ada"]));
            assert_ne!(same(host, &probe, &call).await.code, Code::Ok, "{host:?}: {method}");
            let http = Ended { request_bytes: Some(0), ..Ended::completed(status, 10) };
            let expected = Ended { endpoint: host.unanswered().into(), ..http };
            assert_eq!(only_grpc_end(&probe).await, expected, "{host:?}: {method}");
        }
    }
}

/// Each side waits for the other's word.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conversation() {
    for host in Host::ALL {
        let probe = Probe::new();
        let server = host.serve(Some(&probe), &Greeter::default()).await;
        let mut client = connect(server.address).await;
        client.ready().await.expect("it is connected");
        let (say, said) = mpsc::channel::<String>(1);
        let request = Request::new(ReceiverStream::new(said));
        let codec = ProstCodec::<String, String>::default();
        let mut heard = client.streaming(request, path("Echo"), codec).await.expect("an answer").into_inner();
        for text in ["ada", "grace", "alan"] {
            say.send(text.into()).await.expect("the call goes on");
            assert_eq!(heard.message().await.expect("no error").as_deref(), Some(text), "{host:?}");
        }
        drop(say);
        assert_eq!(heard.message().await.expect("no error"), None, "{host:?}");
        drop((heard, client));
        server.stop().await;
        assert_eq!(only_grpc_end(&probe).await, of("Echo", answered(Code::Ok, 33, 33)), "{host:?}");
    }
}

/// What the client gets, which is the same as without the observer.
async fn same(host: Host, probe: &Probe, call: &Call) -> Got {
    let (with, without) = (call.alone(host, Some(probe)).await, call.alone(host, None).await);
    assert_eq!(with, without, "{host:?}: {call:?}: the client gets the same");
    with
}
