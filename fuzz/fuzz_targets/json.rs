#![no_main]

//! JSON stays JSON, and a secret under a key goes.

use fuzz::{SECRET, check, scrubber};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|text: &str| {
    let output = check(text.as_bytes(), |text| scrubber().bytes(text).into_owned());
    let Ok(value) = serde_json::from_str::<Value>(text) else { return };
    // A number alone is as well a text, in which `[card]` takes the place of one.
    if value.is_number() {
        return;
    }
    serde_json::from_slice::<Value>(&output).expect("JSON stays JSON");
    let wrapped = serde_json::json!({ "before": value, "password": SECRET, "after": [value] }).to_string();
    let output = scrubber().text(&wrapped).into_owned();
    serde_json::from_str::<Value>(&output).expect("JSON stays JSON");
    assert!(!output.contains(SECRET), "{output}");
});
