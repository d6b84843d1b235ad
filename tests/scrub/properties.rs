//! What holds of any text.

mod identity;
mod planted;
mod text;

use tower_telemetry_scrub::{Scrub, Scrubber};

/// How many texts each property is tried with.
const CASES: u32 = 256;

fn standard() -> Scrubber {
    Scrub::standard().build().expect("the standard rules are sound")
}
