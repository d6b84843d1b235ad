//! Where the value after a sign begins.

use crate::{
    chars::{ALNUM, is},
    scan::text::Text,
};

impl Text<'_, '_, '_> {
    /// Where the value after the sign begins, on the same line.
    pub(super) fn value_start(&self, sign: usize, quoted: bool) -> Option<usize> {
        let text = self.text;
        let mut at = sign + 1;
        if text[sign] == b':' && text.get(at) == Some(&b':') {
            // LDIF's base64; else a path.
            at += 1;
            if text.get(at) != Some(&b' ') {
                return None;
            }
        }
        // PHP's arrow, and JSON's colon after a name in quotes.
        let arrow = text[at..].starts_with(b">") || (quoted && text[sign] == b':');
        while matches!(text.get(at), Some(b'=' | b'>')) && at < sign + 3 {
            at += 1;
        }
        // Markdown's `**Password:** x`.
        let stars = text[at..].iter().take_while(|&&byte| byte == b'*').count();
        if (1..=3).contains(&stars) && text.get(at + stars) == Some(&b' ') {
            at += stars;
        }
        while matches!(text.get(at), Some(b' ' | b'\t')) || (arrow && matches!(text.get(at), Some(b'\n' | b'\r'))) {
            at += 1;
        }
        (at < text.len() && !matches!(text[at], b'\n' | b'\r')).then_some(at)
    }
}

/// After a type that is written before a value: PHP's `string(7) "x"`, Go's `[]string{"x"}`.
pub(super) fn after_type(text: &[u8], start: usize) -> usize {
    let rest = &text[start..];
    if let Some(length) = rest.strip_prefix(b"string(") {
        let digits = length.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let value = start + b"string(".len() + digits + b") ".len();
        if length[digits..].starts_with(b") ") && value < text.len() {
            return value;
        }
    }
    if rest.starts_with(b"[]") {
        let word = rest[2..].iter().take_while(|&&byte| is(byte, ALNUM)).count();
        if rest.get(2 + word) == Some(&b'{') {
            return start + 2 + word;
        }
    }
    start
}

/// After a letter that marks a string, its quote: `b"x"`.
pub(super) fn quote_prefix(text: &[u8], at: usize) -> usize {
    let marks = matches!(text[at], b'b' | b'r' | b'u' | b'f' | b'L' | b'@' | b'$' | b'N');
    if marks && matches!(text.get(at + 1), Some(b'"' | b'\'')) { at + 1 } else { at }
}
