#![no_main]

//! XML and HTML.

use fuzz::{SECRET, check, scrubber};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let text = format!("<?xml version=\"1.0\"?><root>{text}</root>");
    check(text.as_bytes(), |text| scrubber().bytes(text).into_owned());
    let first = format!("<root><password>{SECRET}</password>{text}</root>");
    let output = scrubber().text(&first).into_owned();
    assert!(!output.contains(SECRET), "{output}");
});
