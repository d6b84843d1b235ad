//! Values that go by their keys.

use super::string::string_at;
use crate::{
    edits::{Edits, Why},
    name::Kind,
    scan::{done::done_at, place::skip_space, value},
};

/// Replaces the value that begins at `start`, whatever it is, and gives its end. `None` if it stays.
pub(super) fn hide(text: &[u8], start: usize, kind: Kind, strategy: u16, out: &mut Edits) -> Option<usize> {
    match text.get(start)? {
        b'"' => {
            let string = string_at(text, start);
            if !kind.hides(&text[string.range()]) {
                return None;
            }
            out.add(string.range(), Why::Name(strategy));
            Some(string.after())
        }
        b'{' | b'[' if kind != Kind::Random => {
            if let Some(end) = done_at(text, start) {
                return Some(end);
            }
            let inside = skip_space(text, start + 1);
            let end = value::balanced(text, start);
            if (kind == Kind::Plural && value::is_numbers(&text[inside..end]))
                || matches!(text.get(inside), Some(b'}' | b']'))
            {
                return None;
            }
            out.add_quoted(start..end, Why::Name(strategy));
            Some(end)
        }
        b'0'..=b'9' | b'-' if !matches!(kind, Kind::Plural | Kind::Random) => {
            let mut end = start;
            while end < text.len() && !matches!(text[end], b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t') {
                end += 1;
            }
            out.add_quoted(start..end, Why::Name(strategy));
            Some(end)
        }
        _ => None,
    }
}
