use std::{error::Error, fmt, num::ParseIntError, sync::Arc};

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;

use crate::{
    error::ApiError,
    store::{Order, Store, User},
};

#[derive(Deserialize)]
pub(crate) struct NewOrder {
    item: String,
    #[serde(default = "one")]
    quantity: u32,
}

/// It quotes what it cannot read, as such errors do: what a caller sends gets into messages.
#[derive(Debug)]
struct ImportError {
    line: String,
    source: Option<ParseIntError>,
}

fn one() -> u32 {
    1
}

pub(crate) async fn show_user(State(store): State<Arc<Store>>, Path(id): Path<u64>) -> Result<Json<User>, ApiError> {
    match store.user(id) {
        Some(user) => Ok(Json(user.clone())),
        None => Err(ApiError::Caller(StatusCode::NOT_FOUND, "there is no such user")),
    }
}

pub(crate) async fn create(
    State(store): State<Arc<Store>>,
    Json(NewOrder { item, quantity }): Json<NewOrder>,
) -> Result<(StatusCode, Json<Order>), ApiError> {
    if quantity == 0 {
        return Err(ApiError::Caller(StatusCode::UNPROCESSABLE_ENTITY, "an order is for one item at least"));
    }
    let order = store.add_order(item, quantity);
    tracing::info!(order.id, order.quantity, "order taken");
    Ok((StatusCode::CREATED, Json(order)))
}

/// Takes a list of orders: lines such as `lamp,2`.
pub(crate) async fn import(
    State(store): State<Arc<Store>>,
    list: String,
) -> Result<(StatusCode, Json<Vec<Order>>), ApiError> {
    let lines = list.lines().map(read).collect::<Result<Vec<_>, _>>().inspect_err(|error| {
        tracing::warn!(line = error.line, "import stopped: {error}");
    })?;
    let orders = lines.into_iter().map(|(item, quantity)| store.add_order(item.to_owned(), quantity));
    Ok((StatusCode::CREATED, Json(orders.collect())))
}

fn read(line: &str) -> Result<(&str, u32), ImportError> {
    let refuse = |source| ImportError { line: line.to_owned(), source };
    let (item, quantity) = line.rsplit_once(',').ok_or_else(|| refuse(None))?;
    Ok((item, quantity.trim().parse().map_err(|error| refuse(Some(error)))?))
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "this is no order: {:?}", self.line)
    }
}

impl Error for ImportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|error| error as _)
    }
}
