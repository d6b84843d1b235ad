use std::error::Error;

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;
use tower_telemetry::ResponseError;

/// What a handler answers when it cannot do its work.
pub(crate) enum ApiError {
    /// The caller's fault, in words for the caller.
    Caller(StatusCode, &'static str),
    /// Our fault: the caller learns nothing of it, monitoring everything.
    Internal(Box<dyn Error + Send + Sync>),
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, message, error) = match self {
            Self::Caller(status, message) => (status, message, None),
            Self::Internal(error) => (StatusCode::INTERNAL_SERVER_ERROR, "something went wrong", Some(error)),
        };
        let mut response = (status, Json(json!({ "error": message }))).into_response();
        if let Some(error) = error {
            response.extensions_mut().insert(ResponseError::new(error));
        }
        response
    }
}

impl<E: Error + Send + Sync + 'static> From<E> for ApiError {
    fn from(error: E) -> Self {
        Self::Internal(error.into())
    }
}
