//! What is kept of a request's body.

use std::{convert::Infallible, io};

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use http_body_util::{BodyExt, Empty, Full, combinators::BoxBody};
use tower::{Layer, ServiceExt, service_fn};
use tower_telemetry_core::{Capture, Observe, Omitted, RequestContext};

use super::fixtures::{Asking, Shown, chunks, post};

/// What is kept of a request's body that is read to its end.
async fn kept(observer: impl Observe, asking: &Asking, request: Request<Body>) -> Option<Shown> {
    let service = observer.into_layer().layer(service_fn(async |request: Request<Body>| {
        request.into_body().collect().await.expect("the body does not fail");
        Ok::<_, Infallible>(Response::new(Empty::<Bytes>::new()))
    }));
    let Ok(response) = service.oneshot(request).await;
    drop(response);
    asking.only().0.map(|body| Shown::of(&body))
}

async fn kept_up_to(limit: usize, request: Request<Body>) -> Option<Shown> {
    let asking = Asking::for_requests(limit);
    kept(asking.clone(), &asking, request).await
}

#[tokio::test]
async fn a_body_is_kept_to_the_byte_up_to_the_limit() {
    let text = |len| "x".repeat(len);
    let bytes = |len: usize| chunks((0..len).map(|_| "x"));
    let too_large = |len| Some(Shown::omitted(Omitted::TooLarge, len, Some(len)));
    let cases = [
        ("short", post(None, "hello"), Some(Shown::whole("hello"))),
        ("empty", post(None, ""), None),
        ("exactly the limit", post(None, text(100)), Some(Shown::whole(&text(100)))),
        ("one more", post(None, text(101)), too_large(101)),
        ("many small frames", post(None, bytes(100)), Some(Shown::whole(&text(100)))),
        ("one small frame more", post(None, bytes(101)), too_large(101)),
        ("far more, of unknown length", post(None, chunks([text(99), text(1000)])), too_large(1099)),
        ("frames of no bytes", post(None, chunks(["", "hel", "", "lo", ""])), Some(Shown::whole("hello"))),
        ("no frames", post(None, chunks::<&str>([])), Some(Shown::whole(""))),
        (
            "not UTF-8",
            post(None, &b"\xff\xfe"[..]),
            Some(Shown { seen: 2, length: Some(2), ..Shown::whole("\u{fffd}\u{fffd}") }),
        ),
    ];
    for (name, request, expected) in cases {
        assert_eq!(kept_up_to(100, request).await, expected, "{name}");
    }
}

#[tokio::test]
async fn of_a_body_that_is_no_text_only_the_size_is_known() {
    let binary = [
        "image/png",
        "IMAGE/PNG",
        "image/svg+xml",
        "audio/ogg; codecs=opus",
        "video/mp4",
        "font/woff2",
        "application/octet-stream",
        "application/grpc",
        "application/grpc+proto",
        "application/grpc-web-text",
        "application/pdf",
        " application/ZIP ;x=y",
        "application/vnd.shop+zip",
        "application/x-protobuf",
        "application/cbor",
    ];
    for content_type in binary {
        let expected = Some(Shown::omitted(Omitted::Binary, 5, Some(5)));
        assert_eq!(kept_up_to(100, post(Some(content_type), "hello")).await, expected, "{content_type}");
    }
    let text = [
        "text/plain; charset=utf-8",
        "application/json",
        "application/problem+json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/zipper",
        "application/",
        "imagery",
        "",
    ];
    for content_type in text {
        let kept = kept_up_to(100, post(Some(content_type), "hello")).await;
        assert_eq!(kept, Some(Shown::whole("hello")), "{content_type}");
    }
}

#[tokio::test]
async fn of_a_compressed_body_only_the_size_is_known() {
    let compressed = Shown::omitted(Omitted::Compressed, 5, Some(5));
    let cases = [
        ("gzip", compressed.clone()),
        ("BR", compressed.clone()),
        ("identity, zstd", compressed.clone()),
        ("unheard-of", compressed),
        ("identity", Shown::whole("hello")),
        ("Identity", Shown::whole("hello")),
        ("", Shown::whole("hello")),
    ];
    for (encoding, expected) in cases {
        let mut request = post(Some("application/json"), "hello");
        request.headers_mut().insert("content-encoding", HeaderValue::from_static(encoding));
        assert_eq!(kept_up_to(100, request).await, Some(expected), "{encoding}");
    }
}

#[tokio::test]
async fn nothing_is_kept_that_nobody_asked_for() {
    for capture in [Capture::Off, Capture::UpTo(0)] {
        let asking = Asking::for_both(capture, Capture::Off);
        assert_eq!(kept(asking.clone(), &asking, post(None, "hello")).await, None, "{capture:?}");
    }
}

#[tokio::test]
async fn in_one_layer_the_one_who_asks_for_most_gets_it_for_all() {
    let [less, none, more] = [3, 0, 5].map(Asking::for_requests);
    let observer = (less.clone(), none.clone(), more.clone());
    assert_eq!(kept(observer, &more, post(None, "hello")).await, Some(Shown::whole("hello")));
    for asking in [less, none] {
        assert_eq!(asking.only().0.map(|body| Shown::of(&body)), Some(Shown::whole("hello")));
    }
}

