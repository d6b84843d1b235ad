use crate::chars::{ALNUM, DIGIT, LOWER, UPPER, is, is_at};

/// The longest there is (ISO 13616), and the shortest.
const LONGEST: usize = 34;
const SHORTEST: usize = 15;

/// The end of the international bank account number that begins at `from`: two capitals, two check digits, groups of four or
/// no groups, and a remainder of 1 (ISO 7064, MOD 97-10). With `cut`, it may end with the text.
pub(crate) fn number(text: &[u8], from: usize, cut: bool) -> Option<usize> {
    let head = text.get(from..from + 4)?;
    let cased = if is(head[0], UPPER) && is(head[1], UPPER) {
        UPPER
    } else if is(head[0], LOWER) && is(head[1], LOWER) {
        LOWER
    } else {
        return None;
    };
    if !is(head[2], DIGIT) || !is(head[3], DIGIT) {
        return None;
    }
    let mut compact = [0_u8; LONGEST];
    let mut length = 0;
    let mut at = from;
    let mut group = 0;
    let mut found = None;
    while length < LONGEST {
        if is_at(text, at, DIGIT | cased) {
            compact[length] = text[at].to_ascii_uppercase();
            length += 1;
            group += 1;
            at += 1;
        } else if matches!(text.get(at), Some(b' ' | b'-')) && group == 4 && is_at(text, at + 1, DIGIT | cased) {
            if length >= SHORTEST && holds(&compact[..length]) {
                found = Some(at);
            }
            group = 0;
            at += 1;
        } else {
            break;
        }
    }
    if cut && at == text.len() && length >= 8 {
        return Some(at);
    }
    let whole = !is_at(text, at, ALNUM) && length >= SHORTEST && holds(&compact[..length]);
    if whole { Some(at) } else { found }
}

fn holds(number: &[u8]) -> bool {
    let rotated = number[4..].iter().chain(&number[..4]);
    let remainder = rotated.fold(0_u32, |remainder, &byte| {
        if byte.is_ascii_digit() {
            (remainder * 10 + u32::from(byte - b'0')) % 97
        } else {
            (remainder * 100 + u32::from(byte - b'A') + 10) % 97
        }
    });
    remainder == 1
}
