//! One decision for each exchange of a Tower service: excluded, recorded lightly, or traced.
//!
//! ```
//! use tower_telemetry_core::Observe;
//! use tower_telemetry_sampling::Sampling;
//!
//! # fn main() -> Result<(), tower_telemetry_core::BuildError> {
//! let sampling = Sampling::new().rate(0.1)?;
//! // The first of a tuple decides for those behind it.
//! let layer = (sampling, ()).into_layer();
//! # let _ = layer; Ok(()) }
//! ```
//!
//! Health, metrics and docs endpoints are excluded: for them it is as if the layer were not there. The rest is traced at one
//! rate. The decision is a function of the trace id alone, so services that share a rate keep or drop whole traces together.
//! A caller that has decided not to trace is heeded; one that asks to be traced does not get more than the rate.

mod config;
mod exclude;
mod observe;

pub use self::config::{Exclude, Sampling};
