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
//! | `http_server_request_duration_seconds` | histogram | those of HTTP |
//! | `http_server_time_to_head_seconds` | histogram | those of HTTP; where there was a response |
//! | `http_server_request_body_size_bytes` | histogram | those of HTTP; where the body is [watched](tower_telemetry_core::ObserveService) |
//! | `http_server_response_body_size_bytes` | histogram | those of HTTP; where there was a response |
//! | `http_server_stream_duration_seconds` | histogram | those of HTTP; of event streams |
//! | `http_server_active_requests` | gauge | `http_request_method`, `url_scheme`; gRPC calls are in it too |
//! | `rpc_server_call_duration_seconds` | histogram | those of gRPC |
//! | `rpc_server_time_to_head_seconds` | histogram | those of gRPC; where there was a response |
//! | `rpc_server_request_size_bytes` | histogram | those of gRPC; where the body is watched |
//! | `rpc_server_response_size_bytes` | histogram | those of gRPC; where there was a response |
//! | `rpc_server_requests_per_rpc`, `rpc_server_responses_per_rpc` | histograms | those of gRPC; [if asked for](Metrics::with) |
//! | `http_server_sampling_decisions_total` | counter | `sampling_rule`, `sampling_decision` (`traced` or `untraced`), `sampling_reason`; where a sampling observer decides |
//! | `telemetry_metric_overflow_total` | counter | `metric`: the duration's name; once something has overflowed |
//!
//! The labels of HTTP are `http_request_method`, `http_route`, `url_scheme`, `http_response_status_code` if there was a
//! response, `error_type` if something went wrong, and `network_protocol_version` [if asked
//! for](Metrics::with_protocol_version). Those of gRPC are `rpc_system_name`, `rpc_method` (`_OTHER` if the service has no
//! such method), `rpc_response_status_code` (a name, such as `NOT_FOUND`) if there was a status, and `error_type`. A gRPC
//! call is not counted as HTTP besides, but in the gauge: its requests take up the server all the same. A request for gRPC
//! that something else answers is HTTP. [One's own labels](Metrics::label) are in all of them but the gauge and the counters.
//!
//! The duration runs to the end of the response's body; for event streams and upgraded connections, to the head. Whoever gives up
//! waiting is counted too, with `error_type="cancelled"`, a panic with `panic`, a time-out with `timeout`, or, if it was the gRPC
//! caller's, with `DEADLINE_EXCEEDED`.
//!
//! [`Names::Classic`] calls them as axum-prometheus does.
//!
//! For the work inside a service there are [instruments](instrument), for the process [collectors](process), and for queries
//! by sqlx a subscriber's layer (feature `sqlx`).
//!
//! # Bounds
//!
//! Labels come from closed sets: a path, a host or an invented method never is one. Behind that stands a cap of
//! [10,000 series](Metrics::max_series) for each metric, which own labels share. What comes later is recorded in series whose route
//! and own labels are `overflow`, and which have no labels but these, the standard's statuses and `error_type`, and is counted in
//! `telemetry_metric_overflow_total`. Endpoints can be [grouped](tower_telemetry_core::ObserveLayer::groups).
//!
//! # Recorders
//!
//! A recorder that is installed late is found: what came before is lost, but not who is in flight. A local recorder, as tests
//! have, is told of what happens on its thread. One with an idle timeout forgets what was not updated for so long; an update
//! after that begins a new series, if [`recheck_after`](Metrics::recheck_after) is shorter than the timeout. What is told at
//! the very moment in which a recorder forgets is lost with it; so it is to the facade's own macros. Prometheus' recorder
//! also loses, rarely, a histogram's value that is told at the very moment in which it empties its buckets (metrics-util
//! 0.20, `AtomicBucket`): we saw one of four million. Counters and gauges lose none.
//!
//! A Prometheus recorder needs to be told the [buckets](Metrics::buckets), or it makes summaries.
//!
//! # Cost
//!
//! Of the process's recorder, handles are kept: a known series costs a look-up without a lock, two atomics for the count of what is
//! in flight and two for its gauge, and a push for each histogram, and allocates nothing. Each push reads the recorder's clock:
//! [do without](Metrics::without) the histograms that nobody looks at. A local recorder's handles are made anew each time.

mod active;
mod asked;
mod config;
mod decisions;
mod exchange;
pub mod instrument;
mod kept;
mod label;
mod measure;
mod names;
mod observe;
pub mod process;
mod recorder;
mod series;
mod shared;
#[cfg(feature = "sqlx")]
pub mod sqlx;
mod table;

pub use self::{
    config::Metrics,
    exchange::MetricsExchange,
    measure::Measure,
    names::{Names, Prefix},
};
