//! Keys and tokens: those of providers, and long runs that look random.

use std::ops::Range;

use memchr::memmem;

use super::Text;
use crate::{
    Shape,
    chars::{LOWER, WORD, is},
    scan::Hint,
    shape::{form, token},
};

/// What stands before digests, which look like tokens.
const DIGESTS: [&str; 11] =
    ["sha", "digest", "checksum", "md5", "etag", "integrity", "fingerprint", "blake", "hash", "commit", "w/\""];

/// Runs from this length on are looked at for a provider's prefix.
const KEY: usize = 11;

impl Text<'_, '_, '_> {
    pub(super) fn token(&mut self, run: &Range<usize>) -> Option<usize> {
        if run.len() < token::LONG {
            self.key(run).or_else(|| self.long(run))
        } else {
            self.long(run).or_else(|| self.key(run))
        }
    }

    /// A key of a provider. Some begin with a part before a dot, or are known by what stands within them.
    fn key(&mut self, run: &Range<usize>) -> Option<usize> {
        let text = self.text;
        let least = run.start.saturating_sub(24).max(self.floor);
        let mut start = run.start;
        while start > least && (is(text[start - 1], WORD) || matches!(text[start - 1], b'.' | b'~')) {
            start -= 1;
        }
        if run.end - start < KEY && !matches!(text.get(run.end), Some(b'+' | b'/' | b'~' | b'.')) {
            return None;
        }
        // Google's refresh tokens.
        if text[self.floor..run.start].ends_with(b"1//") && run.len() >= 30 {
            return Some(self.add_shape(run.start - 3..run.end, Shape::Token));
        }
        let key =
            token::known(text, start..run.end, self.scan.cut).or_else(|| form::within(text, start, run, self.floor))?;
        Some(self.add_shape(key, Shape::Token))
    }

    /// What is a token by its length: the run, or the longer one in base64 that it is part of.
    fn long(&mut self, run: &Range<usize>) -> Option<usize> {
        let text = self.text;
        if run.len() >= token::LONG && token::is_long(&text[run.clone()]) {
            let end = self.end_of(run.end, is_base64);
            let padded = end > run.end && text[end - 1] == b'=';
            return Some(self.long_found(run.start..if padded { end } else { run.end }));
        }
        let joined = run.start > self.floor && is_base64(text[run.start - 1])
            || text.get(run.end).is_some_and(|&byte| is_base64(byte) || is_dotted(byte));
        if !joined {
            return None;
        }
        // A segment of a path, then all of it. Each is looked at once: it has as many runs as it is long.
        let found = self.around(run, is_dotted, 0).filter(|found| token::is_long(&text[found.clone()]));
        let found = found.or_else(|| {
            let found = self.around(run, is_base64, 1)?;
            (token::is_long(&text[found.clone()]) && !is_path(&text[found.clone()])).then_some(found)
        })?;
        Some(self.long_found(found))
    }

    /// The run of such characters around `run`, without the signs at its ends, if it is long enough and was not looked at.
    fn around(&mut self, run: &Range<usize>, part: fn(u8) -> bool, kind: usize) -> Option<Range<usize>> {
        let text = self.text;
        if run.end <= self.looked[kind] {
            return None;
        }
        let least = self.floor.max(self.looked[kind]);
        let mut start = run.start;
        while start > least && part(text[start - 1]) {
            start -= 1;
        }
        let mut end = self.end_of(run.end, part);
        // What follows the first `=` may be a value of its own.
        let sign = memchr::memchr(b'=', &text[start..end]).map(|found| start + found);
        self.looked[kind] = sign.filter(|&sign| sign >= run.end).unwrap_or(end);
        while end > start && matches!(text[end - 1], b'.' | b'/' | b'~') {
            end -= 1;
        }
        if let Some(equals) = memchr::memchr(b'=', &text[start..end]).filter(|&at| start + at < run.start) {
            start += equals + 1;
        }
        while start < end && matches!(text[start], b'/' | b'=' | b'+') {
            start += 1;
        }
        (end - start >= token::LONG).then_some(start..end)
    }

    fn end_of(&self, mut end: usize, part: impl Fn(u8) -> bool) -> usize {
        while end < self.text.len() && part(self.text[end]) {
            end += 1;
        }
        end
    }

    fn long_found(&mut self, range: Range<usize>) -> usize {
        if self.is_digest(range.start) { range.end } else { self.add_shape(range, Shape::Token) }
    }

    /// Whether a digest's name stands before.
    fn is_digest(&self, start: usize) -> bool {
        let head = self.text[start.saturating_sub(24)..start].to_ascii_lowercase();
        self.hint == Hint::Digest || DIGESTS.iter().any(|name| memmem::find(&head, name.as_bytes()).is_some())
    }
}

fn is_base64(byte: u8) -> bool {
    is(byte, WORD) || matches!(byte, b'+' | b'/' | b'=')
}

fn is_dotted(byte: u8) -> bool {
    is(byte, WORD) || matches!(byte, b'.' | b'~' | b'+' | b'=')
}

/// Whether a word stands between slashes: then it is no base64.
fn is_path(found: &[u8]) -> bool {
    found.split(|&byte| byte == b'/').any(|part| {
        part.len() >= 3 && part.len() < 24 && part.iter().all(|&byte| is(byte, LOWER) || byte == b'_' || byte == b'-')
    })
}
