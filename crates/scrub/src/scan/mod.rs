//! Reads a text once, in whichever format it is, and notes what is to be replaced.

mod ahead;
mod cookie;
mod decode;
mod done;
pub(crate) mod form;
mod json;
mod kind;
mod markup;
pub(crate) mod multipart;
mod named;
mod place;
mod prose;
mod reading;
mod sql;
mod text;
mod trigger;
mod url;
mod value;

pub(crate) use reading::{Hint, Scan};
