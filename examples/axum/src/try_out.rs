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

#[derive(Deserialize)]
pub(crate) struct Told {
    message: Option<String>,
}

#[derive(Debug)]
struct PaymentError {
    message: Option<String>,
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

/// With `?message=…`, that is in the error, in its source and in what led to it.
pub(crate) async fn error(Query(Told { message }): Query<Told>) -> Result<(), ApiError> {
    charge(message).map_err(ApiError::from)
}

pub(crate) async fn panic(Query(Told { message }): Query<Told>) {
    match message {
        Some(message) => {
            tracing::warn!(reason = message, "giving up: {message}");
            panic!("the example was asked to panic: {message}")
        }
        None => panic!("the example was asked to panic"),
    }
}

pub(crate) async fn docs() -> Html<&'static str> {
    Html(
        "<h1>The order service</h1><p>GET /users/{id}, POST /orders, POST /orders/import, POST /login, GET /me, GET /stream</p>",
    )
}

fn charge(message: Option<String>) -> Result<(), PaymentError> {
    let mut why = "the bank does not answer".to_owned();
    if let Some(message) = &message {
        tracing::info!(order.note = message, "asking the bank: {message}");
        why = format!("{why} to {message}");
    }
    Err(PaymentError { message, source: io::Error::new(io::ErrorKind::ConnectionRefused, why) })
}

impl fmt::Display for PaymentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.message {
            Some(message) => write!(f, "the payment failed: {message}"),
            None => f.write_str("the payment failed"),
        }
    }
}

impl std::error::Error for PaymentError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}
