//! A small order service with its whole monitoring.
//!
//! `cargo run -p example-axum`, then `curl localhost:3000/users/1`. Without `SENTRY_DSN` it prints what it would send.

mod error;
mod orders;
mod serve;
mod sessions;
mod store;
mod try_out;

use std::{error::Error, process::ExitCode, sync::Arc};

use axum::{
    Router,
    routing::{get, post},
};
use tower_telemetry::Telemetry;
use tracing_subscriber::EnvFilter;

use crate::store::Store;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).compact().init();

    let telemetry = Telemetry::builder().from_env()?.print_without_dsn().build()?;
    let app = Router::new()
        .route("/users/{id}", get(orders::show_user))
        .route("/orders", post(orders::create))
        .route("/login", post(sessions::login))
        .route("/me", get(sessions::me))
        .route("/stream", get(try_out::stream))
        .route("/slow", get(try_out::slow))
        .route("/error", get(try_out::error))
        .route("/panic", get(try_out::panic))
        .route("/docs", get(try_out::docs))
        .with_state(Arc::new(Store::with_examples()))
        .merge(telemetry.routes())
        .layer(telemetry.layer());

    // The drop of `telemetry`, behind this, sends what is still queued.
    serve::run(app).await
}
