#![no_main]

//! A body of which the first two lines are its type and encoding, and the first byte says whether it was cut.

use fuzz::{check, shown};
use libfuzzer_sys::fuzz_target;
use tower_telemetry_scrub::Body;

fuzz_target!(|bytes: &[u8]| {
    let mut lines = bytes.splitn(3, |&byte| byte == b'\n');
    let (first, encoding, bytes) = (lines.next(), lines.next(), lines.next().unwrap_or_default());
    let Some((&flags, content_type)) = first.and_then(<[u8]>::split_first) else { return };
    let body = Body {
        bytes,
        cut: flags & 1 != 0,
        length: (flags & 2 != 0).then_some(bytes.len() as u64),
        content_type: (flags & 4 != 0).then_some(content_type),
        content_encoding: encoding.filter(|_| flags & 8 != 0),
    };
    if flags & 8 == 0 && flags & 1 == 0 {
        check(bytes, |bytes| shown(&Body { bytes, ..body }));
    } else {
        shown(&body);
    }
});
