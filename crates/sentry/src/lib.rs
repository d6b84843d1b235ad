//! Sentry errors and transactions for each exchange of a Tower service.
//!
//! ```no_run
//! use tower_telemetry_core::Observe;
//! use tower_telemetry_sentry::{Sentry, client};
//!
//! // Beside a `sentry::init` that the service has already, or with a client of our own, as here.
//! let client = client(sentry::ClientOptions::new().dsn("https://key@sentry.example/1").traces_sample_rate(0.1));
//! sentry::Hub::main().bind_client(Some(client));
//! let layer = Sentry::new().into_layer();
//! # let _ = layer;
//! ```
//!
//! - Each exchange has a hub of its own, current around every poll of the service and of the response body. What the handler
//!   captures, tags or starts there belongs to this request alone.
//! - A transaction, named by the endpoint, that continues the caller's trace and ends with the response's body. Whether it is
//!   sent is the [decision](tower_telemetry_core::RequestContext::decision) in the request's context, else the client's
//!   `traces_sample_rate`.
//! - An event for a 5xx, or a gRPC status that is the server's failure ([others](Sentry::error_statuses) if asked), with the
//!   error that the handler left ([`ResponseError`](tower_telemetry_core::ResponseError),
//!   [`set_error`](tower_telemetry_core::RequestContext::set_error)), and for an error of the service or of the response
//!   body. Panics are reported where they happen, by the client's panic hook, with their stack and their line. What the
//!   handler has captured itself is not reported again.
//! - The [user](tower_telemetry_core::RequestContext::user), as far as the [policy](tower_telemetry_core::UserPolicy) tells
//!   of it, and as tags `request_path` (the endpoint), `request_method`, `request_id`, and those of the service.
//! - As the request: its method, its URL, its query, scrubbed; in events also the headers that say nothing of who calls.
//!   Never a cookie or a credential. In events, what the service has read of its [body](Sentry::capture_request_bodies),
//!   scrubbed, if that is a text of up to 10,000 bytes, else its type and size.
//! - The breadcrumbs of the request alone, if the service has sentry-tracing, whatever spans it opens: with a client of
//!   [`client()`].
//! - A count of how the exchanges of each minute went, as [sessions](Sentry::sessions), if the client has a release.
//! - Where the decision is open, because failures or slow exchanges are to be [kept](tower_telemetry_core::Keep), the spans are
//!   recorded, and the transaction is sent or forgotten at the end.
//! - Nothing at all comes from an exchange that is not [admitted](tower_telemetry_core::Observe::admits), whatever its handler
//!   captures, if [`client()`] made the client or its transport scrubs. Its breadcrumbs are dropped if [`client()`] made it.
//!   What the handler sets in the current scope, such as a tag, stays in that of the thread, as without this crate.
//!
//! - Everything that the client sends, whoever made it, is scrubbed by its transport, if [`client()`] made the client, or the
//!   transport is an [`HttpTransport`] that [scrubs](HttpTransportFactory::scrubbing), or a [`ScrubbingFactory`]'s. What
//!   `before_send` and event processors see is not scrubbed yet.
//! - The network is not trusted: [`client()`] sends by an [`HttpTransport`], which never delays a request, takes no more
//!   memory than it may, keeps no process from ending, and counts what is lost.
//!
//! Where two such layers stand around a service, the outer one reports.
//!
//! Without an enabled client an exchange costs two reads of a lock.

mod bodies;
mod by_endpoint;
mod client;
mod conclusion;
mod config;
mod current;
mod dropped;
mod dynamic_sampling;
mod errors;
mod exchange;
mod grouping;
mod headers;
mod limit;
mod mute;
mod observe;
mod panic;
mod path;
mod request;
mod scrub;
mod seen;
mod sessions;
mod slow;
mod status;
mod statuses;
mod transport;
mod user;

pub use self::{
    client::{client, client_with},
    config::{EventId, Sentry, Sessions},
    current::in_exchange,
    dropped::ITEMS_DROPPED,
    exchange::SentryExchange,
    grouping::Grouping,
    limit::ErrorLimit,
    panic::PanicReporter,
    scrub::{Attachments, Boundary, Scrubbing, ScrubbingFactory},
    slow::Slow,
    statuses::Statuses,
    transport::{Bounded, BoundedFactory, HttpTransport, HttpTransportFactory},
};
