use std::{error::Error, fmt, io, num::ParseIntError, sync::Arc, time::Duration};

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use tokio::time;
use tower_telemetry::{
    RequestContext,
    metrics::instrument::{DocumentProcessing, Events, Instrument, Label, Storage, StorageOperation},
};

use crate::{
    bank,
    error::ApiError,
    store::{Order, Store, User},
    tasks,
};

static BUSINESS: Events<2> = Events::business();
/// Callers make up coupons: a few of them have series of their own, the others share one.
static COUPONS: Events<1> = Events::own("coupons_redeemed", &["coupon"]).help("Orders with a coupon.").max_series(20);
static DOCUMENTS: Instrument<DocumentProcessing> = Instrument::new();
static STORAGE: Instrument<Storage> = Instrument::new();

#[derive(Deserialize)]
pub(crate) struct NewOrder {
    item: String,
    #[serde(default = "one")]
    quantity: u32,
    #[serde(default)]
    coupon: String,
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
    match store.find_user(id).await? {
        Some(user) => Ok(Json(user.clone())),
        None => Err(ApiError::Caller(StatusCode::NOT_FOUND, "there is no such user")),
    }
}

pub(crate) async fn create(
    State(store): State<Arc<Store>>,
    cx: RequestContext,
    Json(NewOrder { item, quantity, coupon }): Json<NewOrder>,
) -> Result<(StatusCode, Json<Order>), ApiError> {
    if quantity == 0 {
        BUSINESS.happened(["order_placed", "refused"]);
        return Err(ApiError::Caller(StatusCode::UNPROCESSABLE_ENTITY, "an order is for one item at least"));
    }
    bank::charge().await?;
    let order = store.add_order(item, quantity).await?;
    tasks::reserve(&cx, quantity);
    store.confirmations.publish(order.id);
    BUSINESS.happened(["order_placed", "success"]);
    if !coupon.is_empty() {
        COUPONS.happened([Label::text(&coupon)]);
    }
    tracing::info!(order.id, order.quantity, "order taken");
    Ok((StatusCode::CREATED, Json(order)))
}

/// Takes a list of orders: lines such as `lamp,2`.
pub(crate) async fn import(
    State(store): State<Arc<Store>>,
    list: String,
) -> Result<(StatusCode, Json<Vec<Order>>), ApiError> {
    STORAGE.observe(Storage::new("s3", StorageOperation::Put).bucket("imports"), keep(&list)).await?;
    let parse = || list.lines().map(read).collect::<Result<Vec<_>, _>>();
    let lines = DOCUMENTS.run(DocumentProcessing::new("parse").format("csv"), parse).inspect_err(|error| {
        tracing::warn!(line = error.line, "import stopped: {error}");
    })?;
    let mut orders = Vec::new();
    for (item, quantity) in lines {
        orders.push(store.add_order(item.to_owned(), quantity).await?);
    }
    Ok((StatusCode::CREATED, Json(orders)))
}

/// Stands for a store of objects.
async fn keep(_list: &str) -> io::Result<()> {
    time::sleep(Duration::from_millis(1)).await;
    Ok(())
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
