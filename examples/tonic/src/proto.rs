//! What `build.rs` makes of `proto/helloworld.proto`.
#![allow(clippy::pedantic, unreachable_pub, reason = "it is generated")]

tonic::include_proto!("helloworld");

/// The definition itself, for reflection.
pub(crate) const DESCRIPTORS: &[u8] = tonic::include_file_descriptor_set!("helloworld");
