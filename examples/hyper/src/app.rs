use std::{convert::Infallible, error::Error, sync::Arc};

use bytes::Bytes;
use http_body_util::{BodyExt, Full, combinators::UnsyncBoxBody};
use hyper::{
    Method, Request, Response, StatusCode,
    body::Incoming,
    header::{ALLOW, CONTENT_TYPE, HeaderValue},
};
use serde_json::json;
use tower_telemetry::{ResponseError, Telemetry};

use crate::try_out;

pub(crate) type Body = UnsyncBoxBody<Bytes, Infallible>;

/// What monitoring calls the endpoints: hyper has no router that could tell. Any other path is `unmatched`.
pub(crate) const ROUTES: [&str; 5] = ["/users/{id}", "/stream", "/slow", "/error", "/panic"];

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");

pub(crate) async fn answer(
    request: Request<Incoming>,
    telemetry: Arc<Telemetry>,
) -> Result<Response<Body>, Infallible> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut response = text(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD are known here\n");
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return Ok(response);
    }
    let path: Vec<&str> = request.uri().path().split('/').skip(1).collect();
    Ok(match path[..] {
        ["users", id] => show_user(id),
        ["stream"] => try_out::stream(),
        ["slow"] => try_out::slow(request.uri().query()).await,
        ["error"] => try_out::error().unwrap_or_else(internal_error),
        ["panic"] => try_out::panic(),
        ["metrics"] => match telemetry.metrics_endpoint() {
            Some(endpoint) => endpoint.respond(&request.into_parts().0).map(|page| Full::new(page).boxed_unsync()),
            None => not_found(),
        },
        ["health"] => respond(StatusCode::OK, JSON, telemetry.health()),
        _ => not_found(),
    })
}

fn show_user(id: &str) -> Response<Body> {
    let name = match id {
        "1" => "ada",
        "2" => "grace",
        "3" => "linus",
        _ => return not_found(),
    };
    respond(StatusCode::OK, JSON, json!({ "username": name }).to_string())
}

/// The caller learns nothing of the error, monitoring everything.
fn internal_error(error: Box<dyn Error + Send + Sync>) -> Response<Body> {
    let mut response = text(StatusCode::INTERNAL_SERVER_ERROR, "something went wrong\n");
    response.extensions_mut().insert(ResponseError::new(error));
    response
}

fn not_found() -> Response<Body> {
    text(StatusCode::NOT_FOUND, "there is nothing here\n")
}

pub(crate) fn text(status: StatusCode, text: impl Into<Bytes>) -> Response<Body> {
    respond(status, TEXT, text)
}

fn respond(status: StatusCode, content_type: HeaderValue, content: impl Into<Bytes>) -> Response<Body> {
    let mut response = Response::new(Full::new(content.into()).boxed_unsync());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}
