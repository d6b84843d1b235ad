//! Finds where something may begin. Harmless text is most of all text: it is passed over in blocks.

use crate::{
    chars::{TRIGGER, WORD, is, run_end, run_start},
    words8,
};

const BLOCK: usize = 32;

/// No key without a digit in it is shorter, and most words are. Of such a run, eight bytes in a row are looked at together
/// wherever the look begins.
const RUN: usize = 15;

/// The next place, from `at` on, that is worth a look: a digit, one of `: ; < = > ? @` or a quote, or within a run of many
/// word characters.
pub(super) fn next(text: &[u8], mut at: usize) -> Option<usize> {
    loop {
        while let Some(block) = text[at..].first_chunk::<BLOCK>() {
            if !is_plain(block) {
                break;
            }
            at += BLOCK;
        }
        // The last block may begin before: what is passed over twice is passed over fast.
        if text.len() >= BLOCK && at + BLOCK > text.len() && text.last_chunk::<BLOCK>().is_some_and(is_plain) {
            return None;
        }
        // In a block with something in it, or at the end.
        let end = text.len().min(at + BLOCK);
        while let Some(word) = words8::load(text, at).filter(|_| at + 8 <= end) {
            // All from `"` to `'`: what is between is rare, and passed over.
            let triggers =
                words8::between(word, b'0', b'@') | words8::between(word, b'"', b'\'') | words8::equal(word, b'`');
            if triggers != 0 {
                return Some(at + words8::first(triggers));
            }
            if words8::all(words8::between(word, b'-', b'z')) && is_run(text, at) {
                return Some(at);
            }
            at += 8;
        }
        while at < end {
            if is(text[at], TRIGGER) {
                return Some(at);
            }
            at += 1;
        }
        if at == text.len() {
            return None;
        }
    }
}

/// Whether the eight bytes from `at` on are part of a run that is long enough.
fn is_run(text: &[u8], at: usize) -> bool {
    let start = run_start(text, at, at.saturating_sub(RUN), WORD);
    run_end(&text[..text.len().min(at + RUN)], at, WORD) >= start + RUN
}

/// Whether no byte of the block is a trigger, and no part of it is all of one long run.
#[inline]
fn is_plain(block: &[u8; BLOCK]) -> bool {
    let mut triggers = 0;
    for &byte in block {
        let between = byte.wrapping_sub(b'0') <= b'@' - b'0';
        triggers |= u8::from(between) | u8::from(byte == b'"') | u8::from(byte == b'\'') | u8::from(byte == b'`');
    }
    if triggers != 0 {
        return false;
    }
    // Bytes of `- . /` to `z`. What is no word character among them costs a second look, no more.
    let mut full = false;
    for part in block.as_chunks::<8>().0 {
        let mut all = 1;
        for &byte in part {
            all &= u8::from(byte.wrapping_sub(b'-') <= b'z' - b'-');
        }
        full |= all != 0;
    }
    !full
}
