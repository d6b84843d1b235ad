//! Strings, and what can be told of them by their bytes alone.

use std::ops::Range;

use crate::{
    chars::{DIGIT, is},
    words8,
};

#[expect(clippy::struct_excessive_bools, reason = "each is found by itself, in one pass")]
/// What was found of a string.
pub(super) struct Str {
    /// Its inside.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether it may hold one of `: ; < = > ? @ % & '`, or an escape.
    pub(super) signs: bool,
    /// Whether it may hold a digit.
    pub(super) digits: bool,
    pub(super) escaped: bool,
    pub(super) closed: bool,
}

impl Str {
    pub(super) fn range(&self) -> Range<usize> {
        self.start..self.end
    }

    /// Where the text goes on.
    pub(super) fn after(&self) -> usize {
        self.end + usize::from(self.closed)
    }
}

/// The string whose quote stands at `at`.
#[inline]
pub(super) fn string_at(text: &[u8], at: usize) -> Str {
    let start = at + 1;
    let mut end = start;
    let mut signs = 0;
    let mut digits = 0;
    let mut escaped = false;
    while let Some(word) = words8::load(text, end) {
        let stops = words8::equal(word, b'"') | words8::equal(word, b'\\');
        let signs_here = words8::between(word, b':', b'@') | words8::between(word, b'%', b'\'');
        let digits_here = words8::between(word, b'0', b'9');
        if stops == 0 {
            signs |= signs_here;
            digits |= digits_here;
            end += 8;
            continue;
        }
        signs |= words8::below(signs_here, stops);
        digits |= words8::below(digits_here, stops);
        end += words8::first(stops);
        if text[end] == b'"' {
            return Str { start, end, signs: signs != 0 || escaped, digits: digits != 0, escaped, closed: true };
        }
        escaped = true;
        end += 2;
    }
    while end < text.len() {
        match text[end] {
            b'"' => return Str { start, end, signs: true, digits: true, escaped, closed: true },
            b'\\' => {
                escaped = true;
                end += 2;
            }
            _ => end += 1,
        }
    }
    Str { start, end: text.len(), signs: true, digits: true, escaped, closed: false }
}

/// A date and a time as most services write it (RFC 3339): most of the strings with signs in them are one.
pub(super) fn is_timestamp(value: &[u8]) -> bool {
    let Some(word) = words8::load(value, 0) else { return false };
    // `2026-11-`, and then nothing but more of it.
    let dashes = words8::equal(word, b'-');
    (19..36).contains(&value.len())
        && dashes == 0x8000_0080_0000_0000
        && value[8..]
            .iter()
            .all(|&byte| is(byte, DIGIT) || matches!(byte, b'T' | b':' | b'.' | b'Z' | b'+' | b'-' | b' '))
        && value[..8].iter().enumerate().all(|(i, &byte)| is(byte, DIGIT) || i == 4 || i == 7)
        && memchr::memchr(b'.', &value[8..]).is_none_or(|at| at == 11)
}
