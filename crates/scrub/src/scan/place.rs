//! Spaces, and where lines begin and end.

use crate::chars::{SPACE, is, is_at};

/// How far back a line's beginning is looked for, and how far on what else stands on it.
const LINE: usize = 256;

pub(super) fn skip_space(text: &[u8], mut at: usize) -> usize {
    while is_at(text, at, SPACE) {
        at += 1;
    }
    at
}

pub(super) fn is_space(byte: u8) -> bool {
    is(byte, SPACE)
}

/// The text as far as the beginning of what stands at `start` tells of it.
pub(super) fn near(text: &[u8], start: usize) -> &[u8] {
    &text[..text.len().min(start + LINE)]
}

/// The beginning of the line that `at` is in, not before `floor`.
pub(super) fn line_start(text: &[u8], at: usize, floor: usize) -> usize {
    let least = floor.max(at.saturating_sub(LINE));
    memchr::memrchr(b'\n', &text[least..at]).map_or(least, |found| least + found + 1)
}

/// The end of the line that `at` is in.
pub(super) fn line_end(text: &[u8], at: usize) -> usize {
    memchr::memchr2(b'\n', b'\r', &text[at..]).map_or(text.len(), |found| at + found)
}
