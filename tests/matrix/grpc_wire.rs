//! What tonic's own client never sends, to a gRPC service.

use bytes::Bytes;
use http::{Method, Request};
use http_body_util::{BodyExt, Full};
use tests::probe::{Ended, Probe, Stage};
use tonic::{Code, transport};

use super::{
    caller::{CODES, answered, of},
    greeter::Greeter,
    grpc_hosts::{Host, tonic},
    hosts::only_grpc_end,
    http2::{Got, connect},
    wire::Wire,
};

struct Case {
    method: Method,
    path: &'static str,
    headers: &'static [(&'static str, &'static str)],
    body: &'static [u8],
    expected: Ended,
}

const GRPC: &[(&str, &str)] = &[("content-type", "application/grpc")];
const ADA: &[u8] = b"\0\0\0\0\x05\x0a\x03ada";

fn post(
    path: &'static str,
    headers: &'static [(&'static str, &'static str)],
    body: &'static [u8],
    expected: Ended,
) -> Case {
    Case { method: Method::POST, path, headers, body, expected }
}

/// Whose request is not all that it should be.
fn damaged(method: &'static str, path: &'static str, body: &'static [u8], response_bytes: u64) -> Case {
    post(path, GRPC, body, of(method, answered(Code::Internal, body.len() as u64, response_bytes)))
}

fn cases(host: Host) -> Vec<Case> {
    let (one, echo) = ("/greet.Greeter/One", "/greet.Greeter/Echo");
    let fine = || answered(Code::Ok, 10, 16);
    let unimplemented = || answered(Code::Unimplemented, 0, 0);
    // Without gRPC's content type or a method's kind of path, a request names none. axum's router names it then.
    let unnamed = |ended| Ended { endpoint: host.unanswered().into(), ..ended };
    let get = |path, expected| Case { method: Method::GET, ..post(path, &[], b"", expected) };
    let page = match host {
        Host::Tonic => unimplemented(),
        Host::Axum => Ended { endpoint: "/page".into(), request_bytes: Some(0), ..Ended::completed(200, 5) },
    };
    vec![
        post(one, GRPC, ADA, of("One", fine())),
        post(one, &[("content-type", "application/grpc+proto")], ADA, of("One", fine())),
        post(one, &[("content-type", "application/grpc; v=1")], ADA, of("One", fine())),
        post(one, GRPC, b"\0\0\0\0\x05\x0a\x03ada\0\0\0\0\x05\x0a\x03bob", of("One", answered(Code::Ok, 20, 16))),
        post("/greet.Greeter/One?a=b", GRPC, ADA, of("One", fine())),
        damaged("One", one, b"", 0),
        damaged("One", one, b"\0\0\0", 0),
        damaged("One", one, b"\0\0\0\0\x05", 0),
        damaged("One", one, b"\0\0\0\0\x05\x0a\x03ad", 0),
        damaged("One", one, b"\0\0\0\0\x05\x0a\x09ada", 0),
        damaged("One", one, b"\0\0\0\0\x02\xff\xff", 0),
        damaged("One", one, b"\0\0\0\0\x05\x0a\x03\xff\xff\xff", 0),
        damaged("One", one, b"\x01\0\0\0\x05\x0a\x03ada", 0),
        damaged("One", one, b"\x07\0\0\0\x05\x0a\x03ada", 0),
        damaged("Join", "/greet.Greeter/Join", b"\0\0\0\0\x05\x0a\x03ada\0\0", 0),
        damaged("Echo", echo, b"\0\0\0\0\x05\x0a\x03ada\0\0", 10),
        damaged("Echo", echo, b"\0\0\0\0\x05\x0a\x03ada\x07\0\0\0\x05", 10),
        post(one, GRPC, b"\0\xff\xff\xff\xff", of("One", answered(Code::OutOfRange, 5, 0))),
        // tonic says that there is no such thing, and means the encoding.
        post(one, &[("content-type", "application/grpc"), ("grpc-encoding", "gzip")], ADA, unimplemented()),
        post("/greet.Greeter/On%65", GRPC, ADA, unnamed(unimplemented())),
        post("/greet.Greeter/One/", GRPC, ADA, unnamed(unimplemented())),
        post("/greet.Greeter", GRPC, ADA, unimplemented()),
        post("/", GRPC, ADA, unimplemented()),
        // tonic asks for no content type.
        post(one, &[], ADA, unnamed(fine())),
        post(one, &[("content-type", "application/json")], ADA, unnamed(fine())),
        post(one, &[("content-type", "application/grpc-web")], ADA, unnamed(fine())),
        post(one, &[("content-type", "application/grpc-web-text+proto")], ADA, unnamed(fine())),
        get(one, unnamed(answered(Code::Internal, 0, 0))),
        get("/", unimplemented()),
        get("/favicon.ico", unimplemented()),
        get("/page", page),
        Case { method: Method::HEAD, ..get("/", unimplemented()) },
        Case { method: Method::OPTIONS, ..get("/", unimplemented()) },
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_grpc_service_makes_of_any_request() {
    for host in Host::ALL {
        for case in cases(host) {
            let (probe, name) = (Probe::new(), format!("{host:?}: {} {} {:?}", case.method, case.path, case.body));
            let (with, without) = (sent(host, Some(&probe), &case).await, sent(host, None, &case).await);
            assert!(with == without, "{name}: {with:?} is {without:?}");
            assert_eq!(status(&with), case.expected.grpc_status, "{name}: {with:?}");
            assert_eq!(only_grpc_end(&probe).await, case.expected, "{name}");
        }
    }
}

async fn sent(host: Host, probe: Option<&Probe>, case: &Case) -> Got {
    let server = host.serve(probe, &Greeter::default()).await;
    let mut client = connect(server.address).await;
    let mut request = Request::builder().method(case.method.clone()).uri(format!("http://here{}", case.path));
    for (name, value) in case.headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Full::new(Bytes::from_static(case.body)).boxed_unsync()).expect("a request");
    let got = Got::of(client.send_request(request).await, || ()).await;
    if let Some(probe) = probe {
        probe.log().wait_for(Stage::End, 1).await;
    }
    drop(client);
    server.stop().await;
    got
}

/// The name of the status on the wire.
fn status(got: &Got) -> Option<&'static str> {
    let code = got.trailer("grpc-status").or_else(|| got.header("grpc-status"))?;
    Some(CODES[code.parse::<usize>().expect("a code")].0)
}

