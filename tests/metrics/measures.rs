//! What is measured beside the duration: sizes, times, lives, messages.

use std::{convert::Infallible, pin::pin, task::Poll};

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderValue, Request, Response, Version, header::CONTENT_TYPE};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use tests::app::{app, poll_once, request, run};
use tokio::runtime::Builder;
use tokio_stream::{StreamExt, iter};
use tower::{Layer, ServiceExt, service_fn};
use tower_telemetry_core::{Observe, semconv};
use tower_telemetry_metrics::{Measure, Metrics};

use super::fixtures::{Recorder, Told};

#[test]
fn sizes_are_what_passed() {
    let streamed = || Body::from_stream(iter(["on", "e", "two"]).map(Ok::<_, Infallible>));
    // The request, then what was read of its body, and what was sent of the response's.
    let cases = [
        (post("/echo", Body::from("hello")), Some(5.0), Some(5.0)),
        (post("/echo", streamed()), Some(6.0), Some(6.0)),
        (request("GET", "/users/7"), Some(0.0), Some(3.0)),
        // A response to HEAD has no body, though a size.
        (request("HEAD", "/users/7"), Some(0.0), Some(0.0)),
        (request("GET", "/body/pending"), Some(0.0), Some(3.0)),
        (request("GET", "/body/error"), Some(0.0), Some(3.0)),
        // Nobody reads it.
        (post("/broken", Body::from("hello")), Some(0.0), Some(6.0)),
        (request("GET", "/pending"), Some(0.0), None),
        (request("GET", "/panic"), Some(0.0), None),
    ];
    for (request, read, sent) in cases {
        let name = request.uri().to_string();
        let told = told(Metrics::new(), request);
        let sizes = [semconv::HTTP_SERVER_REQUEST_BODY_SIZE, semconv::HTTP_SERVER_RESPONSE_BODY_SIZE];
        assert_eq!(sizes.map(|size| told.only(size)), [read, sent], "{name}");
        // Where there was a head, it took a time, and not more than all.
        let head = told.only(semconv::HTTP_SERVER_TIME_TO_HEAD);
        assert_eq!(head.is_some(), sent.is_some(), "{name}");
        assert!(head.is_none_or(|head| head <= told.only_duration()), "{name}");
    }
}

#[test]
fn only_event_streams_have_a_life_of_their_own() {
    let cases = [
        ("GET", 200, "text/event-stream", true),
        ("GET", 200, "text/plain", false),
        // It lives on where nobody sees it.
        ("GET", 101, "text/plain", false),
        ("CONNECT", 200, "text/plain", false),
    ];
    for (method, status, content_type, lives) in cases {
        let service = service_fn(|_: Request<Body>| async move {
            let body = Body::from_stream(iter([Ok::<_, Infallible>("data: 1\n\n")]));
            Response::builder().status(status).header(CONTENT_TYPE, content_type).body(body)
        });
        let recorder = Recorder::new();
        let service = Metrics::new().into_layer().layer(service);
        recorder.record(|| {
            let Poll::Ready(Ok(response)) = poll_once(pin!(service.oneshot(request(method, "/")))) else {
                unreachable!("the service answers at once");
            };
            let _ = poll_once(pin!(response.into_body().collect()));
        });
        let told = recorder.told();
        let life = told.only(semconv::HTTP_SERVER_STREAM_DURATION);
        assert_eq!(life.is_some(), lives, "{method} {status} {content_type}");
        assert!(life.is_none_or(|life| life >= told.only_duration()), "{method} {status} {content_type}");
    }
}

#[test]
fn what_is_not_wanted_is_not_there() {
    let rest = Measure::ALL.into_iter().filter(|measure| *measure != Measure::Duration);
    let told = told(rest.fold(Metrics::new(), Metrics::without), request("GET", "/users/7"));
    assert_eq!(told.histograms.keys().collect::<Vec<_>>(), [semconv::HTTP_SERVER_REQUEST_DURATION]);
}

#[test]
fn the_protocol_version_is_a_label_if_it_is_asked_for() {
    for (version, shown) in [(Version::HTTP_10, "1.0"), (Version::HTTP_11, "1.1"), (Version::HTTP_2, "2")] {
        for asked in [false, true] {
            let mut request = request("GET", "/users/7");
            *request.version_mut() = version;
            let metrics = if asked { Metrics::new().with_protocol_version() } else { Metrics::new() };
            let series = told(metrics, request).counts(semconv::HTTP_SERVER_REQUEST_DURATION);
            let label = (semconv::NETWORK_PROTOCOL_VERSION.into(), shown.into());
            assert_eq!(series[0].0.contains(&label), asked, "{series:?}");
        }
    }
}

