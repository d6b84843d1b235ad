//! Eight bytes at a time, in a `u64`: what SIMD does for sixteen, without `unsafe` and for texts too short for it.
//!
//! Each function marks the bytes it finds by their highest bit. Above the lowest that is marked, marks may be wrong; the lowest
//! is right.

const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// The eight bytes of `text` from `at` on, if there are so many.
#[inline]
pub(crate) fn load(text: &[u8], at: usize) -> Option<u64> {
    text.get(at..)?.first_chunk::<8>().map(|bytes| u64::from_le_bytes(*bytes))
}

/// Marks the bytes that are `byte`.
#[inline]
pub(crate) fn equal(word: u64, byte: u8) -> u64 {
    let zero = word ^ (LOW * u64::from(byte));
    zero.wrapping_sub(LOW) & !zero & HIGH
}

/// Marks the bytes from `first` to `last`, both below 128. All marks are right.
#[inline]
pub(crate) fn between(word: u64, first: u8, last: u8) -> u64 {
    let low = word & !HIGH;
    let from = low + LOW * (0x80 - u64::from(first));
    let after = low + LOW * (0x7f - u64::from(last));
    from & !after & !word & HIGH
}

/// Which of the eight is the lowest that is marked.
#[inline]
pub(crate) fn first(marks: u64) -> usize {
    (marks.trailing_zeros() / 8) as usize
}

/// The marks below the lowest of `end`.
#[inline]
pub(crate) fn below(marks: u64, end: u64) -> u64 {
    marks & (end & end.wrapping_neg()).wrapping_sub(1)
}

/// Whether all are marked.
#[inline]
pub(crate) fn all(marks: u64) -> bool {
    marks == HIGH
}
