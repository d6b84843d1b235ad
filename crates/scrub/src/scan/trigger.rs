//! Finds where something may begin. Harmless text is most of all text: it is passed over in blocks.

use crate::chars::{TRIGGER, WORD, class};

const BLOCK: usize = 32;

/// No key or token without a digit in it is shorter. Words are.
const RUN: usize = 12;

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
        let end = text.len().min(at + BLOCK);
        let mut run = 0;
        for (i, &byte) in text[at..end].iter().enumerate() {
            let class = class(byte);
            if class & TRIGGER != 0 {
                return Some(at + i);
            }
            run = if class & WORD != 0 { run + 1 } else { 0 };
            if run == RUN {
                return Some(at + i);
            }
        }
        at = end;
        if at == text.len() {
            return None;
        }
    }
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