#[test]
fn messages_are_counted_however_they_are_cut() {
    let metrics = || Metrics::new().with(Measure::MessagesReceived).with(Measure::MessagesSent);
    let mut random = fastrand::Rng::with_seed(3);
    for _ in 0..300 {
        let (asked, answered) = (random.usize(..6), random.usize(..6));
        let requests = messages(&mut random, asked);
        let mut answers = messages(&mut random, answered);
        // The last may be broken off.
        let broken = random.bool() && answered > 0;
        if broken {
            answers.pop();
        }
        let (requests, answers) = (cut(&mut random, &requests), cut(&mut random, &answers));
        let service = service_fn(move |request: Request<Body>| {
            let answers = answers.clone();
            async move {
                request.into_body().collect().await.expect("it does not fail");
                let trailers = http::HeaderMap::from_iter([(GRPC_STATUS, HeaderValue::from_static("0"))]);
                let frames = answers.into_iter().map(Frame::data).chain([Frame::trailers(trailers)]);
                let body = Body::new(StreamBody::new(iter(frames.map(Ok::<_, Infallible>).collect::<Vec<_>>())));
                Response::builder().header(CONTENT_TYPE, "application/grpc").body(body)
            }
        });
        let body = Body::from_stream(iter(requests.into_iter().map(Ok::<_, Infallible>).collect::<Vec<_>>()));
        let mut request = post("/pkg.Greeter/Hello", body);
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
        let recorder = Recorder::new();
        // There are more frames than a stream gives in one poll.
        let exchange = async {
            let response = metrics().into_layer().layer(service).oneshot(request).await.expect("an answer");
            response.into_body().collect().await.expect("it does not fail");
        };
        let runtime = Builder::new_current_thread().build().expect("a runtime without drivers needs nothing");
        recorder.record(|| runtime.block_on(exchange));
        let told = recorder.told();
        let counts = [semconv::RPC_SERVER_REQUESTS_PER_RPC, semconv::RPC_SERVER_RESPONSES_PER_RPC];
        #[expect(clippy::cast_precision_loss, reason = "they are few")]
        let expected = [asked as f64, (answered - usize::from(broken)) as f64];
        assert_eq!(counts.map(|count| told.only(count)), expected.map(Some));
    }
    // HTTP has none.
    let told = told(metrics(), request("GET", "/users/7"));
    assert!(told.histograms.keys().all(|name| name.starts_with("http_")), "{:?}", told.histograms.keys());
}

#[test]
fn buckets_are_those_that_are_set() {
    let metrics = Metrics::new().set_buckets(Measure::TimeToHead, &[0.1, 1.0]).expect("good buckets");
    let buckets = metrics.buckets();
    let of = |name| buckets.iter().find(|(other, _)| other == name).map(|(_, bounds)| bounds.clone());
    assert_eq!(of(semconv::HTTP_SERVER_TIME_TO_HEAD), Some(vec![0.1, 1.0]));
    assert_eq!(of(semconv::RPC_SERVER_TIME_TO_HEAD), Some(vec![0.1, 1.0]));
    assert_eq!(of(semconv::HTTP_SERVER_REQUEST_DURATION), Some(semconv::DURATION_BUCKETS.to_vec()));
    assert_eq!(of(semconv::RPC_SERVER_REQUESTS_PER_RPC), None, "nobody has asked for it");
    for bad in [&[][..], &[1.0, 1.0], &[2.0, 1.0], &[f64::NAN], &[1.0, f64::INFINITY]] {
        Metrics::new().set_buckets(Measure::Duration, bad).expect_err("bad buckets");
    }
}

const GRPC_STATUS: http::HeaderName = http::HeaderName::from_static("grpc-status");

fn told(metrics: Metrics, request: Request<Body>) -> Told {
    let recorder = Recorder::new();
    recorder.record(|| run(app(metrics), request));
    recorder.told()
}

fn post(path: &str, body: Body) -> Request<Body> {
    let method = if path == "/broken" { "GET" } else { "POST" };
    request(method, path).map(|_| body)
}

/// So many messages behind their prefixes.
fn messages(random: &mut fastrand::Rng, count: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    for _ in 0..count {
        let len = [0, 1, 4, 300, 70_000][random.usize(..5)];
        bytes.push(random.u8(..2));
        bytes.extend(u32::to_be_bytes(len));
        bytes.extend((0..len).map(|_| random.u8(..)));
    }
    bytes
}

/// The bytes in frames, some of which may be empty.
fn cut(random: &mut fastrand::Rng, mut bytes: &[u8]) -> Vec<Bytes> {
    let mut frames = Vec::new();
    while !bytes.is_empty() {
        let longest = [1, 3, 10, 1_000, 100_000][random.usize(..5)];
        let (frame, rest) = bytes.split_at(random.usize(..=longest).min(bytes.len()));
        frames.push(Bytes::copy_from_slice(frame));
        bytes = rest;
    }
    frames
}
