//! For `tracing_subscriber::fmt`: the service's own output, scrubbed.

mod fields;
mod writer;

pub use self::{
    fields::ScrubFields,
    writer::{ScrubLines, ScrubWriter},
};