/// tonic's server takes no HTTP/1.1 unless it is told to.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_protocol_is_no_exchange() {
    let probe = Probe::new();
    let server = Host::Tonic.serve(Some(&probe), &Greeter::default()).await;
    let mut wire = Wire::connect(server.address).await;
    wire.send("GET / HTTP/1.1\r\nhost: here\r\n\r\n").await;
    wire.rest().await;
    server.stop().await;
    assert_eq!(probe.log().lines(), [""; 0]);
}

/// It is not gRPC's protocol, but it carries what gRPC needs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_over_http_1() {
    let head = "POST /greet.Greeter/One HTTP/1.1\r\nhost: here\r\nconnection: close\r\ncontent-length: 10\r\n";
    let call = [head.as_bytes(), b"te: trailers\r\ncontent-type: application/grpc\r\n\r\n", ADA].concat();
    for host in Host::ALL {
        let answer = async |probe: Option<&Probe>| {
            let greeter = Greeter::default();
            let server = match host {
                Host::Tonic => tonic(transport::Server::builder().accept_http1(true), probe, &greeter).await,
                Host::Axum => host.serve(probe, &greeter).await,
            };
            let mut wire = Wire::connect(server.address).await;
            wire.send(&call).await;
            let all = wire.rest().await;
            server.stop().await;
            all
        };
        let probe = Probe::new();
        let (with, without) = (answer(Some(&probe)).await, answer(None).await);
        assert_eq!(with, without, "{host:?}");
        assert!(String::from_utf8_lossy(&with).contains("hello ada"), "{host:?}: {with:?}");
        assert_eq!(only_grpc_end(&probe).await, of("One", answered(Code::Ok, 10, 16)), "{host:?}");
    }
}
