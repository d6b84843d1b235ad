//! Exchanges over HTTP/2: what becomes of each, and that the client gets what it gets without the layer.

use std::{error::Error, net::SocketAddr};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use http_body::Frame;
use http_body_util::{BodyExt, Full, StreamBody, combinators::UnsyncBoxBody};
use hyper::{body::Incoming, client::conn::http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tests::probe::{Ended, Probe, Stage};
use tokio::net::TcpStream;

use super::{
    hosts::{Host, ends, only_end},
    replies::{LARGE, Replies, torn},
};

pub(crate) type Client = http2::SendRequest<UnsyncBoxBody<Bytes, std::convert::Infallible>>;

/// A connection, which lasts as long as its client does.
pub(crate) async fn connect(address: SocketAddr) -> Client {
    let stream = TcpStream::connect(address).await.expect("the server listens");
    let (client, connection) =
        http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.expect("the server speaks HTTP/2");
    tokio::spawn(connection);
    client
}

pub(crate) fn request(
    method: Method,
    uri: &str,
    body: &'static str,
) -> Request<UnsyncBoxBody<Bytes, std::convert::Infallible>> {
    let request = Request::builder().method(method).uri(format!("http://here{uri}"));
    request.body(Full::new(Bytes::from(body)).boxed_unsync()).expect("a request")
}

/// What a client gets.
#[derive(Debug, PartialEq)]
pub(crate) struct Got {
    head: Option<(StatusCode, HeaderMap)>,
    body: Vec<u8>,
    trailers: Option<HeaderMap>,
    error: Option<String>,
}

impl Got {
    /// Reads the response to its end or error; `midway` is called once the first data has come.
    pub(crate) async fn of(response: hyper::Result<Response<Incoming>>, midway: impl Fn()) -> Self {
        let mut got = Self { head: None, body: Vec::new(), trailers: None, error: None };
        let response = match response {
            Ok(response) => response,
            Err(error) => return Self { error: Some(all(&error)), ..got },
        };
        let (mut head, mut body) = response.into_parts();
        head.headers.remove("date");
        got.head = Some((head.status, head.headers));
        while let Some(frame) = body.frame().await {
            match frame.map(Frame::into_data) {
                Ok(Ok(data)) => got.body.extend(data),
                Ok(Err(frame)) => got.trailers = frame.into_trailers().ok(),
                Err(error) => return Self { error: Some(all(&error)), ..got },
            }
            midway();
        }
        got
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.as_ref()?.1.get(name)?.to_str().ok()
    }

    pub(crate) fn trailer(&self, name: &str) -> Option<&str> {
        self.trailers.as_ref()?.get(name)?.to_str().ok()
    }
}

fn all(error: &(dyn Error + 'static)) -> String {
    std::iter::successors(Some(error), |&error| error.source()).map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

struct Case {
    method: Method,
    name: &'static str,
    body: &'static str,
    /// What is in the response, so that the case is what it claims to be.
    holds: fn(&Got) -> bool,
    expected: Ended,
}

fn get(name: &'static str, holds: fn(&Got) -> bool, expected: Ended) -> Case {
    Case { method: Method::GET, name, body: "", holds, expected }
}

fn cases(host: Host) -> Vec<Case> {
    let ok = |bytes| Ended::completed(200, bytes);
    let head = |name, holds, expected| Case { method: Method::HEAD, ..get(name, holds, expected) };
    let post = |name, holds| Case { method: Method::POST, body: "ping", ..get(name, holds, ok(4)) };
    let torn_body = |bytes| Ended::failed(Some(200), bytes, host.torn_body());
    let mut cases = vec![
        get("known", |got| got.header("content-length") == Some("5"), ok(5)),
        get("missing", |got| got.body == b"hello", Ended::completed(404, 5)),
        get("broken", |got| got.body == b"hello", Ended::completed(503, 5)),
        get("chunked", |got| got.body == b"onetwothree" && got.header("content-length").is_none(), ok(11)),
        get("exact", |got| got.body == b"onetwothree" && got.header("content-length") == Some("11"), ok(11)),
        get("empty", |got| got.body.is_empty(), ok(0)),
        get("no-bytes", |got| got.body.is_empty(), ok(0)),
        get("no-chunks", |got| got.header("content-length").is_none(), ok(0)),
        get("ended", |got| got.body.is_empty(), ok(0)),
        get("204", |got| got.body.is_empty(), Ended::completed(204, 0)),
        get("204-with-body", |got| got.body == b"one", Ended::completed(204, 3)),
        get("304-with-body", |got| got.body == b"hello", Ended::completed(304, 5)),
        get("304", |got| got.header("etag") == Some("\"1\""), Ended::completed(304, 0)),
        // Over HTTP/2, hyper sends what a service gives it, even if HEAD asks for none of it.
        head("known", |got| got.header("content-length") == Some("5"), ok(5)),
        head("chunked", |_| true, ok(11)),
        head("exact", |got| got.header("content-length") == Some("11"), ok(11)),
        get("trailers", |got| got.trailer("checksum") == Some("6") && got.body == b"onetwo", ok(6)),
        get("no-data-but-trailers", |got| got.trailer("checksum") == Some("6"), ok(0)),
        get("large", |got| got.body.len() == LARGE, ok(LARGE as u64)),
        get("large-chunked", |got| got.body.len() == LARGE, ok(LARGE as u64)),
        post("echo", |got| got.body == b"ping"),
        post("echo-as-it-comes", |got| got.body == b"ping"),
        get("torn", |got| got.body == b"one" && got.error.is_some(), torn_body(3)),
        get("torn-exact", |got| got.body == b"one" && got.error.is_some(), torn_body(3)),
        get("torn-at-once", |got| got.error.is_some(), torn_body(0)),
        get("panic-in-call", |got| got.error.is_some(), Ended::panicked(None, 0)),
        get("panic", |got| got.error.is_some(), Ended::panicked(None, 0)),
        get("panic-midway", |got| got.body == b"one" && got.error.is_some(), Ended::panicked(Some(200), 3)),
    ];
    if host == Host::Hyper {
        cases.push(get("error", |got| got.error.is_some(), Ended::failed(None, 0, torn())));
    }
    cases
}

/// Whatever becomes of a stream, the connection goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn streams_to_their_end_on_a_connection_that_goes_on() {
    for host in Host::ALL {
        for Case { method, name, body, holds, expected } in cases(host) {
            let two = async |probe: Option<&Probe>| {
                let replies = Replies::default();
                let server = host.serve(probe, replies.clone()).await;
                let mut client = connect(server.address).await;
                let first = client.send_request(request(method.clone(), &format!("/reply/{name}"), body)).await;
                let first = Got::of(first, || replies.0.open()).await;
                if let Some(probe) = probe {
                    probe.log().wait_for(Stage::End, 1).await;
                }
                let second = client.send_request(request(Method::GET, "/reply/known", "")).await;
                let second = Got::of(second, || ()).await;
                drop(client);
                server.stop().await;
                [first, second]
            };
            let probe = Probe::new();
            let (with, without) = (two(Some(&probe)).await, two(None).await);
            assert!(with == without, "{host:?}: {method} {name}: the client gets the same");
            assert!(holds(&with[0]), "{host:?}: {method} {name}: {:?}", with[0].head);
            assert_eq!(with[1].body, b"hello", "{host:?}: {method} {name}: the connection goes on");
            let expected = [host.sees(body.len() as u64, expected), host.sees(0, Ended::completed(200, 5))];
            assert_eq!(ends(&probe, 2).await, expected, "{host:?}: {method} {name}");
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Leaving {
    /// `RST_STREAM`: the connection goes on.
    Stream,
    Connection,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_goes_away_cancels() {
    let event = Ended { long_lived: true, ..Ended::cancelled(Some(200), 9) };
    let cases = [
        ("pending", Ended::cancelled(None, 0)),
        ("endless", Ended::cancelled(Some(200), 3)),
        ("endless-exact", Ended::cancelled(Some(200), 3)),
        ("events", event),
    ];
    for host in Host::ALL {
        for leaving in [Leaving::Stream, Leaving::Connection] {
            for (name, expected) in &cases {
                let probe = Probe::new();
                let server = host.serve(Some(&probe), Replies::default()).await;
                let mut client = connect(server.address).await;
                let path = format!("/reply/{name}");
                let response = tokio::spawn(client.send_request(request(Method::GET, &path, "")));
                probe.log().wait_for(Stage::Begin, 1).await;
                let mut expected = vec![host.sees(0, expected.clone())];
                // The first frame that comes shows that the server waits now, where it is to have begun.
                if *name == "pending" {
                    response.abort();
                    drop(response.await);
                } else {
                    let mut response = response.await.expect("no panic").expect("a response");
                    response.frame().await.expect("a frame").expect("no error");
                }
                if leaving == Leaving::Stream {
                    probe.log().wait_for(Stage::End, 1).await;
                    let second = client.send_request(request(Method::GET, "/reply/known", "")).await;
                    assert_eq!(Got::of(second, || ()).await.body, b"hello", "{host:?}: {name}: the connection goes on");
                    expected.push(host.sees(0, Ended::completed(200, 5)));
                }
                drop(client);
                server.stop().await;
                assert_eq!(ends(&probe, expected.len()).await, expected, "{host:?}, {leaving:?}: {name}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_with_trailers_of_its_own() {
    let probe = Probe::new();
    let server = Host::Axum.serve(Some(&probe), Replies::default()).await;
    let mut client = connect(server.address).await;
    let checksum = HeaderMap::from_iter([(http::HeaderName::from_static("checksum"), HeaderValue::from_static("8"))]);
    let frames = [Frame::data(Bytes::from("ping")), Frame::data(Bytes::from("pong")), Frame::trailers(checksum)];
    let body = StreamBody::new(tokio_stream::iter(frames.map(Ok))).boxed_unsync();
    let request = Request::post("http://here/reply/echo-as-it-comes").body(body).expect("a request");
    let got = Got::of(client.send_request(request).await, || ()).await;
    assert_eq!((&*got.body, got.trailer("checksum")), (&b"pingpong"[..], Some("8")));
    drop(client);
    server.stop().await;
    assert_eq!(only_end(&probe).await, Host::Axum.sees(8, Ended::completed(200, 8)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_graceful_stop_leaves_time_to_complete() {
    for host in Host::ALL {
        for (name, bytes) in [("held", 5), ("held-midway", 6)] {
            let (probe, replies) = (Probe::new(), Replies::default());
            let server = host.serve(Some(&probe), replies.clone()).await;
            let mut client = connect(server.address).await;
            let response = tokio::spawn(client.send_request(request(Method::GET, &format!("/reply/{name}"), "")));
            probe.log().wait_for(Stage::Begin, 1).await;
            server.begin_to_stop();
            replies.0.open();
            let got = Got::of(response.await.expect("no panic"), || ()).await;
            assert_eq!((got.body.len(), &got.error), (bytes, &None), "{host:?}: {name}");
            server.stop().await;
            assert_eq!(only_end(&probe).await, host.sees(0, Ended::completed(200, bytes as u64)), "{host:?}: {name}");
        }
    }
}
