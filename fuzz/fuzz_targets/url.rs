#![no_main]

//! A URL, with credentials and with a query.

use fuzz::{SECRET, check, scrubber};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    check(text.as_bytes(), |text| scrubber().url(str::from_utf8(text).expect("it was")).into_owned().into_bytes());
    let output = scrubber().url(&format!("https://ada:{SECRET}@example.com/{text}?token={SECRET}&{text}")).into_owned();
    assert!(!output.contains(SECRET), "{output}");
});
