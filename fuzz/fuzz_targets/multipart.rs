#![no_main]

//! A multipart body.

use fuzz::{SECRET, check, shown};
use libfuzzer_sys::fuzz_target;
use tower_telemetry_scrub::Body;

fuzz_target!(|bytes: &[u8]| {
    let content_type = Some(&b"multipart/form-data; boundary=\"xYzZy\""[..]);
    let body = |bytes: &[u8]| shown(&Body { bytes, content_type, ..Body::default() });
    check(bytes, body);
    let text = String::from_utf8_lossy(bytes);
    let part = |name: &str, value: &str| {
        format!("--xYzZy\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let whole = format!("{}{}--xYzZy--\r\n", part("note", &text), part("password", SECRET));
    check(whole.as_bytes(), body);
    let output = body(whole.as_bytes());
    assert!(!String::from_utf8_lossy(&output).contains(SECRET), "{}", String::from_utf8_lossy(&output));
});
