//! Takes one layer of encoding off a text, and tells where in the encoded text its parts stand.

mod decoded;
mod escapes;
mod layer;

pub(super) use layer::{Layer, name};
