#![no_main]

//! A name that the input is, and names that it is part of.

use fuzz::{SECRET, check, scrubber};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|name: &str| {
    let first = scrubber().hides(name).is_some();
    assert_eq!(first, scrubber().hides(name).is_some());
    check(SECRET.as_bytes(), |value| {
        scrubber().value(name, str::from_utf8(value).expect("it was")).into_owned().into()
    });
    if first && name.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c)) {
        let output = scrubber().text(&serde_json::json!({ name: SECRET }).to_string()).into_owned();
        assert!(name.contains(SECRET) || !output.contains(SECRET), "{output}");
    }
});
