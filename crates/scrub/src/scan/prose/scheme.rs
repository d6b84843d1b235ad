//! Credentials after the name of their scheme (RFC 7617, RFC 6750).

use std::ops::Range;

use super::{is_plain_word, words::is_technical};
use crate::{
    Shape,
    chars::{ALNUM, Mix, WORD, changes, is},
    edits::Why,
    scan::text::Text,
};

impl Text<'_, '_, '_> {
    /// Credentials behind the name of their scheme: `Bearer x`, `Basic x`. Their end.
    pub(in crate::scan) fn scheme(&mut self, run: &Range<usize>) -> Option<usize> {
        let text = self.text;
        let shape = scheme_before(text[self.floor..run.start].trim_ascii_end())?;
        let start = run.start;
        let mut end = start;
        while end < text.len() && (is(text[end], WORD) || matches!(text[end], b'.' | b'~' | b'+' | b'/' | b'=' | b':'))
        {
            end += 1;
        }
        while end > start && matches!(text[end - 1], b'.' | b':') {
            end -= 1;
        }
        let value = &text[start..end];
        // A challenge's parameter: `Bearer realm="api"`.
        if value.ends_with(b"=") && text.get(end) == Some(&b'"') {
            return None;
        }
        let cut = self.scan.is_cut_at(text, end) && !value.is_empty();
        if !(cut || are_credentials(value, shape)) || !self.scan.rules.takes(shape) {
            return None;
        }
        self.add(start..end, Why::Shape(shape));
        Some(end)
    }
}

/// What stands after this head: credentials if it ends with `Basic`, a token if with `Bearer`.
fn scheme_before(head: &[u8]) -> Option<Shape> {
    let (name, shape): (&[u8], _) = match head.last()? | 0x20 {
        b'r' => (b"bearer", Shape::Token),
        b'c' => (b"basic", Shape::Credentials),
        _ => return None,
    };
    let at = head.len().checked_sub(name.len())?;
    let stands_alone = at == 0 || !is(head[at - 1], ALNUM);
    (stands_alone && head[at..].eq_ignore_ascii_case(name)).then_some(shape)
}

/// Whether a value is none of the words that follow these names in a sentence: `basic support`, `bearer token`.
fn are_credentials(value: &[u8], shape: Shape) -> bool {
    let mix = Mix::of(value);
    let is_mixed = if shape == Shape::Credentials {
        value.ends_with(b"=") || mix.digits > 0 || (mix.upper > 1 && mix.lower > 0 && changes(value) > 1)
    } else {
        mix.digits > 0 || changes(value) > 2 || value.len() >= 20 || !is_plain_word(value)
    };
    value.len() >= 4 && is_mixed && !is_technical(value)
}
