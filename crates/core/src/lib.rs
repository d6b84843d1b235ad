//! Sees every exchange of a Tower service truthfully to its end, and tells observers of it.
//!
//! An **exchange** is one request, from its arrival to the last byte (or the loss) of its response. Following it there is
//! the hard part of monitoring: bodies outlive the service's future, clients hang up, handlers panic, gRPC keeps its
//! status for the trailers. [`ObserveLayer`] does that part once. A signal (a span, a metric, an error report) is an
//! [`Observe`]r: it is told of the beginning, the response head, the data, the trailers, and exactly once of the end.
//!
//! ```
//! use http::{Request, Response, request};
//! use http_body_util::Full;
//! use bytes::Bytes;
//! use tower::{Layer, ServiceExt, service_fn};
//! use tower_telemetry_core::{Exchange, Observe, Outcome, RequestContext};
//!
//! #[derive(Clone)]
//! struct Print;
//! struct Printing(http::Method);
//!
//! impl Observe for Print {
//!     type Exchange = Printing;
//!     fn begin(&self, head: &mut request::Parts, _: &RequestContext) -> Printing {
//!         Printing(head.method.clone())
//!     }
//! }
//!
//! impl Exchange for Printing {
//!     fn end(&mut self, _: &RequestContext, outcome: &Outcome<'_>) {
//!         println!("{} {} {:?} {} B", self.0, outcome.endpoint(), outcome.duration(), outcome.response_bytes());
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() {
//! let service = Print.into_layer().layer(service_fn(|_: Request<String>| async {
//!     Ok::<_, std::convert::Infallible>(Response::new(Full::new(Bytes::from("hello"))))
//! }));
//! let response = service.oneshot(Request::new(String::new())).await.unwrap();
//! # drop(response);
//! # }
//! ```
//!
//! # Pages
//!
//! - [Write your own observer](guide::own_observer).
//! - [When each callback is called](guide::callbacks), for every way in which an exchange can go.
//!
//! # Cargo features
//!
//! `anyhow` keeps the backtraces of anyhow's errors. `axum` takes the endpoint from `MatchedPath` and watches axum's request
//! bodies: their bytes are counted, and [captured](RequestContext::capture_request) for an observer that asks. `tonic`
//! watches those of tonic, `hyper` boxed ones; see [`ObserveService`]. All only add; none is on by default.

mod body;
mod capture;
mod capturing;
mod context;
mod decision;
mod endpoint;
mod error;
mod future;
mod grpc;
pub mod guide;
#[cfg(feature = "axum")]
mod handler_error;
mod ids;
mod layer;
mod media;
mod messages;
mod naming;
mod networks;
mod observe;
mod outcome;
mod peer;
mod recording;
mod request_body;
mod response_error;
mod route_table;
mod rules;
pub mod semconv;
mod service;
mod tags;
mod trace_context;
mod user;

#[cfg(feature = "axum")]
pub use self::handler_error::HandlerError;
pub use self::{
    body::ObserveBody,
    capture::{Capture, CapturedBody, Omitted},
    context::RequestContext,
    decision::{Decision, Keep, Reason},
    endpoint::Endpoint,
    error::BuildError,
    future::ObserveFuture,
    grpc::GrpcStatus,
    ids::{RequestId, SpanId, TraceId},
    layer::ObserveLayer,
    networks::Networks,
    observe::{Both, Exchange, Observe, RequestHead},
    outcome::{End, Failure, FailurePhase, Outcome},
    response_error::ResponseError,
    route_table::RouteTable,
    rules::{EndpointPattern, EndpointRules, Target},
    service::ObserveService,
    trace_context::{Parent, TraceContext},
    user::{AddressClaim, AddressDisclosure, Disclosure, User, UserAttribute, UserClaim, UserPolicy, UserText},
};
