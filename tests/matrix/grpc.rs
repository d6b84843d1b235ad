//! gRPC exchanges that go out whole, by tonic's own client: each ends as what the client makes of it, and the client gets what
//! it gets without the layer.

use tests::probe::{Ended, Probe};
use tokio::sync::mpsc;
use tokio_stream::{StreamExt, wrappers::ReceiverStream};
use tonic::{Code, Request};
use tonic_prost::ProstCodec;

use super::{
    caller::{CODES, Call, answered, connect, of},
    greeter::{Greeter, Host, MAX_MESSAGE},
    hosts::{ends, only_end},
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
            let (with, without) = (call.alone(host, Some(&probe)).await, call.alone(host, None).await);
            assert_eq!(with, without, "{host:?}: {call:?}: the client gets the same");
            assert_eq!(
                (with.code, &*with.messages),
                (code, &*messages.iter().map(ToString::to_string).collect::<Vec<_>>()),
                "{host:?}: {call:?}"
            );
            assert_eq!(only_end(&probe).await, expected, "{host:?}: {call:?}");
        }
    }
}
