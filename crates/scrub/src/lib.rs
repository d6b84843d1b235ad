//! Takes secrets and personal data out of text, headers, queries and bodies.
//!
//! ```
//! # use tower_telemetry_scrub::{BuildError, Scrub};
//! # fn main() -> Result<(), BuildError> {
//! let scrubber = Scrub::standard().build()?;
//! assert_eq!(scrubber.text("login as ada@example.com"), "login as [email]");
//! # Ok(()) }
//! ```

mod body;
mod chars;
mod config;
mod edits;
mod error;
mod name;
mod rules;
mod scan;
mod scrubber;
mod shape;
mod strategy;
mod word_set;
mod words8;

pub use body::{Body, Described};
pub use config::{Pii, Scrub};
pub use error::BuildError;
pub use scrubber::Scrubber;
pub use strategy::{HashKey, Pattern, Shape, Strategy};
