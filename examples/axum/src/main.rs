//! A small order service with its whole monitoring.
//!
//! `cargo run -p example-axum`, then `curl localhost:3000/users/1`. Without `SENTRY_DSN` it prints what it would send.

mod assistant;
mod bank;
mod confirmations;
mod database;
mod error;
mod orders;
mod serve;
mod sessions;
mod store;
mod tasks;
mod try_out;

use std::{error::Error, process::ExitCode, sync::Arc};

use axum::{
    Router,
    routing::{get, post},
};
use sentry_tracing::{BreadcrumbLayer, LogLayer};
use tower_telemetry::{Telemetry, scrub::Scrubber, trace::ScrubFields};
use tracing_subscriber::{EnvFilter, fmt, prelude::*};

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
    // What goes to Sentry is scrubbed anyway; what is printed, because it is said here.
    let lines = fmt::layer().compact().fmt_fields(ScrubFields::new(Scrubber::default()));
    // With `SpanLayer`, each span has breadcrumbs of its own, which the request's error does not show.
    let sentry = BreadcrumbLayer::new().and_then(LogLayer::new());
    tracing_subscriber::registry().with(filter).with(lines).with(sentry).init();

    let store = Arc::new(Store::with_examples());
    let users = sessions::users(store.clone());
    let asked = store.clone();
    let builder = Telemetry::builder().from_env()?.users(users).collector(move || asked.database.tell());
    let telemetry = builder.print_without_dsn().build()?;
    tasks::expire_sessions(store.clone());
    let app = Router::new()
        .route("/users/{id}", get(orders::show_user))
        .route("/orders", post(orders::create))
        .route("/orders/import", post(orders::import))
        .route("/login", post(sessions::login))
        .route("/me", get(sessions::me))
        .route("/ask", post(assistant::ask))
        .route("/stream", get(try_out::stream))
        .route("/slow", get(try_out::slow))
        .route("/error", get(try_out::error))
        .route("/panic", get(try_out::panic))
        .route("/docs", get(try_out::docs))
        .with_state(store)
        .merge(telemetry.routes())
        .layer(telemetry.layer());

    // The drop of `telemetry`, behind this, sends what is still queued.
    serve::run(app).await
}
