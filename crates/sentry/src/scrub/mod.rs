//! What leaves for Sentry, scrubbed: a transport around the real one, and a walk over all that an envelope can hold.

mod attachment;
mod boundary;
mod context;
mod envelope;
mod event;
mod leaving;
mod log;
mod request;
mod session;
mod stack;
mod trace;
mod transport;
mod user;
mod value;
mod walk;

pub use self::{
    boundary::{Attachments, Boundary},
    transport::{Scrubbing, ScrubbingFactory},
};
pub(crate) use self::{leaving::Leaving, walk::Walk};
