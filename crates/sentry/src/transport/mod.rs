//! What carries envelopes away: over HTTP, with promises about time and memory, and around a transport of the user's, with
//! promises about time.

mod bounded;
mod http;
mod limits;
mod losses;
mod post;
mod queue;
mod sender;
mod weigh;
mod written;

pub use self::{
    bounded::{Bounded, BoundedFactory},
    http::{HttpTransport, HttpTransportFactory},
};
pub(crate) use self::{http::MAX_QUEUED, written::SOURCE};
