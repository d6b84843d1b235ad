#![doc = include_str!("../../../README.md")]
//!
//! # Where things are
//!
//! [`Telemetry`] sets everything up and gives the layer. The signals are crates of their own, each usable alone and
//! re-exported here: [`trace`], [`sampling`], [`user`], [`metrics`], [`sentry`], and what they stand on, [`core`] and [`scrub`].

mod access;
mod builder;
mod collectors;
#[cfg(feature = "axum")]
mod debug;
mod health;
mod prometheus;
#[cfg(feature = "axum")]
mod routes;
mod scrape;
mod server;
mod settings;
mod signals;
mod task;
mod telemetry;

pub use tower_telemetry_console as console;
pub use tower_telemetry_core as core;
#[cfg(feature = "axum")]
pub use tower_telemetry_core::HandlerError;
pub use tower_telemetry_core::{BuildError, Capture, RequestContext, ResponseError, User};
pub use tower_telemetry_metrics as metrics;
pub use tower_telemetry_sampling as sampling;
pub use tower_telemetry_scrub as scrub;
pub use tower_telemetry_scrub::Pii;
pub use tower_telemetry_sentry as sentry;
pub use tower_telemetry_trace as trace;
pub use tower_telemetry_user as user;
pub use tower_telemetry_user::{UserSource, Users};

pub use self::{
    access::MetricsAccess,
    builder::Builder,
    scrape::MetricsEndpoint,
    signals::{Signals, SignalsExchange},
    task::in_exchange,
    telemetry::{Telemetry, TelemetryLayer},
};
