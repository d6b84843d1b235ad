//! Names and values that are elements of a list.

use super::string::{Str, string_at};
use crate::{
    chars::{LOWER, UPPER, is},
    edits::{Edits, Why},
    name::Meaning,
    scan::{Scan, place::skip_space},
};

/// No name that is longer stands in such a list.
const LONGEST: usize = 64;

impl Scan<'_> {
    /// `["password", "x"]`: a list of a name and its value. The place after it, if this is one. `before` is what stands before
    /// the name: where that is a comma, only what is written as a header's or an option's name is taken for one.
    pub(super) fn json_pair(&self, text: &[u8], before: u8, name: &Str, out: &mut Edits) -> Option<usize> {
        let written = &text[name.range()];
        if written.is_empty() || written.len() > LONGEST || !name.closed || written.contains(&b' ') {
            return None;
        }
        let option = written.starts_with(b"--");
        let header = option || is(written[0], UPPER);
        if before != b'[' && !header {
            return None;
        }
        let comma = skip_space(text, name.after());
        let start = skip_space(text, comma + 1);
        if text.get(comma) != Some(&b',') || text.get(start) != Some(&b'"') {
            return None;
        }
        let value = string_at(text, start);
        let is_last = !value.closed || text.get(skip_space(text, value.after())) == Some(&b']');
        // A list of two names is more likely than a password of small letters.
        let is_name = text[value.range()].iter().all(|&byte| is(byte, LOWER) || byte == b'_');
        if !(is_last || header) || (is_name && !option) {
            return None;
        }
        let Meaning::Secret(kind, strategy) = self.meaning(written) else { return None };
        if kind.hides(&text[value.range()]) {
            out.add(value.range(), Why::Name(strategy));
        }
        Some(value.after())
    }
}
