#![no_main]

//! The first line is a header's name, the rest its value.

use fuzz::{SECRET, check, scrubber};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let end = bytes.iter().position(|&byte| byte == b'\n').unwrap_or(0);
    let name = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let value = &bytes[end..];
    for name in [&name, "cookie", "set-cookie", "x-any"] {
        check(value, |value| scrubber().header(name, value).into_owned());
    }
    let output = scrubber().header("authorization", &[b"Bearer ", SECRET.as_bytes(), value].concat()).into_owned();
    assert!(!String::from_utf8_lossy(&output).contains(SECRET));
    let cookies = [value, b"; session=", SECRET.as_bytes(), b"; ", value].concat();
    let output = scrubber().header("cookie", &cookies).into_owned();
    assert!(!String::from_utf8_lossy(&output).contains(SECRET), "{}", String::from_utf8_lossy(&output));
});
