//! One reading of a text, and what it asks of a name and its value.

use regex::bytes::Regex;

use super::{decode, done::has_done, form, multipart, place::skip_space};
use crate::{
    Strategy,
    chars::{WORD, is},
    edits::Edits,
    name::Meaning,
    rules::Rules,
};

/// One reading. Texts within texts, such as JSON in a string or a percent-encoded query, are read by further ones.
#[derive(Clone, Copy)]
pub(crate) struct Scan<'r> {
    pub(crate) rules: &'r Rules,
    /// How many more layers are read.
    pub(super) layers: u8,
    /// The text's end is missing, so what begins to look like something there is taken for it.
    pub(super) cut: bool,
    /// There are no entities of HTML in any part of the text.
    pub(super) plain: bool,
    /// The user's own.
    pub(super) patterns: &'r [(Regex, Strategy)],
}

/// How many layers are read. A secret under one more is wrapped more often than any service does.
const LAYERS: u8 = 8;

/// What the name of a text says about it, other than that it is secret.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Hint {
    #[default]
    None,
    Digest,
    Version,
}

impl<'r> Scan<'r> {
    pub(crate) fn new(rules: &'r Rules, cut: bool) -> Self {
        Self { rules, layers: LAYERS, cut, plain: false, patterns: &rules.patterns }
    }

    /// The reading of what was scrubbed: the user's own patterns have had their turn.
    pub(crate) fn again(rules: &'r Rules, cut: bool) -> Self {
        Self { patterns: &[], ..Self::new(rules, cut) }
    }

    /// Reads a text in the format that it turns out to be. Content types are often wrong, and often missing.
    pub(crate) fn any(&self, text: &[u8], out: &mut Edits) {
        let start = skip_space(text, usize::from(text.starts_with(b"\xef\xbb\xbf")) * 3);
        let mark = out.len();
        match text.get(start) {
            Some(b'{' | b'[') => {
                let scan = Self { plain: memchr::memchr(b'&', text).is_none(), ..*self };
                out.json = scan.json(text, start, out);
                if !out.json {
                    out.truncate(mark);
                    scan.text(text, Hint::None, out);
                }
            }
            Some(b'-') if multipart::is_multipart(&text[start..]) => self.multipart(text, start, out),
            Some(_) if form::is_form(text) => self.form(text, 0..text.len(), out),
            Some(_) => self.text(text, Hint::None, out),
            None => {}
        }
    }

    /// The reading of a layer within, if there may be another.
    pub(super) fn inner(&self) -> Option<Self> {
        let layers = self.layers.checked_sub(1)?;
        // What is decoded may hold what the text did not.
        Some(Self { layers, plain: false, ..*self })
    }

    /// What the name `name` says, percent-encoded or not, with `\u` escapes or not.
    pub(crate) fn meaning(&self, name: &[u8]) -> Meaning {
        // Most are of these alone.
        if name.iter().all(|&byte| is(byte, WORD) || byte == b'.') {
            return self.rules.names.meaning(name);
        }
        if has_done(name) {
            return Meaning::Plain;
        }
        if memchr::memchr2(b'%', b'\\', name).is_none() {
            return self.rules.names.meaning(name);
        }
        decode::name(name, |decoded| self.rules.names.meaning(decoded))
    }

    /// As [`meaning`](Self::meaning), of a name that is likely to come again.
    pub(crate) fn known_meaning(&self, name: &[u8]) -> Meaning {
        self.rules.names.id.meaning(name, || self.meaning(name))
    }

    /// Whether the text may go on where it ends.
    pub(super) fn is_cut_at(&self, text: &[u8], end: usize) -> bool {
        self.cut && end == text.len()
    }

    /// Reads the beginning of a text, up to `end`, as text.
    pub(crate) fn text_until(&self, text: &[u8], end: usize, out: &mut Edits) {
        Scan { cut: self.cut && end == text.len(), ..*self }.text(&text[..end], Hint::None, out);
    }
}
