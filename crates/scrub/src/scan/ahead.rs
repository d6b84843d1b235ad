//! Where something comes next. Each answer holds up to the place it names, so a text is looked through once for each needle,
//! however often it is asked.

use std::cell::Cell;

use memchr::{memchr, memchr2, memmem};

#[derive(Clone, Copy)]
pub(super) enum Needle {
    /// The end of a line.
    Line,
    /// An end of a line that is written as an escape.
    EscapedLine,
    Quote,
    Semicolon,
    /// The beginning of an end tag.
    EndTag,
    /// What no URL has in it.
    EndOfUrl,
}

/// For each needle, from where on it was looked for, and where it was.
#[derive(Default)]
pub(super) struct Ahead([Cell<Option<(usize, usize)>>; 6]);

impl Ahead {
    /// Where the needle comes next, from `from` on, or the text's length. The text is the same for all calls.
    pub(super) fn find(&self, text: &[u8], needle: Needle, from: usize) -> usize {
        let known = &self.0[needle as usize];
        if let Some((since, found)) = known.get()
            && since <= from
            && from <= found
        {
            return found;
        }
        let rest = &text[from..];
        let found = match needle {
            Needle::Line => memchr2(b'\n', b'\r', rest),
            Needle::EscapedLine => memmem::find(rest, b"\\n"),
            Needle::Quote => memchr(b'"', rest),
            Needle::Semicolon => memchr(b';', rest),
            Needle::EndTag => memmem::find(rest, b"</"),
            Needle::EndOfUrl => rest.iter().position(|byte| b" \t\n\r\"<>`\\{}".contains(byte)),
        };
        let found = found.map_or(text.len(), |found| from + found);
        known.set(Some((from, found)));
        found
    }
}
