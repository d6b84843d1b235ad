use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    extract::Path,
    http::{HeaderName, HeaderValue, Uri, header},
    response::IntoResponse,
    routing::get,
};
use http_body_util::BodyExt;
use tower::ServiceExt;
use tower_telemetry::User;

/// What the app takes.
pub type Request = http::Request<Body>;

pub(crate) const USER: &str = "/users/42";

/// Excluded from monitoring by the facade's default.
pub(crate) const HEALTH: &str = "/health";

/// What a browser behind a proxy sends.
pub const HEADERS: [(HeaderName, &str); 8] = [
    (header::HOST, "api.example.com"),
    (header::USER_AGENT, "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
    (header::ACCEPT, "application/json, text/plain, */*"),
    (header::ACCEPT_ENCODING, "gzip, deflate, br, zstd"),
    (header::ACCEPT_LANGUAGE, "en-GB,en;q=0.7,de;q=0.3"),
    (header::AUTHORIZATION, "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl"),
    (header::COOKIE, "session=5f4dcc3b5aa765d61d8327deb882cf99; theme=dark"),
    (HeaderName::from_static("x-forwarded-for"), "203.0.113.7"),
];

/// One request, from its arrival to the last frame of its response. Returns the body's length.
pub async fn exchange(app: Router, request: Request) -> usize {
    let response = app.oneshot(request).await.unwrap_or_else(|never| match never {});
    response.into_body().collect().await.expect("the app's bodies do not fail").to_bytes().len()
}

/// What an auth layer leaves in a request.
#[derive(Clone, Debug)]
pub struct Account {
    id: u64,
    username: Arc<str>,
}

impl Account {
    /// Whoever makes the app's requests.
    pub fn ada() -> Self {
        Self { id: 42, username: "ada".into() }
    }
}

impl From<&Account> for User {
    fn from(account: &Account) -> Self {
        Self::new(account.id).with_username(account.username.clone())
    }
}

pub(crate) fn app() -> Router {
    app_of(["/users/{id}".to_owned()])
}

/// With these routes, each of which has an id in it.
pub(crate) fn app_of(routes: impl IntoIterator<Item = String>) -> Router {
    let app = Router::new().route(HEALTH, get(|| async { "ok" }));
    routes.into_iter().fold(app, |app, route| app.route(&route, get(user)))
}

/// The same, but that it shares nothing with the other: no two connections have bytes in common.
pub(crate) fn copy(request: &http::request::Parts) -> http::request::Parts {
    let value = |value: &HeaderValue| HeaderValue::from_bytes(value.as_bytes()).expect("it is one");
    let headers = request.headers.iter().map(|(name, text)| (name.clone(), value(text)));
    request_with(request.uri.path(), headers)
}

async fn user(Path(id): Path<u64>) -> impl IntoResponse {
    let body = format!(r#"{{"id":{id},"name":"Ada Lovelace","email":"ada@example.com","plan":"pro"}}"#);
    ([(header::CONTENT_TYPE, "application/json")], body)
}

/// Clones of it share its bytes, as the parts of a request do that hyper has read.
pub(crate) fn request(path: &str) -> http::request::Parts {
    let value = |value| HeaderValue::from_str(value).expect("it is a value");
    request_with(path, HEADERS.map(|(name, text)| (name, value(text))))
}

/// With these headers.
pub(crate) fn request_with(
    path: &str,
    headers: impl IntoIterator<Item = (HeaderName, HeaderValue)>,
) -> http::request::Parts {
    let uri: Uri = path.to_owned().try_into().expect("the paths are valid");
    let mut request = http::Request::get(uri).extension(Account::ada()).body(()).expect("a request");
    request.headers_mut().extend(headers);
    request.into_parts().0
}
