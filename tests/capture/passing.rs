//! A body that is captured passes as one that is not: frame by frame, when it is asked for, and the very same bytes.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
};

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use http_body::{Body as _, Frame};
use http_body_util::Empty;
use tower::{Layer, ServiceExt, service_fn};
use tower_telemetry_core::{Capture, Observe};

use super::{
    bodies::{Scripted, Step},
    fixtures::{Asking, Shown, post},
};

fn trailers() -> HeaderMap {
    HeaderMap::from_iter([(HeaderName::from_static("checksum"), HeaderValue::from_static("1"))])
}

/// Four frames, of which one is empty, with a wait and trailers; how often they are asked for, and where their bytes are.
fn four_frames() -> (Scripted<Bytes>, Arc<AtomicUsize>, [*const u8; 4]) {
    let frames = ["one", "two", "", "three"].map(|frame| Bytes::from_static(frame.as_bytes()));
    let places = frames.each_ref().map(|frame| frame.as_ptr());
    let [one, two, none, three] = frames.map(Step::Data);
    let (body, polls) = Scripted::new([one, Step::Pending, two, none, three, Step::Trailers(trailers())]);
    (body, polls, places)
}

type Polled<B> = Poll<Option<Result<Frame<<B as http_body::Body>::Data>, <B as http_body::Body>::Error>>>;

fn poll<B: http_body::Body + Unpin>(body: &mut B) -> Polled<B> {
    Pin::new(body).poll_frame(&mut Context::from_waker(Waker::noop()))
}

#[tokio::test]
async fn a_request_body_is_polled_when_the_handler_polls_and_not_before() {
    for capture in [Capture::Off, Capture::UpTo(2), Capture::MEDIUM] {
        let (body, polls, places) = four_frames();
        let polls = &polls;
        let places = &places;
        let handler = async |request: Request<Body>| {
            let mut body = request.into_body();
            let hint = body.size_hint();
            assert_eq!((hint.lower(), hint.upper()), (11, Some(11)));
            assert_eq!(polls.load(Ordering::Relaxed), 0, "nothing is read ahead");
            let mut passed = Vec::new();
            for n in 1.. {
                assert!(!body.is_end_stream());
                let polled = poll(&mut body);
                assert_eq!(polls.load(Ordering::Relaxed), n, "one poll is one poll");
                match polled {
                    Poll::Pending => assert_eq!(n, 2),
                    Poll::Ready(Some(frame)) => passed.push(frame.expect("it does not fail")),
                    Poll::Ready(None) => break,
                }
            }
            let [data @ .., last] = &passed[..] else { panic!("frames: {passed:?}") };
            let passed: Vec<_> = data.iter().map(|frame| frame.data_ref().expect("data").as_ptr()).collect();
            assert_eq!(passed, *places, "neither copied, merged nor split");
            assert_eq!(last.trailers_ref(), Some(&trailers()));
            Ok::<_, Infallible>(Response::new(Empty::<Bytes>::new()))
        };
        let asking = Asking::for_both(capture, Capture::Off);
        let service = asking.clone().into_layer().layer(service_fn(handler));
        let Ok(response) = service.oneshot(post(None, Body::new(body.sized(11)))).await;
        drop(response);
        let kept = asking.only().0.map(|body| Shown::of(&body));
        assert_eq!(
            kept.map(|shown| shown.text),
            match capture {
                Capture::Off => None,
                Capture::UpTo(2) => Some(String::new()),
                Capture::UpTo(_) => Some("onetwothree".into()),
            }
        );
    }
}

#[tokio::test]
async fn a_response_body_is_polled_when_the_host_polls_and_not_before() {
    for capture in [Capture::Off, Capture::UpTo(2), Capture::MEDIUM] {
        let (body, polls, places) = four_frames();
        let mut body = Some(body.sized(11));
        let asking = Asking::for_both(Capture::Off, capture);
        let service = asking.clone().into_layer().layer(service_fn(move |_: Request<Body>| {
            let body = body.take().expect("one request");
            async { Ok::<_, Infallible>(Response::new(body)) }
        }));
        let Ok(response) = service.oneshot(post(None, "")).await;
        let mut body = response.into_body();
        assert_eq!(body.size_hint().exact(), Some(11));
        assert_eq!(polls.load(Ordering::Relaxed), 0, "nothing is read ahead");
        let mut passed = Vec::new();
        while passed.len() < 5 {
            let before = polls.load(Ordering::Relaxed);
            if let Poll::Ready(frame) = poll(&mut body) {
                passed.push(frame.expect("it has not ended").expect("it does not fail"));
            }
            assert_eq!(polls.load(Ordering::Relaxed), before + 1, "one poll is one poll");
        }
        let data: Vec<_> = passed[..4].iter().map(|frame| frame.data_ref().expect("data").as_ptr()).collect();
        assert_eq!(data, places, "neither copied, merged nor split");
        assert_eq!(passed[4].trailers_ref(), Some(&trailers()));
        let kept = asking.only().1.map(|body| Shown::of(&body));
        assert_eq!(
            kept.map(|shown| shown.text),
            match capture {
                Capture::Off => None,
                Capture::UpTo(2) => Some(String::new()),
                Capture::UpTo(_) => Some("onetwothree".into()),
            }
        );
    }
}
