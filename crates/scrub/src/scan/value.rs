//! Where a value ends, and what kind it is of.

use super::place::{line_end, near};
use crate::chars::{ALNUM, ALPHA, DIGIT, Mix, SPACE, changes, is, is_at};

/// The end of what the bracket at `start` opens, with brackets in strings left aside; the text's end, if it is not closed.
pub(super) fn balanced(text: &[u8], start: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = start;
    while at < text.len() {
        match text[at] {
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            b'"' | b'\\' => {
                if let Some(quote) = Quote::opens(text, at).filter(|quote| quote.byte == b'"') {
                    at = quote.closes(text) + quote.slashes;
                }
            }
            _ => {}
        }
        at += 1;
    }
    text.len()
}

/// Whether a value looks as if drawn by lot, as tokens do.
pub(super) fn is_random(value: &[u8]) -> bool {
    value.len() >= 16 && {
        let mix = Mix::of(value);
        mix.is_random(value) && mix.letters() + mix.digits >= 12
    }
}

/// Whether a value holds something that no word does: a digit beside letters, or letters as no word has them.
pub(super) fn is_tokenish(value: &[u8]) -> bool {
    let mix = Mix::of(value);
    (mix.is_mixed() && value.len() >= 6) || is_random(value) || (mix.letters() >= 20 && changes(value) > 2)
}

/// Whether a list has only numbers in it.
pub(super) fn is_numbers(list: &[u8]) -> bool {
    list.iter().all(|&byte| is(byte, DIGIT | SPACE) || matches!(byte, b',' | b'.' | b'-' | b'[' | b']'))
}

/// Whether a value is a version that a package asks for, as of `express-session`: `^1.17.3`.
pub(super) fn is_requirement(value: &[u8]) -> bool {
    let version = value.strip_prefix(b"^").or_else(|| value.strip_prefix(b"~")).unwrap_or(value);
    let parts = version.split(|&byte| byte == b'.').count();
    (parts == 3 || (parts == 2 && version.len() < value.len()))
        && version.iter().all(|&byte| is(byte, DIGIT) || byte == b'.')
        && version.len() >= 3
}

/// Whether a value stands for none, or is masked already.
pub(super) fn is_literal(value: &[u8]) -> bool {
    if value.len() <= 9 {
        const NONE: [&[u8]; 11] =
            [b"null", b"nil", b"none", b"true", b"false", b"undefined", b"yes", b"no", b"n/a", b"on", b"off"];
        if NONE.iter().any(|none| value.eq_ignore_ascii_case(none)) {
            return true;
        }
    }
    is_masked(value)
}

fn is_masked(value: &[u8]) -> bool {
    const BULLET: &[u8] = "•".as_bytes();
    let all = |masks: &[u8]| value.iter().all(|byte| masks.contains(byte));
    all(b"*.-_?") || (value.len() >= 3 && (all(b"xX") || value.chunks(BULLET.len()).all(|part| part == BULLET)))
}

/// A quote, with the backslashes before it if it stands in a string.
#[derive(Clone, Copy)]
pub(super) struct Quote {
    slashes: usize,
    byte: u8,
    /// Where the inside begins.
    pub(super) inside: usize,
    triple: bool,
}

impl Quote {
    /// The quote that opens at `at`.
    pub(super) fn opens(text: &[u8], at: usize) -> Option<Self> {
        let slashes = text[at..].iter().take(16).take_while(|&&byte| byte == b'\\').count();
        let byte = *text.get(at + slashes)?;
        if !matches!(byte, b'"' | b'\'' | b'`') {
            return None;
        }
        let inside = at + slashes + 1;
        let triple = slashes == 0 && text.get(inside) == Some(&byte) && text.get(inside + 1) == Some(&byte);
        Some(Self { slashes, byte, inside: if triple { inside + 2 } else { inside }, triple })
    }

    /// Where the inside ends: before the same quote, with as many backslashes; or where the text does.
    pub(super) fn closes(&self, text: &[u8]) -> usize {
        self.closes_from(text, self.inside)
    }

    /// As [`closes`](Self::closes), from a place inside on.
    pub(super) fn closes_from(&self, text: &[u8], from: usize) -> usize {
        let mut at = from;
        while let Some(found) = memchr::memchr(self.byte, &text[at..]) {
            let quote = at + found;
            let slashes = text[self.inside..quote].iter().rev().take_while(|&&byte| byte == b'\\').count();
            let closes = if self.triple {
                text[quote..].starts_with(&[self.byte; 3])
            } else if self.slashes == 0 {
                slashes.is_multiple_of(2)
            } else {
                slashes <= self.slashes
            };
            // An apostrophe in a value that ends later on the line.
            let within = self.byte == b'\'' && is_at(text, quote + 1, ALNUM) && {
                let near = near(text, quote);
                let line = &near[quote + 1..line_end(near, quote)];
                memchr::memchr(b'\'', line).is_some_and(|next| ends_value(line.get(next + 1)))
                    && !line[..memchr::memchr(b'\'', line).unwrap_or(0)]
                        .iter()
                        .any(|byte| matches!(byte, b' ' | b'=' | b',' | b';' | b':'))
            };
            if closes && !within {
                return quote - if self.slashes > 0 { slashes } else { 0 };
            }
            at = quote + 1;
        }
        text.len()
    }
}

fn ends_value(next: Option<&u8>) -> bool {
    next.is_none_or(|&byte| is(byte, SPACE) || b";,)]}&|".contains(&byte))
}

/// The end of a value without quotes that begins at `start`.
pub(super) fn bare_end(text: &[u8], start: usize) -> usize {
    let mut at = start;
    while at < text.len() {
        let goes_on = match text[at] {
            b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'`' => false,
            b'\'' => is_at(text, at + 1, ALNUM),
            b'<' => !(is_at(text, at + 1, ALPHA) || matches!(text.get(at + 1), Some(b'/' | b'!'))),
            b'&' => !is_pair(text, at + 1) && !text[at..].starts_with(b"&amp;") && !text[at..].starts_with(b"&quot;"),
            b';' | b',' => !ends_here(text, at + 1) && !is_pair(text, at + 1),
            b')' | b']' | b'}' | b'>' => {
                !ends_here(text, at + 1)
                    && !matches!(
                        text[at + 1],
                        b',' | b';' | b'.' | b')' | b']' | b'}' | b':' | b'"' | b'\'' | b'`' | b'|' | b'\\'
                    )
            }
            b'\\' => !matches!(text.get(at + 1), Some(b'"' | b'\'' | b'n' | b'r' | b't' | b'\\')),
            b'|' => !ends_here(text, at + 1),
            _ => true,
        };
        if !goes_on {
            break;
        }
        at += 1;
    }
    // The end of a sentence is not the value's.
    while at > start + 1 && matches!(text[at - 1], b'.' | b',' | b':' | b'!' | b'?') && ends_here(text, at) {
        at -= 1;
    }
    at
}

fn ends_here(text: &[u8], at: usize) -> bool {
    at >= text.len() || is(text[at], SPACE) || matches!(text[at], b'"' | b'\'' | b'`')
}

/// Whether a name and `=` or `:` stand here.
fn is_pair(text: &[u8], at: usize) -> bool {
    let mut end = at;
    while end < text.len()
        && end < at + 64
        && (is(text[end], ALNUM) || matches!(text[end], b'_' | b'-' | b'.' | b'[' | b']' | b'%'))
    {
        end += 1;
    }
    end > at && matches!(text.get(end), Some(b'=' | b':')) && !is(text[at], DIGIT)
}
