use std::{io, time::Duration};

use ::sentry::Level;
use axum::{
    Router,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use tower_telemetry_core::HandlerError;

use crate::Telemetry;

/// Nobody's key, in the form of one: what arrives in Sentry must not have it.
const KEY: &str = "sk_live_4eC39HqLyjWDarjtT1zdp7dc";

impl Telemetry {
    /// `GET /debug/sentry?type=…`, for trying out what arrives in Sentry, and how. **In development only**: elsewhere there
    /// is no such route, whoever merges it.
    ///
    /// | type | what happens |
    /// |---|---|
    /// | `error` | the handler gives up with an error that has a source: 500, and an event |
    /// | `panic` | it panics: the connection ends, and there is an event with a stack trace |
    /// | `message` | it sends a message of level info |
    /// | `api_key` | it sends a message with an API key in it, which must arrive as `[token]` |
    /// | `slow` | it takes as long as is slow: the transaction has the tag `slow` |
    ///
    /// The environment counts as development if it is named `development`, `dev`, `local` or `test`.
    pub fn debug_routes<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        if !self.is_development() {
            return Router::new();
        }
        let slow = self.slow_after();
        Router::new().route("/debug/sentry", get(try_out).with_state(slow)).layer(self.layer())
    }
}

#[derive(serde::Deserialize)]
struct Wish {
    r#type: Option<String>,
}

async fn try_out(State(slow): State<Duration>, Query(wish): Query<Wish>) -> Result<Response, HandlerError> {
    let answer = match wish.r#type.as_deref() {
        Some("error") => return Err(HandlerError::new(io::Error::other("a trial error, of the debug endpoint"))),
        Some("panic") => panic!("a trial panic, of the debug endpoint"),
        Some("message") => {
            ::sentry::capture_message("a trial message, of the debug endpoint", Level::Info);
            "sent: a message"
        }
        Some("api_key") => {
            ::sentry::capture_message(&format!("a trial message with the API key {KEY}"), Level::Info);
            "sent: a message, in which there must be no key"
        }
        Some("slow") => {
            tokio::time::sleep(slow).await;
            "this was slow"
        }
        _ => {
            let usage = "say what to try: ?type=error, panic, message, api_key or slow";
            return Ok((StatusCode::BAD_REQUEST, usage).into_response());
        }
    };
    Ok(answer.into_response())
}
