//! A text in quotes that a sentence calls a secret.

use std::ops::Range;

use super::{is_plain_word, sentence::Told, word_before};
use crate::{
    chars::{LOWER, UPPER, WORD, is, run_start},
    edits::Why,
    name::{Kind, Meaning},
    scan::{ahead::Needle, done::done_at, text::Text, value::Quote},
};

/// Words before `token`, where it is one of a language's.
const EXPECTED: [&[u8]; 7] = [b"unexpected", b"expected", b"next", b"unknown", b"missing", b"no", b"field"];

impl Text<'_, '_, '_> {
    /// A quoted text that a sentence calls a secret: `invalid password "x"`. Its end.
    pub(in crate::scan) fn told_quote(&mut self, at: usize) -> Option<usize> {
        if let Some(end) = self.paired(at) {
            return Some(end);
        }
        let open = self.escapes_before(at);
        if open == self.floor || !matches!(self.text[open - 1], b' ' | b'(' | b'[') {
            return None;
        }
        self.argument(open).or_else(|| self.told_text(open))
    }

    /// Where the backslashes before the quote at `at` begin.
    pub(super) fn escapes_before(&self, at: usize) -> usize {
        let mut open = at;
        while open > self.floor && self.text[open - 1] == b'\\' {
            open -= 1;
        }
        open
    }

    /// SQL's `PASSWORD('x')`.
    fn argument(&mut self, open: usize) -> Option<usize> {
        let text = self.text;
        let bracket = open - 1;
        if text[bracket] != b'(' {
            return None;
        }
        let start = run_start(text, bracket, bracket.saturating_sub(40).max(self.floor), WORD);
        if start == bracket || !is(text[start], UPPER) {
            return None;
        }
        let Meaning::Secret(kind, strategy) = self.scan.meaning(&text[start..bracket]) else { return None };
        let quote = Quote::opens(text, open)?;
        let value = quote.inside..quote.closes(text);
        if !kind.hides_word(&text[value.clone()]) || done_at(text, value.start).is_some() {
            return None;
        }
        let end = value.end;
        self.add(value, Why::Name(strategy));
        Some(end)
    }

    fn told_text(&mut self, open: usize) -> Option<usize> {
        let text = self.text;
        let bracket = usize::from(text[open - 1] != b' ');
        let Told { name, kind, strategy } = self.told(open - bracket).or_else(|| self.told(open))?;
        let quote = Quote::opens(text, open)?;
        let close = quote.closes(text);
        let value = &text[quote.inside..close];
        // A sign that a parser did not expect.
        let least = if kind == Kind::Password { 1 } else { 3 };
        let spaces = memchr::memchr_iter(b' ', value).count();
        if close > self.ahead.find(text, Needle::Line, open) || value.len() < least || spaces > 4 {
            return None;
        }
        if self.is_expected(&name) || !kind.hides_word(value) {
            return None;
        }
        // A field's name, or a message, is quoted more often than a secret of small letters.
        if kind != Kind::Password && is_plain_word(value) && value.len() < 16 {
            return None;
        }
        if self.is_secrets_name(value) && !text[name].eq_ignore_ascii_case(b"identified") {
            return None;
        }
        self.add(quote.inside..close, Why::Name(strategy));
        Some(close)
    }

    /// Whether a parser tells of what it found: `unexpected token "x"`.
    fn is_expected(&self, name: &Range<usize>) -> bool {
        let Some(before) = word_before(self.text, name.start, self.floor) else { return false };
        EXPECTED.iter().any(|word| self.text[before.clone()].eq_ignore_ascii_case(word))
    }

    /// Whether a value is itself a name of secrets, as programs write it.
    pub(super) fn is_secrets_name(&self, value: &[u8]) -> bool {
        value.iter().all(|&byte| is(byte, LOWER) || byte == b'_')
            && matches!(self.scan.meaning(value), Meaning::Secret(..))
    }
}
