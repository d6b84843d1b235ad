//! What all targets check.

use std::{
    borrow::Cow,
    sync::LazyLock,
    time::{Duration, Instant},
};

use tower_telemetry_scrub::{Body, Described, Scrubber};

/// Planted by the targets, under a name that says what it is.
pub const SECRET: &str = "Zq8Xw3Lm5Rt7";

pub fn scrubber() -> &'static Scrubber {
    static SCRUBBER: LazyLock<Scrubber> = LazyLock::new(Scrubber::default);
    &SCRUBBER
}

/// No panic, what was UTF-8 is UTF-8, a second time changes nothing, and twice the text takes no more than about twice the time.
/// Returns the output.
pub fn check(input: &[u8], scrub: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let output = scrub(input);
    if str::from_utf8(input).is_ok() {
        str::from_utf8(&output).expect("what was UTF-8 is UTF-8");
        let again = scrub(&output);
        assert!(
            again == output,
            "a second time changes nothing:\n{}\n{}\n{}",
            String::from_utf8_lossy(input),
            String::from_utf8_lossy(&output),
            String::from_utf8_lossy(&again),
        );
    }
    // Of an input as large as this, each repetition would measure the same again.
    if (1..512).contains(&input.len()) && is_due(input) {
        let once = time(&input.repeat(64 * 1024 / input.len()), &scrub);
        if once > Duration::from_millis(50) {
            let twice = time(&input.repeat(128 * 1024 / input.len()), &scrub);
            assert!(
                twice < once * 8 && twice < Duration::from_millis(1500),
                "{once:?} for 64 KB, {twice:?} for 128 KB"
            );
        }
    }
    output
}

/// Each repetition costs as much as a thousand short inputs: one in 128 is repeated, always the same ones.
fn is_due(input: &[u8]) -> bool {
    input.iter().fold(0_u32, |hash, &byte| hash.wrapping_mul(31).wrapping_add(byte.into())).is_multiple_of(128)
}

fn time(input: &[u8], scrub: impl Fn(&[u8]) -> Vec<u8>) -> Duration {
    let start = Instant::now();
    scrub(input);
    start.elapsed()
}

/// What is shown of a body. One that is described is left as it is: what was scrubbed is shorter, so that it may count as binary
/// where it did not before.
pub fn shown(body: &Body<'_>) -> Vec<u8> {
    match Scrubber::body(scrubber(), body) {
        Described::Text(Cow::Borrowed(text)) => text.as_bytes().to_vec(),
        Described::Text(Cow::Owned(text)) => text.into_bytes(),
        _ => body.bytes.to_vec(),
    }
}
