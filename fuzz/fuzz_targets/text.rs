#![no_main]

//! Text of no format.

use fuzz::{SECRET, check, scrubber};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    check(text.as_bytes(), |text| scrubber().text(str::from_utf8(text).expect("it was")).into_owned().into_bytes());
    // After a line of its own that begins nothing.
    if !text.contains(SECRET) && !text.contains(['"', '\'', '`', '<', '{', '[', '(', '-', '\\']) {
        let output = scrubber().text(&format!("{text}\n\npassword={SECRET}\n")).into_owned();
        assert!(!output.contains(SECRET), "{output}");
    }
});
