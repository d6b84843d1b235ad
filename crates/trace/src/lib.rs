//! A [`tracing`] span, a request id, the trace context and one access-log event for each exchange of a Tower service.
//!
//! ```
//! use bytes::Bytes;
//! use http::{Request, Response};
//! use http_body_util::Full;
//! use tower::{Layer, ServiceExt, service_fn};
//! use tower_telemetry_core::Observe;
//! use tower_telemetry_trace::Trace;
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() {
//! let service = Trace::new().into_layer().layer(service_fn(|_: Request<()>| async {
//!     tracing::info!("inside the request's span");
//!     Ok::<_, std::convert::Infallible>(Response::new(Full::new(Bytes::from("hello"))))
//! }));
//! let request = Request::builder().header("x-request-id", "abc-123").body(()).unwrap();
//! let response = service.oneshot(request).await.unwrap();
//! assert_eq!(response.headers()["x-request-id"], "abc-123");
//! # }
//! ```
//!
//! # The span
//!
//! `http.server.request`, level INFO, target `tower_telemetry::exchange`, entered around every poll of the service and of the
//! response body, closed at the exchange's end. Without an interested subscriber it costs a load. Fields, by OpenTelemetry's
//! names: `otel.name`, `otel.kind`, `otel.status_code`, `http.request.method`, `http.route`, `url.scheme`,
//! `http.response.status_code`, `rpc.method`, `rpc.response.status_code`, `error.type`, and `request_id`, `trace_id`. The path,
//! the query, and headers are never recorded. What callers have a hand in passes the [scrubber](Trace::scrubber).
//!
//! As soon as the [user](tower_telemetry_core::RequestContext::user) is known, what may be told of it: `user.id`, `user.name` (the
//! username), `user.email`, `user.full_name`, `user.roles` (the attribute `role`), `user.attributes` (the others, `tenant=acme`),
//! `client.address`, and `user.verified=false` for what is only the caller's word.
//!
//! # The event
//!
//! One at the end, target `tower_telemetry::access`: ERROR for the server's failures, WARN for 4xx and for callers that went
//! away, INFO for the rest; with status, duration in milliseconds and the bodies' sizes in bytes.
//!
//! # The service's own output
//!
//! What the service writes through `tracing` is its own, and goes where its subscriber sends it. With the feature `fmt`,
//! `ScrubFields` and `ScrubWriter` scrub it on the way.

mod access;
mod config;
mod exchange;
#[cfg(feature = "fmt")]
mod fmt;
mod name;
mod observe;
mod organization;
mod parse;
mod propagation;
mod task;
mod user;

#[cfg(feature = "fmt")]
pub use self::fmt::{ScrubFields, ScrubLines, ScrubWriter};
pub use self::{
    config::{AccessLog, Trace},
    exchange::TraceExchange,
    organization::Organization,
    propagation::{Propagation, PropagationExchange},
    task::TaskSpan,
};
