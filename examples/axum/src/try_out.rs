//! Endpoints that do to the service what a bad day does.

use std::{convert::Infallible, fmt, io, time::Duration};

use axum::{
    extract::Query,
    response::{
        Html,
        sse::{Event, Sse},
    },
};
use futures_util::{Stream, stream};
use serde::Deserialize;
use tokio::time;

use crate::error::ApiError;

const MAX_SLOW_MS: u64 = 60_000;

#[derive(Deserialize)]
pub(crate) struct Slow {
    #[serde(default)]
    ms: u64,
}

#[derive(Debug)]
struct PaymentError {
    source: io::Error,
}

/// Five events, a tenth of a second apart.
pub(crate) async fn stream() -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    Sse::new(stream::unfold(1, |n| async move {
        if n > 5 {
            return None;
        }
        time::sleep(Duration::from_millis(100)).await;
        Some((Ok(Event::default().data(format!("event {n} of 5"))), n + 1))
    }))
}

pub(crate) async fn slow(Query(Slow { ms }): Query<Slow>) -> String {
    let ms = ms.min(MAX_SLOW_MS);
    time::sleep(Duration::from_millis(ms)).await;
    format!("that took {ms} ms\n")
}

pub(crate) async fn error() -> Result<(), ApiError> {
    charge().map_err(ApiError::from)
}

pub(crate) async fn panic() {
    panic!("the example was asked to panic");
}

pub(crate) async fn docs() -> Html<&'static str> {
    Html("<h1>The order service</h1><p>GET /users/{id}, POST /orders, POST /login, GET /me, GET /stream</p>")
}

fn charge() -> Result<(), PaymentError> {
    Err(PaymentError { source: io::Error::new(io::ErrorKind::ConnectionRefused, "the bank does not answer") })
}

impl fmt::Display for PaymentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the payment failed")
    }
}

impl std::error::Error for PaymentError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}
