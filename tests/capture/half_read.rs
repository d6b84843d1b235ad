//! Bodies that are not read to their end, for whatever reason.

use std::{
    convert::Infallible,
    future::{Future, pending},
    panic::resume_unwind,
    task::{Context, Waker},
};

use axum::body::Body;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Empty};
use tower::{BoxError, Layer, ServiceExt, service_fn};
use tower_telemetry_core::{Observe, Omitted};

use super::{
    bodies::{Scripted, Step},
    fixtures::{Asking, Shown, chunks, post},
};

type Handled = Response<Empty<Bytes>>;

fn hello() -> Body {
    chunks(["hel", "lo"])
}

/// What is kept of a body that such a handler reads, or does not.
async fn kept(body: Body, handler: impl AsyncFn(Body) -> Result<Handled, BoxError>) -> Shown {
    let asking = Asking::for_requests(100);
    let service = service_fn(async |request: Request<Body>| handler(request.into_body()).await);
    drop(asking.clone().into_layer().layer(service).oneshot(post(None, body)).await);
    Shown::of(&asking.only().0.expect("it was asked for"))
}

#[tokio::test]
async fn a_handler_that_reads_nothing() {
    let nothing = async |_: Body| Ok(Response::new(Empty::new()));
    assert_eq!(kept(Body::from("hello"), nothing).await, Shown { is_whole: false, ..Shown::part("", Some(5)) });
    assert_eq!(kept(hello(), nothing).await, Shown::part("", None));
    let large = Body::from("x".repeat(101));
    assert_eq!(kept(large, nothing).await, Shown::omitted(Omitted::TooLarge, 0, Some(101)));
}

#[tokio::test]
async fn a_handler_that_reads_half_and_fails() {
    let half = async |mut body: Body| {
        body.frame().await;
        Err("enough".into())
    };
    assert_eq!(kept(hello(), half).await, Shown::part("hel", None));
}

#[tokio::test]
async fn a_handler_that_keeps_the_body_open() {
    let asking = Asking::for_requests(100);
    let service = service_fn(async |request: Request<Body>| {
        let mut body = request.into_body();
        body.frame().await;
        pending::<()>().await;
        Ok::<_, Infallible>(Handled::default())
    });
    let mut future = Box::pin(asking.clone().into_layer().layer(service).oneshot(post(None, hello())));
    assert!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    drop(future);
    assert_eq!(asking.only().0.map(|body| Shown::of(&body)), Some(Shown::part("hel", None)));
}

#[tokio::test]
async fn a_handler_that_panics_midway() {
    let asking = Asking::for_requests(100);
    let service = asking.clone().into_layer().layer(service_fn(async |request: Request<Body>| {
        request.into_body().frame().await;
        if true {
            resume_unwind(Box::new("midway"));
        }
        Ok::<_, Infallible>(Handled::default())
    }));
    let exchange = tokio::spawn(async { service.oneshot(post(None, hello())).await.map(drop) });
    assert!(exchange.await.expect_err("it panics").is_panic());
    assert_eq!(asking.only().0.map(|body| Shown::of(&body)), Some(Shown::part("hel", None)));
}

#[tokio::test]
async fn a_body_that_fails_midway() {
    let (body, _) = Scripted::new([Step::Data(Bytes::from("hel")), Step::Pending, Step::Error]);
    let collect = async |body: Body| {
        body.collect().await?;
        Ok(Response::new(Empty::new()))
    };
    assert_eq!(kept(Body::new(body.sized(5)), collect).await, Shown::part("hel", Some(5)));
}
