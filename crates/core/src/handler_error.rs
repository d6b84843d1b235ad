use std::{error::Error, fmt};

use axum::response::{IntoResponse, Response};
use http::StatusCode;

use crate::ResponseError;

/// What an axum handler gives up with. The caller gets a status and nothing else; whoever reports errors gets all of it.
///
/// Any error becomes one by `?`: one's own, a boxed one, anyhow's and eyre's.
///
/// ```
/// use tower_telemetry_core::HandlerError;
///
/// async fn show_order() -> Result<String, HandlerError> {
///     let order = std::fs::read_to_string("/orders/7")?;
///     Ok(order)
/// }
/// # let _: axum::Router = axum::Router::new().route("/order", axum::routing::get(show_order));
/// ```
pub struct HandlerError {
    status: StatusCode,
    error: ResponseError,
}

impl HandlerError {
    /// Answers with [500](StatusCode::INTERNAL_SERVER_ERROR).
    pub fn new<E: Into<Box<dyn Error + Send + Sync>> + 'static>(error: E) -> Self {
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, error: ResponseError::new(error) }
    }

    /// Answers with another status.
    #[must_use]
    pub fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }
}

impl<E: Into<Box<dyn Error + Send + Sync>> + 'static> From<E> for HandlerError {
    fn from(error: E) -> Self {
        Self::new(error)
    }
}

impl IntoResponse for HandlerError {
    fn into_response(self) -> Response {
        let reason = self.status.canonical_reason().unwrap_or_default();
        let mut response = (self.status, reason).into_response();
        response.extensions_mut().insert(self.error);
        response
    }
}

impl fmt::Debug for HandlerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HandlerError").field("status", &self.status).field("error", &self.error).finish()
    }
}
