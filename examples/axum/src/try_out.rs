//! Endpoints that do to the service what a bad day does.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::{Query, State},
    response::{
        Html,
        sse::{Event, Sse},
    },
};
use futures_util::{Stream, stream};
use serde::Deserialize;
use tokio::time;

use crate::{bank, error::ApiError, store::Store};

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

/// Its query takes as long. From a second on it is slow; more than ten at once wait for a connection.
pub(crate) async fn slow(State(store): State<Arc<Store>>, Query(Slow { ms }): Query<Slow>) -> Result<String, ApiError> {
    let ms = ms.min(MAX_SLOW_MS);
    store.database.query("SELECT", "orders", time::sleep(Duration::from_millis(ms))).await?;
    Ok(format!("that took {ms} ms\n"))
}

/// With `?message=…`, that is in the error, in its source and in what led to it.
pub(crate) async fn error(Query(Told { message }): Query<Told>) -> Result<(), ApiError> {
    Ok(bank::charge_in_vain(message).await?)
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
        "<h1>The order service</h1><p>GET /users/{id}, POST /orders, POST /orders/import, POST /login, GET /me, POST /ask, GET /stream</p>",
    )
}