#[tokio::test]
async fn of_two_layers_the_outer_one_that_asks_counts_and_each_frame_counts_once() {
    for (outer, inner, expected) in [
        (5, 9, Shown::whole("hello")),
        (0, 9, Shown::whole("hello")),
        (5, 0, Shown::whole("hello")),
        (4, 9, Shown::omitted(Omitted::TooLarge, 5, Some(5))),
    ] {
        let (outer, inner) = (Asking::for_requests(outer), Asking::for_requests(inner));
        let service = inner.clone().into_layer().layer(service_fn(async |request: Request<Body>| {
            request.into_body().collect().await.expect("the body does not fail");
            Ok::<_, Infallible>(Response::new(Empty::<Bytes>::new()))
        }));
        let Ok(response) = outer.clone().into_layer().layer(service).oneshot(post(None, chunks(["hel", "lo"]))).await;
        drop(response);
        for asking in [outer, inner] {
            assert_eq!(asking.only().0.map(|body| Shown::of(&body)), Some(expected.clone()));
        }
    }
}

#[tokio::test]
async fn what_there_is_can_be_asked_for_at_any_time() {
    for hold in [false, true] {
        let asking = Asking::for_requests(100);
        let service = asking.clone().into_layer().layer(service_fn(async |request: Request<Body>| {
            let cx = request.extensions().get::<RequestContext>().expect("the layer has left it").clone();
            let mut body = request.into_body();
            let mut seen = Vec::new();
            let mut held = Vec::new();
            loop {
                let captured = cx.captured_request().expect("it was asked for");
                seen.push(Shown::of(&captured));
                // One that is held while more comes stays as it was.
                held.extend(hold.then_some((captured, seen.len() - 1)));
                if body.frame().await.is_none() {
                    break;
                }
            }
            let expected = ["", "one", "onetwo", "onetwothree"].map(|text| Shown::part(text, None));
            assert_eq!(seen, expected);
            for (captured, i) in held {
                assert_eq!(Shown::of(&captured), expected[i]);
            }
            Ok::<_, Infallible>(Response::new(Empty::<Bytes>::new()))
        }));
        let Ok(response) = service.oneshot(post(None, chunks(["one", "two", "three"]))).await;
        drop(response);
        assert_eq!(asking.only().0.map(|body| Shown::of(&body)), Some(Shown::whole("onetwothree")));
    }
}

#[tokio::test]
async fn boxed_bodies_are_captured_and_of_other_types_there_is_what_the_head_says() {
    let asking = Asking::for_requests(100);
    let boxed = asking.clone().into_layer().layer(service_fn(async |request: Request<BoxBody<Bytes, io::Error>>| {
        request.into_body().collect().await.expect("the body does not fail");
        Ok::<_, Infallible>(Response::new(Empty::<Bytes>::new()))
    }));
    let body = Full::<Bytes>::from("hello").map_err(|never| match never {}).boxed();
    let Ok(response) = boxed.oneshot(Request::new(body)).await;
    drop(response);
    assert_eq!(asking.only().0.map(|body| Shown::of(&body)), Some(Shown::whole("hello")));

    let other = asking
        .clone()
        .into_layer()
        .layer(service_fn(async |_: Request<Full<Bytes>>| Ok::<_, Infallible>(Response::new(Empty::<Bytes>::new()))));
    let unwatched = |length| Some(Shown::omitted(Omitted::Unwatched, 0, length));
    let cases = [
        (Some(("content-length", "5")), unwatched(Some(5))),
        (Some(("content-length", "0")), None),
        (Some(("transfer-encoding", "chunked")), unwatched(None)),
        (None, None),
    ];
    for (header, expected) in cases {
        let mut request = Request::new(Full::<Bytes>::from("hello"));
        request.headers_mut().extend(
            header.map(|(name, value)| {
                (name.parse::<http::HeaderName>().expect("a name"), HeaderValue::from_static(value))
            }),
        );
        let Ok(response) = other.clone().oneshot(request).await;
        drop(response);
        assert_eq!(asking.only().0.map(|body| Shown::of(&body)), expected, "{header:?}");
    }
}

#[tokio::test]
async fn nothing_of_a_body_is_in_its_debug_form() {
    let asking = Asking::for_requests(100);
    let service = asking.clone().into_layer().layer(service_fn(async |request: Request<Body>| {
        request.into_body().collect().await.expect("the body does not fail");
        Ok::<_, Infallible>(Response::new(Empty::<Bytes>::new()))
    }));
    let Ok(response) = service.oneshot(post(Some("text/s3cr3t"), "s3cr3t")).await;
    drop(response);
    let shown = format!("{:?}", asking.only());
    assert!(shown.contains("bytes: 6") && !shown.contains("s3cr3t"), "{shown}");
}
