//! Request metrics of a Tower service, by OpenTelemetry's names, through the [`metrics`] facade.
//!
//! ```
//! use tower_telemetry_core::Observe;
//! use tower_telemetry_metrics::Metrics;
//!
//! let layer = Metrics::new().into_layer();
//! # let _ = layer;
//! ```
//!
//! | metric | kind | labels |
//! |---|---|---|
//! | `http_server_request_duration_seconds` | histogram | `http_request_method`, `http_route`, `url_scheme`, `http_response_status_code` if there was a response, `error_type` if something went wrong |
//! | `http_server_active_requests` | gauge | `http_request_method`, `url_scheme` |
//! | `http_server_sampling_decisions_total` | counter | `sampling_rule`, `sampling_decision` (`traced` or `untraced`), `sampling_reason`; only where a sampling observer decides |
//!
//! The duration runs to the end of the response's body; for event streams and upgraded connections, to the head. Whoever gives up
//! waiting is counted too, with `error_type="cancelled"`. Labels come from closed sets: a path, a host or an invented method never
//! is one, and behind that stands a cap of 10,000 series, after which the route is `overflow`.
//!
//! With a Prometheus recorder, set [`DURATION_BUCKETS`](tower_telemetry_core::semconv::DURATION_BUCKETS) for the histogram, or it
//! becomes a summary.
//!
//! For the work inside a service there are [instruments](instrument), for the process [collectors](process), and for queries by sqlx a
//! subscriber's layer (feature `sqlx`).
//!
//! Handles are cached, by recorder: in the steady state an exchange costs a lookup, two atomics and a histogram push, and
//! allocates nothing.

mod config;
mod exchange;
mod handles;
pub mod instrument;
mod observe;
pub mod process;
#[cfg(feature = "sqlx")]
pub mod sqlx;

pub use self::{config::Metrics, exchange::MetricsExchange};
