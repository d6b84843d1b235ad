#![no_main]

//! GraphQL as it is sent: a query and its variables, in JSON.

use fuzz::{SECRET, check, scrubber};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|text: &str| {
    check(text.as_bytes(), |text| scrubber().bytes(text).into_owned());
    let body = serde_json::json!({
        "operationName": "login",
        "query": format!("mutation {{ login(password: \"{SECRET}\") {{ id }} }} {text}"),
        "variables": { "note": text, "password": SECRET },
    });
    let body = body.to_string();
    check(body.as_bytes(), |text| scrubber().bytes(text).into_owned());
    let output = scrubber().text(&body).into_owned();
    serde_json::from_str::<Value>(&output).expect("JSON stays JSON");
    assert!(!output.contains(SECRET), "{output}");
});
