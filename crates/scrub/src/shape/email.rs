use std::ops::Range;

use crate::chars::{ALNUM, ALPHA, DIGIT, is, is_at};

/// As long as the standard lets a local part be (RFC 5321, 4.5.3.1.1), and some more.
const LOCAL: usize = 96;
const DOMAIN: usize = 255;

/// File and unit names that are written like addresses: `icon@2x.png`, `getty@tty1.service`.
const FILES: &[&[u8]] = &[
    b"png", b"jpg", b"jpeg", b"gif", b"svg", b"webp", b"css", b"js", b"json", b"service", b"timer", b"socket",
    b"target", b"mount", b"slice", b"scope", b"so", b"html", b"ts", b"tgz",
];

/// The address around the `@` at `at`. With `cut`, it may end with the text.
pub(crate) fn around(text: &[u8], at: usize, floor: usize, cut: bool) -> Option<Range<usize>> {
    let mut start = at;
    let least = floor.max(at.saturating_sub(LOCAL));
    if at > least && text[at - 1] == b'"' {
        start = quoted_local(text, at, least)?;
    } else {
        while start > least && is_local(text[start - 1]) {
            start -= 1;
        }
        while start < at && matches!(text[start], b'.' | b'\'' | b'-' | b'%') {
            start += 1;
        }
    }
    if start == at {
        return None;
    }
    // How a repository is named, not a person.
    if &text[start..at] == b"git" && !cut {
        return None;
    }
    let end = domain(text, at + 1, cut)?;
    Some(start..end)
}

fn is_local(byte: u8) -> bool {
    is(byte, ALNUM)
        || byte >= 0x80
        || matches!(byte, b'.' | b'_' | b'%' | b'+' | b'-' | b'\'' | b'!' | b'#' | b'$' | b'~' | b'^')
}

fn quoted_local(text: &[u8], at: usize, least: usize) -> Option<usize> {
    let opening = text[least..at - 1].iter().rposition(|&byte| byte == b'"')?;
    Some(least + opening)
}

/// The end of the domain that begins at `from`: two labels or more, of which the last is a name.
fn domain(text: &[u8], from: usize, cut: bool) -> Option<usize> {
    let limit = text.len().min(from + DOMAIN);
    if text.get(from) == Some(&b'[') {
        let end = from + text[from..limit].iter().position(|&byte| byte == b']')?;
        return text[from + 1..end].iter().any(|&byte| is(byte, DIGIT)).then_some(end + 1);
    }
    let mut end = from;
    let mut labels = 0;
    let mut last = from..from;
    loop {
        let label = end;
        while end < limit && (is(text[end], ALNUM) || text[end] >= 0x80 || (text[end] == b'-' && end > label)) {
            end += 1;
        }
        if end == label {
            break;
        }
        labels += 1;
        last = label..end;
        if end < limit
            && text[end] == b'.'
            && (is_at(text, end + 1, ALNUM) || text.get(end + 1).is_some_and(|&b| b >= 0x80))
        {
            end += 1;
        } else {
            break;
        }
    }
    let end = last.end;
    if cut && text[end..].iter().all(|&byte| byte == b'.') && (labels > 0 || end == text.len()) {
        return Some(text.len());
    }
    let top = &text[last.clone()];
    let is_name =
        top.len() >= 2 && (top.iter().all(|&byte| is(byte, ALPHA) || byte >= 0x80) || top.starts_with(b"xn--"));
    let is_file = FILES.contains(&top) && (is_at(text, from, DIGIT) || !matches!(top, b"so" | b"scope" | b"ts"));
    (labels >= 2 && is_name && !is_file).then_some(end)
}
