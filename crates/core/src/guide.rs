//! Pages to read.

#[doc = include_str!("../docs/own-observer.md")]
pub mod own_observer {}

#[doc = include_str!("../docs/callbacks.md")]
pub mod callbacks {}
