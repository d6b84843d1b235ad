//! Keys, strings and numbers that no name says anything of: their shapes are looked for.

use super::string::{Str, digits_and_signs, is_timestamp};
use crate::{
    Shape,
    chars::{DIGIT, is},
    edits::{Edits, Why},
    name::STANDARD,
    scan::{Hint, Scan, decode::Layer},
    shape::card,
};

/// Strings without a trigger that are shorter hold nothing.
const SHORT: usize = 14;

/// Digits that can be a payment card's number.
const CARD: usize = 12;

impl Scan<'_> {
    /// Most keys hold nothing but a name; some are an e-mail address, or a token.
    pub(super) fn json_key(&self, text: &[u8], key: &Str, out: &mut Edits) {
        let length = key.end - key.start;
        let (digits, signs) = if key.marked { digits_and_signs(&text[key.range()]) } else { (false, false) };
        if signs || (digits && length >= 7) || length >= 20 {
            self.json_text(text, key, Hint::None, out);
        }
    }

    pub(super) fn json_value(&self, text: &[u8], string: &Str, hint: Hint, out: &mut Edits) {
        let value = &text[string.range()];
        // An address, a card's number and a key are longer, and an IPv4 address has dots.
        if is_harmless(string, value) && self.patterns.is_empty() || is_timestamp(value) {
            return;
        }
        self.json_text(text, string, hint, out);
    }

    /// Reads a string's inside, whose escapes are to stay whole.
    fn json_text(&self, text: &[u8], string: &Str, hint: Hint, out: &mut Edits) {
        if !string.escaped {
            self.part(text, string.range(), hint, out);
            return;
        }
        let read = |scan: &Scan<'_>, text: &[u8], out: &mut Edits| {
            if hint == Hint::None { scan.any(text, out) } else { scan.text(text, hint, out) }
        };
        if self.inner().is_none() {
            // Wrapped more often than is looked through. What is unknown does not leave.
            out.add(string.range(), Why::Name(STANDARD));
        } else if self.decoded(text, string.range(), Layer::Escapes, read, out).is_none() {
            self.part(text, string.range(), hint, out);
        }
    }

    pub(super) fn json_number(&self, text: &[u8], from: usize, out: &mut Edits) -> usize {
        let mut end = from + 1;
        while end < text.len() && (is(text[end], DIGIT) || matches!(text[end], b'.' | b'e' | b'E' | b'+' | b'-')) {
            end += 1;
        }
        if (end - from >= CARD || self.is_cut_at(text, end))
            && self.rules.takes(Shape::Card)
            && card::number(text, from, self.cut) == Some(end)
        {
            out.add_quoted(from..end, Why::Shape(Shape::Card));
        }
        if !self.patterns.is_empty() {
            let mark = out.len();
            self.part(text, from..end, Hint::None, out);
            out.quote(mark, from..end);
        }
        end
    }
}

/// Whether a string is too short for what it holds: an address, a card's number and a key are longer, and an IPv4 address
/// has dots.
fn is_harmless(string: &Str, value: &[u8]) -> bool {
    if value.len() >= SHORT {
        return false;
    }
    let (digits, signs) = if string.marked { digits_and_signs(value) } else { (false, false) };
    !signs && (!digits || (value.len() < 11 && memchr::memchr(b'.', value).is_none()))
}
