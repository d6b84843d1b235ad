//! What the tests share.

mod allocations;
pub mod app;
pub mod ingest;
mod nowhere;
pub mod probe;
pub mod process;
pub mod spans;
pub mod valid;
mod watched;

pub use self::{allocations::allocated, nowhere::Nowhere};
