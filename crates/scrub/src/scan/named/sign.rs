//! The way from a sign to the secret value after it.

use std::ops::Range;

use super::start::{after_type, quote_prefix};
use crate::{
    chars::{ALNUM, WORD, is_at, run_start},
    edits::Why,
    name::{Kind, Meaning},
    scan::{done::done_at, text::Text, value::Quote},
};

/// A name that says that the value after it is secret.
pub(super) struct Named {
    /// Where it stands, without its quotes.
    pub(super) name: Range<usize>,
    pub(super) quoted: bool,
    /// The `=` or `:` after it.
    pub(super) sign: usize,
    pub(super) kind: Kind,
    pub(super) strategy: u16,
}

impl Text<'_, '_, '_> {
    /// The value after the `=` or `:` at `sign`, if its name says that it is secret. Where to go on.
    pub(in crate::scan) fn named(&mut self, sign: usize) -> usize {
        self.padded(sign).or_else(|| self.named_value(sign)).unwrap_or(sign + 1)
    }

    /// Credentials whose first trigger is the `=` at `sign`, which fills them up: `Basic YWJj=`. Their end.
    fn padded(&mut self, sign: usize) -> Option<usize> {
        let text = self.text;
        if text[sign] != b'=' || is_at(text, sign + 1, ALNUM) {
            return None;
        }
        let start = run_start(text, sign, self.floor.max(sign.saturating_sub(64)), WORD);
        if start == 0 || text[start - 1] != b' ' {
            return None;
        }
        self.scheme(&(start..sign))
    }

    fn named_value(&mut self, sign: usize) -> Option<usize> {
        let text = self.text;
        let named = self.secret_name(sign)?;
        // What was replaced by a hash: `[private key:…]`.
        let least = sign.saturating_sub(16);
        if let Some(open) = memchr::memrchr(b'[', &text[least..sign])
            && let Some(end) = done_at(text, least + open).filter(|&end| end > sign)
        {
            return Some(end);
        }
        let Some(start) = self.value_start(sign, named.quoted) else { return self.yaml_list(&named) };
        if let Some(end) = done_at(text, start) {
            return Some(end);
        }
        let start = after_type(text, start);
        if let Some(end) = self.cookie_line(&named, start) {
            return Some(end);
        }
        let value = match Quote::opens(text, quote_prefix(text, start)) {
            // The quote that the name is in, too: `'Password: '`.
            Some(_) if !named.quoted && named.name.start > 0 && text[named.name.start - 1] == text[start] => None,
            Some(quote) => {
                let inside = quote.inside..quote.closes(text);
                // A word in an apostrophe's reach is no value.
                named.kind.hides_word(&text[inside.clone()]).then_some(inside)
            }
            None => self.bare(&named, start),
        };
        let value = value?;
        let end = value.end;
        self.add(value, Why::Name(named.strategy));
        Some(end)
    }

    /// The name before the sign, if it is one of a secret.
    fn secret_name(&self, sign: usize) -> Option<Named> {
        let text = self.text;
        let (mut name, quoted) = self.name_before(sign)?;
        // PHP's `[token] => x`, which is not a token that was replaced.
        if text[sign + 1..].starts_with(b"> ") && text[name.start] == b'[' && text[name.end - 1] == b']' {
            name = name.start + 1..name.end - 1;
        }
        match self.meaning_of(&name, quoted) {
            Meaning::Secret(kind, strategy) => Some(Named { name, quoted, sign, kind, strategy }),
            meaning => {
                let (name, kind, strategy) = self.typed(sign, &name).or_else(|| self.passing(sign, &name, meaning))?;
                Some(Named { name, quoted, sign, kind, strategy })
            }
        }
    }
}
