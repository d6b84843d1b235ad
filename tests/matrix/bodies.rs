//! Responses over HTTP/1.1 that go out whole: each ends as what it was, and is on the wire what it is without the layer.

use bytes::Bytes;
use tests::probe::{Ended, Probe, Stage};
use tower::Layer;

use super::{
    hosts::{Host, Server, ends, only_end},
    replies::{LARGE, Replies, routes},
    wire::{Wire, request},
};

struct Case {
    name: &'static str,
    request: String,
    request_bytes: u64,
    /// What must be in the response, so that the case is what it claims to be.
    wire: &'static [&'static str],
    expected: Ended,
}

fn case(method: &str, name: &'static str, wire: &'static [&'static str], expected: Ended) -> Case {
    Case { name, request: request(method, name, ""), request_bytes: 0, wire, expected }
}

fn get(name: &'static str, wire: &'static [&'static str], expected: Ended) -> Case {
    case("GET", name, wire, expected)
}

/// A request with a body, or with headers of its own.
fn post(name: &'static str, more: &str, request_bytes: u64, wire: &'static [&'static str], expected: Ended) -> Case {
    let request = format!("POST /reply/{name} HTTP/1.1\r\nhost: here\r\n{more}");
    Case { name, request, request_bytes, wire, expected }
}

const CHUNKED: &str = "transfer-encoding: chunked";

fn cases() -> Vec<Case> {
    let ok = |bytes| Ended::completed(200, bytes);
    let chunks = &[CHUNKED, "\r\n3\r\none\r\n3\r\ntwo\r\n5\r\nthree\r\n0\r\n\r\n"];
    vec![
        get("known", &["200 OK", "content-length: 5", "\r\n\r\nhello"], ok(5)),
        get("missing", &["404 Not Found", "\r\n\r\nhello"], Ended::completed(404, 5)),
        get("broken", &["503 Service Unavailable", "\r\n\r\nhello"], Ended::completed(503, 5)),
        get("chunked", chunks, ok(11)),
        get("exact", &["content-length: 11", "\r\n\r\nonetwothree"], ok(11)),
        get("empty", &["content-length: 0"], ok(0)),
        get("no-bytes", &["content-length: 0"], ok(0)),
        get("no-chunks", &[CHUNKED, "\r\n\r\n0\r\n\r\n"], ok(0)),
        get("ended", &["200 OK"], ok(0)),
        get("204", &["204 No Content"], Ended::completed(204, 0)),
        get("204-with-body", &["204 No Content"], Ended::completed(204, 0)),
        get("304", &["304 Not Modified", "etag: \"1\""], Ended::completed(304, 0)),
        get("304-with-body", &["304 Not Modified", "etag: \"1\""], Ended::completed(304, 0)),
        case("HEAD", "known", &["200 OK", "content-length: 5"], ok(0)),
        case("HEAD", "chunked", &["200 OK"], ok(0)),
        case("HEAD", "exact", &["content-length: 11"], ok(0)),
        case("HEAD", "large", &["content-length: 5242880"], ok(0)),
        case("HEAD", "events", &["text/event-stream"], Ended { long_lived: true, ..ok(0) }),
        get("large", &["content-length: 5242880"], ok(LARGE as u64)),
        get("large-chunked", &[CHUNKED, "\r\n\r\n10000\r\nxxx"], ok(LARGE as u64)),
        Case {
            request: request("GET", "trailers", "te: trailers\r\n"),
            ..get("trailers", &[CHUNKED, "3\r\none\r\n3\r\ntwo\r\n0\r\nchecksum: 6\r\n\r\n"], ok(6))
        },
        // hyper leaves out what the client does not want.
        get("trailers", &[CHUNKED, "3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n"], ok(6)),
        Case {
            request: request("GET", "no-data-but-trailers", "te: trailers\r\n"),
            ..get("no-data-but-trailers", &[CHUNKED, "\r\n\r\n0\r\nchecksum: 6\r\n\r\n"], ok(0))
        },
        post("echo", "content-length: 4\r\n\r\nping", 4, &["content-length: 4", "\r\n\r\nping"], ok(4)),
        post("echo", "content-length: 0\r\n\r\n", 0, &["content-length: 0"], ok(0)),
        post(
            "echo",
            "transfer-encoding: chunked\r\n\r\n4\r\nping\r\n3\r\n!!!\r\n0\r\n\r\n",
            7,
            &["content-length: 7", "\r\n\r\nping!!!"],
            ok(7),
        ),
        // A body of the request's own length is known to end.
        post("echo-as-it-comes", "content-length: 4\r\n\r\nping", 4, &["content-length: 4", "\r\n\r\nping"], ok(4)),
        post(
            "echo-as-it-comes",
            "transfer-encoding: chunked\r\n\r\n4\r\nping\r\n0\r\n\r\n",
            4,
            &[CHUNKED, "\r\n\r\n4\r\nping\r\n0\r\n\r\n"],
            ok(4),
        ),
        post(
            "echo",
            "expect: 100-continue\r\ncontent-length: 4\r\n\r\nping",
            4,
            &["100 Continue\r\n\r\nHTTP/1.1 200", "ping"],
            ok(4),
        ),
        // Nobody reads it.
        post("known", "content-length: 4\r\n\r\nping", 0, &["\r\n\r\nhello"], ok(5)),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whole_responses_on_a_connection_of_their_own_that_goes_on() {
    for host in Host::ALL {
        for case in cases() {
            let probe = Probe::new();
            let with = two_on_one(host, Some(&probe), &case).await;
            let without = two_on_one(host, None, &case).await;
            check_wire(host, &case, &with, &without);
            let second = host.sees(0, Ended::completed(200, 5));
            let expected = [host.sees(case.request_bytes, case.expected), second];
            assert_eq!(ends(&probe, 2).await, expected, "{host:?}: {}", case.request);
        }
    }
}

/// The case's response, and that of a second request on the same connection.
async fn two_on_one(host: Host, probe: Option<&Probe>, case: &Case) -> [Bytes; 2] {
    let server = host.serve(probe, Replies::default()).await;
    let mut wire = Wire::connect(server.address).await;
    wire.send(&case.request).await;
    let first = wire.response(case.request.starts_with("HEAD")).await;
    if let Some(probe) = probe {
        probe.log().wait_for(Stage::End, 1).await;
    }
    wire.send(request("GET", "known", "connection: close\r\n")).await;
    let second = wire.rest().await;
    assert!(second.ends_with(b"hello"), "{host:?}: {}: the connection goes on: {second:?}", case.request);
    server.stop().await;
    [first, second]
}

fn check_wire(host: Host, case: &Case, with: &[Bytes; 2], without: &[Bytes; 2]) {
    let shown = |bytes: &Bytes| String::from_utf8_lossy(&bytes[..bytes.len().min(600)]).into_owned();
    for (with, without) in with.iter().zip(without) {
        assert!(with == without, "{host:?}: {}: {} is {}", case.name, shown(with), shown(without));
    }
    let text = String::from_utf8_lossy(&with[0]);
    for part in case.wire {
        assert!(text.contains(part), "{host:?}: {}: {part:?} in {}", case.name, shown(&with[0]));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whole_responses_in_one_pipeline() {
    for host in Host::ALL {
        // What waits for a word of the server does not go into a pipeline.
        let cases: Vec<_> = cases().into_iter().filter(|case| !case.request.contains("expect:")).collect();
        let mut requests: String = cases.iter().map(|case| &*case.request).collect();
        requests.push_str(&request("GET", "known", "connection: close\r\n"));
        let pipeline = async |probe: Option<&Probe>| {
            let server = host.serve(probe, Replies::default()).await;
            let mut wire = Wire::connect(server.address).await;
            wire.send(&requests).await;
            let all = wire.rest().await;
            server.stop().await;
            all
        };
        let probe = Probe::new();
        let (with, without) = (pipeline(Some(&probe)).await, pipeline(None).await);
        assert!(with == without, "{host:?}: the wire is the same");
        let last = host.sees(0, Ended::completed(200, 5));
        let expected = cases.into_iter().map(|case| host.sees(case.request_bytes, case.expected));
        let expected: Vec<_> = expected.chain([last]).collect();
        assert_eq!(ends(&probe, expected.len()).await, expected, "{host:?}");
    }
}

/// Responses that end with their connection.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whole_responses_that_close_the_connection() {
    let old = |name| format!("GET /reply/{name} HTTP/1.0\r\n\r\n");
    let cases = [
        ("HTTP/1.0", old("known"), "\r\n\r\nhello", 5),
        ("HTTP/1.0, to the end of the connection", old("chunked"), "\r\n\r\nonetwothree", 11),
        ("HTTP/1.0, trailers", old("trailers"), "\r\n\r\nonetwo", 6),
        ("close", request("GET", "known", "connection: close\r\n"), "connection: close", 5),
        ("close, chunked", request("GET", "chunked", "connection: close\r\n"), "0\r\n\r\n", 11),
    ];
    for host in Host::ALL {
        for (name, request, part, bytes) in &cases {
            let probe = Probe::new();
            let with = until_closed(host.serve(Some(&probe), Replies::default()).await, request).await;
            let without = until_closed(host.serve(None, Replies::default()).await, request).await;
            assert_eq!(with, without, "{host:?}: {name}");
            assert!(String::from_utf8_lossy(&with).contains(part), "{host:?}: {name}: {with:?}");
            assert_eq!(only_end(&probe).await, host.sees(0, Ended::completed(200, *bytes)), "{host:?}: {name}");
        }
    }
}

/// A client may say that it sends nothing more, and still wait for the response, if the server lets it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whole_responses_to_a_client_that_has_finished() {
    let probe = Probe::new();
    let replies = Replies::default();
    let service = probe.layer().routes(routes()).layer(replies.clone());
    let server = Server::hyper_with(service, |builder| _ = builder.http1().half_close(true)).await;
    let mut wire = Wire::connect(server.address).await;
    wire.send(request("GET", "held", "connection: close\r\n")).await;
    wire.finish().await;
    probe.log().wait_for(Stage::Begin, 1).await;
    replies.0.open();
    assert!(wire.rest().await.ends_with(b"hello"));
    server.stop().await;
    assert_eq!(only_end(&probe).await, Host::Hyper.sees(0, Ended::completed(200, 5)));
}

async fn until_closed(server: Server, request: &str) -> Bytes {
    let mut wire = Wire::connect(server.address).await;
    wire.send(request).await;
    let all = wire.rest().await;
    server.stop().await;
    all
}
