//! Reads a text once, in whichever format it is, and notes what is to be replaced.

mod ahead;
mod cookie;
mod decode;
mod form;
mod json;
mod markup;
pub(crate) mod multipart;
mod named;
mod prose;
mod sql;
mod text;
mod trigger;
mod url;
mod value;

use regex::bytes::Regex;

use crate::{
    Strategy,
    chars::{ALNUM, SPACE, WORD, is, is_at},
    edits::{Edits, Why},
    name::{Kind, Meaning},
    rules::Rules,
};

/// One reading. Texts within texts, such as JSON in a string or a percent-encoded query, are read by further ones.
#[derive(Clone, Copy)]
pub(crate) struct Scan<'r> {
    pub(crate) rules: &'r Rules,
    /// How many more layers are read.
    layers: u8,
    /// The text's end is missing, so what begins to look like something there is taken for it.
    cut: bool,
    /// There are no entities of HTML in any part of the text.
    plain: bool,
    /// The user's own.
    patterns: &'r [(Regex, Strategy)],
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

    /// As [`hides`](Self::hides), for a value in a text, where a word may stand for none.
    fn hides_word(&self, kind: Kind, value: &[u8]) -> bool {
        self.hides(kind, value) && !value::is_literal(value)
    }

    /// Whether a value of this text goes under a name of this kind.
    pub(crate) fn hides(&self, kind: Kind, value: &[u8]) -> bool {
        match kind {
            _ if value.is_empty() || is_done(value) || value.iter().all(|&byte| byte == b'*') => false,
            Kind::Plural => !value.iter().all(|&byte| byte.is_ascii_digit() || byte == b'.' || byte == b','),
            Kind::Random => value::is_tokenish(value),
            Kind::Token => !value::is_requirement(value),
            Kind::Password | Kind::Line => true,
        }
    }
}

/// Whether this was replaced before: `[Filtered]`, `[token]` and their like, also percent-encoded.
fn is_done(value: &[u8]) -> bool {
    const WORDS: [&[u8]; 9] =
        [b"Filtered", b"token", b"private key", b"credentials", b"card", b"iban", b"ssn", b"email", b"ip"];
    let inner = match value {
        [b'[', inner @ .., b']'] | [b'%', b'5', b'B', inner @ .., b'%', b'5', b'D'] => inner,
        _ => return false,
    };
    WORDS.iter().any(|word| {
        inner.strip_prefix(*word).is_some_and(|rest| rest.is_empty() || (rest[0] == b':' && rest.len() == 17))
    })
}

/// Whether something in a name was replaced before: then it names nothing. `user[token]` is a field's name.
fn has_done(name: &[u8]) -> bool {
    memchr::memchr_iter(b'[', name).any(|at| {
        let field = at > 0 && is(name[at - 1], ALNUM) && !matches!(name[at + 1..], [b'F' | b'p', ..]);
        !field && done_at(name, at).is_some()
    })
}

/// The replaced value's length, if one begins here.
fn done_at(text: &[u8], at: usize) -> Option<usize> {
    if text.get(at) != Some(&b'[') {
        return None;
    }
    let end = at + 1 + memchr::memchr(b']', &text[at..text.len().min(at + 40)])?;
    is_done(&text[at..end]).then_some(end)
}

fn skip_space(text: &[u8], mut at: usize) -> usize {
    while is_at(text, at, SPACE) {
        at += 1;
    }
    at
}

/// The beginning of the line that `at` is in, not before `floor`.
fn line_start(text: &[u8], at: usize, floor: usize) -> usize {
    let least = floor.max(at.saturating_sub(LINE));
    memchr::memrchr(b'\n', &text[least..at]).map_or(least, |found| least + found + 1)
}

/// The end of the line that `at` is in.
fn line_end(text: &[u8], at: usize) -> usize {
    memchr::memchr2(b'\n', b'\r', &text[at..]).map_or(text.len(), |found| at + found)
}

/// How far back a line's beginning is looked for, and how far on what else stands on it.
const LINE: usize = 256;

fn is_space(byte: u8) -> bool {
    is(byte, SPACE)
}

fn named(strategy: u16) -> Why {
    Why::Name(strategy)
}

impl Scan<'_> {
    /// Whether the text may go on where it ends.
    fn is_cut_at(&self, text: &[u8], end: usize) -> bool {
        self.cut && end == text.len()
    }

    /// Reads the beginning of a text, up to `end`, as text.
    pub(crate) fn text_until(&self, text: &[u8], end: usize, out: &mut Edits) {
        Scan { cut: self.cut && end == text.len(), ..*self }.text(&text[..end], Hint::None, out);
    }
}
