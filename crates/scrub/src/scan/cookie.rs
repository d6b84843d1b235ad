//! `Cookie` and `Set-Cookie`, one cookie by one.

use std::ops::Range;

use super::{
    Scan,
    decode::Layer,
    place::{is_space, skip_space},
    value,
};
use crate::{
    edits::{Edits, Why},
    name::{Kind, Meaning, STANDARD},
};

impl Scan<'_> {
    /// The value of `Cookie`.
    pub(crate) fn cookies(&self, text: &[u8], out: &mut Edits) {
        let mut start = 0;
        while start < text.len() {
            let end = memchr::memchr2(b';', b',', &text[start..]).map_or(text.len(), |found| start + found);
            self.cookie(text, start..end, out);
            start = end + 1;
        }
    }

    /// The value of `Set-Cookie`: a cookie, and its attributes.
    pub(crate) fn set_cookie(&self, text: &[u8], out: &mut Edits) {
        let end = memchr::memchr(b';', text).unwrap_or(text.len());
        self.cookie(text, 0..end, out);
    }

    fn cookie(&self, text: &[u8], pair: Range<usize>, out: &mut Edits) {
        let start = skip_space(text, pair.start).min(pair.end);
        let Some(equals) = memchr::memchr(b'=', &text[start..pair.end]).map(|found| start + found) else {
            // Without a name: whatever it is, it is not a setting.
            self.encoded_value(text, start..pair.end, Layer::Percent, out);
            return;
        };
        let mut value = equals + 1..pair.end;
        while value.end > value.start && is_space(text[value.end - 1]) {
            value.end -= 1;
        }
        if value.len() >= 2 && text[value.start] == b'"' && text[value.end - 1] == b'"' {
            value = value.start + 1..value.end - 1;
        }
        let written = &text[value.clone()];
        match self.meaning(&text[start..equals]) {
            Meaning::Secret(kind, strategy) => {
                let kind = if kind == Kind::Random { Kind::Random } else { Kind::Token };
                if kind.hides(written) {
                    out.add(value, Why::Name(strategy));
                }
            }
            // Sessions have all sorts of names.
            _ if self.rules.names.standard && value::is_random(written) => out.add(value, Why::Name(STANDARD)),
            _ => self.encoded_value(text, value, Layer::Percent, out),
        }
    }
}
