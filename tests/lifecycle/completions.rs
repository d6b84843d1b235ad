//! Responses that go out whole, whether or not their host asks for the end.

use std::{convert::Infallible, future::ready};

use bytes::Bytes;
use http::{Method, Request};
use http_body::Frame;
use http_body_util::{BodyExt, Empty, Full, StreamBody};
use tests::probe::{Ended, Probe};
use tokio_stream::iter;

use super::{
    fixtures::{ALL, AnyBody, answered, any, headers, read, response},
    script::{ScriptedBody, Step},
};

const UNREAD: usize = 0;

struct Case {
    name: &'static str,
    method: Method,
    status: u16,
    headers: &'static [(&'static str, &'static str)],
    body: AnyBody,
    frames: usize,
    expected: Ended,
}

fn get(name: &'static str, body: AnyBody, frames: usize, expected: Ended) -> Case {
    let status = expected.status.expect("a case has a response");
    Case { name, method: Method::GET, status, headers: &[], body, frames, expected }
}

fn full() -> AnyBody {
    any(Full::new(Bytes::from("hello")))
}

/// Three frames, nine bytes, and no length beforehand.
fn chunks() -> AnyBody {
    any(StreamBody::new(iter(["one", "two", "six"].map(|chunk| Ok::<_, Infallible>(Frame::data(Bytes::from(chunk)))))))
}

fn trailed() -> AnyBody {
    any(Full::new(Bytes::from("hello")).with_trailers(ready(Some(Ok(headers(&[("checksum", "5")]))))))
}

fn sized() -> AnyBody {
    any(ScriptedBody::new(&[Step::Data("one"), Step::Pending, Step::Data("two")]).sized())
}

#[tokio::test]
async fn whole_responses_are_completed() {
    let long_lived = |bytes, status| Ended { long_lived: true, ..Ended::completed(status, bytes) };
    let cases = [
        get("full", full(), ALL, Ended::completed(200, 5)),
        get("full, to its last frame", full(), 1, Ended::completed(200, 5)),
        get("empty", any(Empty::new()), ALL, Ended::completed(200, 0)),
        get("empty, unread", any(Empty::new()), UNREAD, Ended::completed(200, 0)),
        get("of no bytes, unread", any(Full::default()), UNREAD, Ended::completed(200, 0)),
        get("chunks", chunks(), ALL, Ended::completed(200, 9)),
        get("trailers", trailed(), ALL, Ended::completed(200, 5)),
        get("trailers, to the last frame", trailed(), 2, Ended::completed(200, 5)),
        get("of a size, to its last frame", sized(), 2, Ended::completed(200, 6)),
        get("already ended", any(ScriptedBody::default().knowing_its_end()), UNREAD, Ended::completed(200, 0)),
        get("that knows its end", any(known_end()), 1, Ended::completed(200, 3)),
        get("a client's error", full(), ALL, Ended::completed(404, 5)),
        get("a server's error", full(), ALL, Ended::completed(503, 5)),
        Case {
            headers: &[("content-length", "9")],
            ..get("declared length, to its last frame", chunks(), 3, Ended::completed(200, 9))
        },
        Case {
            headers: &[("content-length", "0")],
            ..get("declared empty, unread", any(ScriptedBody::default()), UNREAD, Ended::completed(200, 0))
        },
        get("sized empty, unread", any(ScriptedBody::default().sized()), UNREAD, Ended::completed(200, 0)),
        Case { method: Method::HEAD, ..get("HEAD", full(), UNREAD, Ended::completed(200, 0)) },
        Case {
            method: Method::HEAD,
            headers: &[("content-length", "9")],
            ..get("HEAD with a length", chunks(), UNREAD, Ended::completed(200, 0))
        },
        get("204", chunks(), UNREAD, Ended::completed(204, 0)),
        get("304", chunks(), UNREAD, Ended::completed(304, 0)),
        get("upgrade", chunks(), UNREAD, long_lived(0, 101)),
        Case { method: Method::CONNECT, ..get("CONNECT", chunks(), UNREAD, long_lived(0, 200)) },
        Case {
            headers: &[("content-type", "text/event-stream")],
            ..get("event stream", chunks(), ALL, long_lived(9, 200))
        },
        Case {
            headers: &[("content-type", "text/event-stream; charset=utf-8")],
            ..get("event stream with a parameter", chunks(), ALL, long_lived(9, 200))
        },
    ];
    for Case { name, method, status, headers, body, frames, expected } in cases {
        let probe = Probe::new();
        let request = Request::builder().method(method).body(()).expect("a request");
        let response = answered(probe.clone(), request, response(status, headers, body)).await;
        read(response.into_body(), frames).await;
        assert_eq!(probe.log().only_end(), expected, "{name}");
    }
}

#[tokio::test]
async fn the_end_comes_with_the_last_frame_that_can_tell() {
    for (name, body, frames, ended) in [
        ("trailers", trailed(), 2, true),
        ("the end", chunks(), 4, true),
        // More may come of it, as far as anybody knows.
        ("the last chunk", chunks(), 3, false),
    ] {
        let probe = Probe::new();
        let mut response = answered(probe.clone(), Request::new(()), response(200, &[], body)).await;
        for _ in 0..frames {
            let _ = response.body_mut().frame().await;
        }
        assert_eq!(probe.log().ends().len(), usize::from(ended), "{name}");
        drop(response);
        probe.log().only_end();
    }
}

#[tokio::test]
async fn polls_after_the_end_find_nothing() {
    let probe = Probe::new();
    let mut response = answered(probe.clone(), Request::new(()), response(200, &[], chunks())).await;
    while response.body_mut().frame().await.is_some() {}
    assert!(response.body_mut().frame().await.is_none());
    drop(response);
    assert_eq!(probe.log().only_end(), Ended::completed(200, 9));
}

fn known_end() -> ScriptedBody {
    ScriptedBody::new(&[Step::Data("one")]).knowing_its_end()
}
