use std::{
    collections::hash_map::RandomState,
    convert::Infallible,
    hash::{BuildHasher, Hasher},
    sync::Arc,
};

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header::AUTHORIZATION},
};
use serde::Deserialize;
use serde_json::{Value, json};
use tower_telemetry::{
    User as Known, UserSource, Users,
    metrics::instrument::{Authentication, Cache, CacheOperation, Instrument},
};

use crate::{
    error::ApiError,
    store::{Store, User},
};

static LOGINS: Instrument<Authentication> = Instrument::new();
static SESSIONS: Instrument<Cache> = Instrument::new();

#[derive(Deserialize)]
pub(crate) struct Credentials {
    username: String,
    password: String,
}

/// Any password but an empty one will do: there is nothing to protect here.
pub(crate) async fn login(
    State(store): State<Arc<Store>>,
    Json(Credentials { username, password }): Json<Credentials>,
) -> Result<Json<Value>, ApiError> {
    let attempt = LOGINS.start(Authentication::new("password"));
    let user = store.user_by_name(&username).filter(|_| !password.is_empty());
    let Some(user) = user else {
        attempt.error("bad_credentials");
        return Err(ApiError::Caller(StatusCode::UNAUTHORIZED, "unknown user or empty password"));
    };
    attempt.ok();
    let token = token();
    let put = Cache::new(CacheOperation::Put, "sessions");
    SESSIONS.observe_infallible(put, async { store.open_session(token.clone(), user) }).await;
    Ok(Json(json!({ "token": token, "token_type": "Bearer" })))
}

pub(crate) async fn me(State(store): State<Arc<Store>>, headers: HeaderMap) -> Result<Json<User>, ApiError> {
    let session = async { Ok::<_, Infallible>(caller(&store, &headers)) };
    // Whether it is a hit or a miss becomes a label.
    match SESSIONS.lookup(Cache::new(CacheOperation::Get, "sessions"), session).await? {
        Some(user) => Ok(Json(user.clone())),
        None => Err(ApiError::Caller(StatusCode::UNAUTHORIZED, "a bearer token from /login is wanted")),
    }
}

/// Who makes a request, for monitoring: whoever's session it is.
pub(crate) fn users(store: Arc<Store>) -> Users {
    Users::new().sources([UserSource::by(move |head| {
        let user = caller(&store, head.headers)?;
        Some(Known::new(user.id).with_username(user.username))
    })])
}

fn caller<'s>(store: &'s Store, headers: &HeaderMap) -> Option<&'s User> {
    store.session(headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")?)
}

/// Hard enough to guess for an example. A real service takes its tokens from the operating system's generator.
fn token() -> String {
    let half = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", half(), half())
}
