//! `INSERT INTO users (name, password) VALUES ('ada', 'x')`: a value goes by its column.

use std::ops::Range;

use super::{place::skip_space, text::Text};
use crate::{
    chars::{ALNUM, is},
    edits::Why,
    name::{Kind, Meaning},
};

/// Columns that are told apart, and how long their list may be.
const COLUMNS: usize = 64;
const LIST: usize = 2048;

/// Reads the rows after the `VALUES` that stands in `start..end`.
pub(super) fn values(text: &mut Text<'_, '_, '_>, start: usize, end: usize) {
    let bytes = text.text;
    // Within a row that was read, there is no statement of its own.
    if start < text.rows {
        return;
    }
    let head = bytes[..start].trim_ascii_end();
    if head.last() != Some(&b')') {
        return;
    }
    let least = head.len().saturating_sub(LIST);
    let Some(open) = memchr::memrchr(b'(', &head[least..]).map(|found| least + found) else { return };
    // A list has no list in it.
    let columns = &head[open + 1..head.len() - 1];
    if memchr::memchr(b')', columns).is_some() {
        return;
    }
    let mut secret = [None; COLUMNS];
    let mut any = false;
    for (column, slot) in columns.split(|&byte| byte == b',').zip(&mut secret) {
        if let Meaning::Secret(kind, strategy) = text.scan.meaning(column)
            && kind != Kind::Random
        {
            *slot = Some((kind, strategy));
            any = true;
        }
    }
    let mut at = skip_space(bytes, end);
    while any && bytes.get(at) == Some(&b'(') {
        at += 1;
        for slot in &secret {
            let value = value(bytes, at);
            if let Some((kind, strategy)) = slot {
                let range = unquoted(bytes, value.clone());
                let placeholder =
                    bytes[range.clone()].first().is_none_or(|&byte| matches!(byte, b'?' | b'$' | b':' | b'@' | b'%'))
                        && bytes.get(value.start) != Some(&b'\'');
                if !placeholder && kind.hides_word(&bytes[range.clone()]) {
                    text.out.add(range, Why::Name(*strategy));
                }
            }
            at = value.end;
            text.rows = at;
            match bytes.get(at) {
                Some(b',') => at += 1,
                _ => break,
            }
        }
        if bytes.get(at) != Some(&b')') {
            return;
        }
        at = skip_space(bytes, at + 1);
        if bytes.get(at) == Some(&b',') {
            at = skip_space(bytes, at + 1);
        }
    }
}

/// The value that begins at `at`, up to the comma or bracket after it.
fn value(bytes: &[u8], at: usize) -> Range<usize> {
    let start = skip_space(bytes, at);
    let mut end = start;
    let mut depth = 0_usize;
    while end < bytes.len() {
        match bytes[end] {
            quote @ (b'\'' | b'"') => {
                end += 1;
                while end < bytes.len() && bytes[end] != quote {
                    end += 1 + usize::from(bytes[end] == b'\\');
                }
            }
            b'(' => depth += 1,
            b')' if depth > 0 => depth -= 1,
            b',' if depth == 0 => break,
            b')' => break,
            _ => {}
        }
        end += 1;
    }
    start..end.min(bytes.len())
}

fn unquoted(bytes: &[u8], value: Range<usize>) -> Range<usize> {
    let trimmed = bytes[value.clone()].trim_ascii_end().len();
    let mut range = value.start..value.start + trimmed;
    let prefix = bytes[range.clone()].iter().take_while(|&&byte| is(byte, ALNUM)).count();
    if prefix < 3 && bytes.get(range.start + prefix) == Some(&b'\'') {
        range.start += prefix;
    }
    if bytes.get(range.start).is_some_and(|byte| matches!(byte, b'\'' | b'"')) {
        let quote = bytes[range.start];
        range.start += 1;
        if range.end > range.start && bytes[range.end - 1] == quote {
            range.end -= 1;
        }
    }
    range
}
