use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    ops::Range,
    str,
};

use crate::chars::{ALNUM, DIGIT, HEX, is, is_at};

/// The end of the IPv4 address that begins at `from`. What may as well be a version is none.
pub(crate) fn v4(text: &[u8], from: usize, floor: usize) -> Option<usize> {
    let mut octets = [0_u8; 4];
    let mut at = from;
    for (i, octet) in octets.iter_mut().enumerate() {
        if i > 0 {
            if text.get(at) != Some(&b'.') {
                return None;
            }
            at += 1;
        }
        let start = at;
        while at < text.len() && at < start + 4 && is(text[at], DIGIT) {
            at += 1;
        }
        *octet = str::from_utf8(&text[start..at]).ok()?.parse().ok()?;
    }
    let goes_on = is_at(text, at, ALNUM)
        || text.get(at) == Some(&b'_')
        || (text.get(at) == Some(&b'.') && is_at(text, at + 1, DIGIT))
        || (text.get(at) == Some(&b'-') && is_at(text, at + 1, ALNUM) && !is_at(text, at + 1, DIGIT));
    if goes_on || (from > floor && is_versioned(text, from)) {
        return None;
    }
    let address = Ipv4Addr::from(octets);
    // Nobody's, everybody's, and masks.
    let tells = !(address.is_loopback() || address.is_unspecified() || octets[0] == 255 || address.is_broadcast());
    tells.then_some(at)
}

/// Words before a version, and those that also end longer ones: `appVersion`.
const WORDS: [&str; 7] = ["build", "clause", "rev", "revision", "sec", "v", "ver"];
const ENDS: [&str; 5] = ["chapter", "release", "section", "upgrade", "version"];

/// Whether what stands before says that this is a version: `v1.2.3.4`, `Chrome/120.0.0.0`, `version 1.2.3.4`.
fn is_versioned(text: &[u8], from: usize) -> bool {
    let Some(&before) = from.checked_sub(1).and_then(|at| text.get(at)) else { return false };
    if is(before, ALNUM) || matches!(before, b'.' | b'_') {
        return true;
    }
    if before == b'-' {
        return from >= 2 && is(text[from - 2], ALNUM) && !is(text[from - 2], DIGIT);
    }
    if before == b'/' {
        let name = text[..from - 1].iter().rposition(|&byte| !is(byte, ALNUM)).map_or(0, |at| at + 1);
        return name < from - 1 && (name == 0 || text[name - 1] != b'/');
    }
    let head = &text[from.saturating_sub(16)..from];
    let head = head.trim_ascii_end();
    let head = head.strip_suffix(b"\"").unwrap_or(head);
    let head = head.strip_suffix(b":").or_else(|| head.strip_suffix(b"=")).unwrap_or(head);
    let head = head.strip_suffix(b"\"").unwrap_or(head).trim_ascii_end();
    let ends =
        |word: &&str| head.len() >= word.len() && head[head.len() - word.len()..].eq_ignore_ascii_case(word.as_bytes());
    let whole = |word: &&str| head.len() == word.len() || !is(head[head.len() - word.len() - 1], ALNUM);
    ENDS.iter().any(ends) || WORDS.iter().any(|word| ends(word) && whole(word))
}

/// The longest an IPv6 address is written, with a zone.
const V6: usize = 64;

/// The IPv6 address around the colon at `colon`; or up to where there is none.
pub(crate) fn v6(text: &[u8], colon: usize, floor: usize) -> Result<Range<usize>, usize> {
    let part = |byte: u8| is(byte, HEX) || byte == b':' || byte == b'.';
    let mut start = colon;
    let least = floor.max(colon.saturating_sub(V6));
    while start > least && part(text[start - 1]) {
        start -= 1;
    }
    let mut end = colon;
    while end < text.len() && part(text[end]) {
        end += 1;
    }
    let none = Err(end);
    if end - start > V6 {
        return none;
    }
    // Not a time: eight groups, or fewer with a gap.
    let colons = memchr::memchr_iter(b':', &text[start..end]).count();
    if colons < 2 || (colons < 6 && !text[start..end].windows(2).any(|pair| pair == b"::")) {
        return none;
    }
    // A name before, or after.
    let joined = |byte: u8| is(byte, ALNUM) || byte == b'_' || byte >= 0x80;
    if (start > 0 && joined(text[start - 1])) || (end < text.len() && joined(text[end]) && text[end] != b'%') {
        return none;
    }
    while end > start && (text[end - 1] == b'.' || (text[end - 1] == b':' && !text[..end].ends_with(b"::"))) {
        end -= 1;
    }
    while start < end && (text[start] == b'.' || (text[start] == b':' && text.get(start + 1) != Some(&b':'))) {
        start += 1;
    }
    let written = &text[start..end];
    let colons = memchr::memchr_iter(b':', written).count();
    let Some(address) = str::from_utf8(written).ok().and_then(|written| written.parse::<Ipv6Addr>().ok()) else {
        return none;
    };
    // `a::b` is a path in many a language, and `::` an operator.
    let tells = !address.is_loopback()
        && !address.is_unspecified()
        && written.iter().any(|&byte| is(byte, DIGIT))
        && (colons > 2 || written.len() >= 6);
    if tells { Ok(start..end) } else { none }
}

/// Its network: the first three octets, or the first three groups.
pub(crate) fn network(written: &[u8]) -> Option<String> {
    // It is one already.
    if let Some(address) = written.strip_suffix(b"/24").or_else(|| written.strip_suffix(b"/48")) {
        return network(address).filter(|network| network.as_bytes() == written);
    }
    match str::from_utf8(written).ok()?.trim().parse().ok()? {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            Some(format!("{a}.{b}.{c}.0/24"))
        }
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => network(v4.to_string().as_bytes()),
            None => {
                let [a, b, c, ..] = v6.segments();
                Some(format!("{}/48", Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0)))
            }
        },
    }
}
