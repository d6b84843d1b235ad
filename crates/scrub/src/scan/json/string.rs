//! Strings, and what can be told of them by their bytes alone.

use std::ops::Range;

use crate::{
    chars::{DIGIT, is},
    words8,
};

/// What was found of a string.
pub(super) struct Str {
    /// Its inside.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether it may hold a digit, a sign or an escape: anything else than letters and spaces.
    pub(super) marked: bool,
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
    let mut marks = 0;
    let mut escaped = false;
    while let Some(word) = words8::load(text, end) {
        let stops = words8::equal(word, b'"') | words8::equal(word, b'\\');
        let marks_here = words8::between(word, b'%', b'@');
        if stops == 0 {
            marks |= marks_here;
            end += 8;
            continue;
        }
        marks |= words8::below(marks_here, stops);
        end += words8::first(stops);
        if text[end] == b'"' {
            return Str { start, end, marked: marks != 0 || escaped, escaped, closed: true };
        }
        escaped = true;
        end += 2;
    }
    while end < text.len() {
        match text[end] {
            b'"' => return Str { start, end, marked: true, escaped, closed: true },
            b'\\' => {
                escaped = true;
                end += 2;
            }
            _ => end += 1,
        }
    }
    Str { start, end: text.len(), marked: true, escaped, closed: false }
}

/// Whether a short string holds a digit, and whether one of `: ; < = > ? @ % & '`.
pub(super) fn digits_and_signs(value: &[u8]) -> (bool, bool) {
    value.iter().fold((false, false), |(digits, signs), &byte| {
        let sign = matches!(byte, b':'..=b'@' | b'%'..=b'\'' | b'\\');
        (digits || is(byte, DIGIT), signs || sign)
    })
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
