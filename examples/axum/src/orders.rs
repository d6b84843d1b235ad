use std::sync::Arc;

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
