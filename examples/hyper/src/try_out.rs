//! Endpoints that do to the service what a bad day does.

use std::{error::Error, fmt, io, time::Duration};

use futures_util::stream;
use http_body_util::{BodyExt, StreamBody};
use hyper::{
    Response, StatusCode,
    body::Frame,
    header::{CONTENT_TYPE, HeaderValue},
};
use tokio::time;

use crate::app::{Body, text};

const MAX_SLOW_MS: u64 = 60_000;

#[derive(Debug)]
struct PaymentError {
    source: io::Error,
}

/// Five events, a tenth of a second apart.
pub(crate) fn stream() -> Response<Body> {
    let events = stream::unfold(1, |n| async move {
        if n > 5 {
            return None;
        }
        time::sleep(Duration::from_millis(100)).await;
        Some((Ok(Frame::data(format!("data: event {n} of 5\n\n").into())), n + 1))
    });
    let mut response = Response::new(StreamBody::new(events).boxed_unsync());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    response
}

/// Takes as long as `?ms=` says, else no time.
pub(crate) async fn slow(query: Option<&str>) -> Response<Body> {
    let mut pairs = query.unwrap_or_default().split('&');
    let ms = pairs.find_map(|pair| pair.strip_prefix("ms=")?.parse().ok()).unwrap_or(0).min(MAX_SLOW_MS);
    time::sleep(Duration::from_millis(ms)).await;
    text(StatusCode::OK, format!("that took {ms} ms\n"))
}

pub(crate) fn error() -> Result<Response<Body>, Box<dyn Error + Send + Sync>> {
    charge()?;
    Ok(text(StatusCode::OK, "paid\n"))
}

pub(crate) fn panic() -> Response<Body> {
    panic!("the example was asked to panic");
}

fn charge() -> Result<(), PaymentError> {
    Err(PaymentError { source: io::Error::new(io::ErrorKind::ConnectionRefused, "the bank does not answer") })
}

impl fmt::Display for PaymentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the payment failed")
    }
}

impl Error for PaymentError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.source)
    }
}
