//! A small service on hyper alone, HTTP/1.1 and HTTP/2 on one port, with its whole monitoring.
//!
//! `cargo run -p example-hyper`, then `curl localhost:3001/users/1`. Without `SENTRY_DSN` it prints what it would send.

mod app;
mod serve;
mod try_out;

use std::{error::Error, process::ExitCode, sync::Arc};

use hyper::{Request, body::Incoming};
use tower::{Layer, service_fn};
use tower_telemetry::{Telemetry, core::RouteTable};
use tracing_subscriber::EnvFilter;

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

    let telemetry = Arc::new(Telemetry::builder().from_env()?.print_without_dsn().build()?);
    let layer = telemetry.layer().routes(RouteTable::new(app::ROUTES)?);
    let service = layer.layer(service_fn(move |request: Request<Incoming>| app::answer(request, telemetry.clone())));

    // With the last connection goes the last of `telemetry`, whose drop sends what is still queued.
    serve::run(service).await
}
