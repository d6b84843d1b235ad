//! Queries by [sqlx](https://docs.rs/sqlx), seen without a helper: in the `tracing` events that it makes.
//!
//! ```
//! use tower_telemetry_metrics::sqlx::Queries;
//! use tracing_subscriber::{EnvFilter, Layer, layer::SubscriberExt};
//!
//! let subscriber = tracing_subscriber::registry()
//!     .with(Queries::new("postgresql").layer())
//!     .with(tracing_subscriber::fmt::layer().with_filter(EnvFilter::from_default_env()));
//! ```
//!
//! They make the metrics of a [`Database`](crate::instrument::Database) instrument: `db_client_operation_duration_seconds` with
//! `db_system_name`, `db_operation_name` (`SELECT`) and `db_collection_name` (the table, if the statement has one only), and
//! `db_client_operation_slow_total`. Nothing else of a statement is read: no value in it, however it was written, becomes a label,
//! and where the text could be read in two ways, there is no table.
//!
//! sqlx (0.8 and 0.9) makes an event for each statement that ends or is given up, at the level `DEBUG`, and `WARN` from a
//! second on, if somebody wants it. So a filter for levels goes on the layers that write, as above: one for the whole
//! subscriber, as `.with(EnvFilter::…)` is, takes the events away from this layer too, unless it lets `sqlx::query=debug`
//! pass. The events do not say whether a statement failed: there is no `error_type`.
//!
//! A statement is read in some microseconds where sqlx tells of it: in the task that made it, but for `SQLite` in a thread of its
//! own, which scoped recorders and subscribers do not see.

mod layer;
mod lexer;
mod shape;

pub use self::layer::Queries;
