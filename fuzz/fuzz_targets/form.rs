#![no_main]

//! A query or form.

use fuzz::{SECRET, check, scrubber};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    check(text.as_bytes(), |text| scrubber().query(str::from_utf8(text).expect("it was")).into_owned().into_bytes());
    let output = scrubber().query(&format!("{text}&password={SECRET}&{text}")).into_owned();
    assert!(!output.contains(SECRET), "{output}");
});
