//! A gRPC greeter with its whole monitoring.
//!
//! `cargo run -p example-tonic`, then
//! `grpcurl -plaintext -d '{"name":"ada"}' localhost:50051 helloworld.Greeter/SayHello`, and `curl localhost:9464/metrics`.
//! Without `SENTRY_DSN` it prints what it would send.

mod greeter;
mod proto;
mod serve;

use std::{error::Error, process::ExitCode};

use futures_util::FutureExt;
use tonic::transport::{Server, server::TcpIncoming};
use tower_telemetry::Telemetry;
use tracing_subscriber::EnvFilter;

use crate::{greeter::Hello, proto::greeter_server::GreeterServer};

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

    // Its drop, behind all that follows, sends what is still queued.
    // Prometheus does not speak gRPC: GET /metrics and GET /health have a port of their own.
    let metrics = serve::address("METRICS_PORT", 9464)?;
    let builder = Telemetry::builder().users(greeter::users()).metrics_bind(metrics);
    let telemetry = builder.from_env()?.print_without_dsn().build()?;
    let (reporter, health) = tonic_health::server::health_reporter();
    reporter.set_serving::<GreeterServer<Hello>>().await;
    let reflection = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(proto::DESCRIPTORS)
        .build_v1()?;
    let server = Server::builder()
        .layer(telemetry.layer())
        .add_service(health)
        .add_service(reflection)
        .add_service(GreeterServer::new(Hello));

    let listener = serve::listen("PORT", 50051).await?;
    // From here on a signal is a request to stop, not an end.
    let stop = serve::stop()?;
    if let Some(metrics) = telemetry.metrics_address() {
        println!("metrics on http://{metrics}/metrics");
    }
    println!("listening on http://{}", listener.local_addr()?);

    serve::until(stop, async |stopped| {
        server.serve_with_incoming_shutdown(TcpIncoming::from(listener), stopped.map(drop)).await
    })
    .await
}
