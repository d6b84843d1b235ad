//! What the tests share.

pub mod app;
pub mod ingest;
pub mod probe;
pub mod process;
pub mod spans;
pub mod valid;
mod watched;
