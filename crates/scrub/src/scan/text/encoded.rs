//! Encodings in the middle of a text.

use super::Text;
use crate::{
    chars::{HEX, SPACE, is, is_at},
    scan::{decode::Layer, form},
};

/// How far back the beginning of an encoded part is looked for.
const ENCODED: usize = 1024;

impl Text<'_, '_, '_> {
    /// A part with percent-encoding in it: what it means is what is read.
    pub(super) fn percent(&mut self, digit: usize) -> Option<usize> {
        let text = self.text;
        let percent = digit.checked_sub(1).filter(|&at| at >= self.floor && text[at] == b'%')?;
        if !is_at(text, digit + 1, HEX) || percent < self.percent || self.scan.inner().is_none() {
            return None;
        }
        let part = |byte: u8| !is(byte, SPACE) && !matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'`');
        let least = percent.saturating_sub(ENCODED).max(self.floor);
        let mut start = percent;
        while start > least && part(text[start - 1]) {
            start -= 1;
        }
        let end = digit + text[digit..].iter().position(|&byte| !part(byte)).unwrap_or(text.len() - digit);
        // Of a query, what is encoded is no sign.
        let query = memchr::memchr(b'?', &text[start..end]).map_or(start, |found| start + found + 1);
        if form::begins(&text[query..end]) {
            self.scan.form(text, query..end, self.out);
            if query > start {
                self.scan.encoded_value(text, start..query, Layer::Percent, self.out);
            }
        } else {
            self.percent = end;
            self.scan.decoded_any(text, start..end, Layer::Percent, self.out)?;
        }
        self.floor = end;
        Some(end)
    }
}

/// Whether entities of HTML hide what the text says. One that is looked for is rare, and so is `&`.
pub(super) fn has_entities(text: &[u8]) -> bool {
    memchr::memchr_iter(b'&', text).take(64).any(|at| {
        let rest = &text[at + 1..text.len().min(at + 8)];
        [&b"quot;"[..], b"apos;", b"gt;", b"lt;", b"amp;", b"#"].iter().any(|entity| rest.starts_with(entity))
    })
}

/// Whether there are escapes of JSON in a text that is none: those that hide letters and slashes.
pub(super) fn has_escapes(text: &[u8]) -> bool {
    memchr::memchr_iter(b'\\', text)
        .take(64)
        .any(|at| text[at + 1..].starts_with(b"/") || text[at + 1..].starts_with(b"u00"))
}
