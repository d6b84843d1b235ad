//! The pass over a text.

use std::{cell::Cell, ops::Range};

use super::encoded::{has_entities, has_escapes};
use crate::{
    Shape,
    edits::{Edits, Why},
    scan::{
        Hint, Scan,
        ahead::Ahead,
        decode::Layer,
        done::{done_at, is_done},
        trigger,
    },
};

/// One text that is read.
#[expect(clippy::struct_field_names, reason = "a text is what it is")]
pub(in crate::scan) struct Text<'s, 't, 'o> {
    pub(in crate::scan) scan: &'s Scan<'s>,
    pub(in crate::scan) text: &'t [u8],
    pub(in crate::scan) out: &'o mut Edits,
    /// Nothing before it is looked at again: it was replaced.
    pub(in crate::scan) floor: usize,
    pub(in crate::scan) hint: Hint,
    /// Certificates and public keys, which look like tokens.
    pub(super) public: Vec<Range<usize>>,
    /// Up to where long runs have been looked for: those with dots, those with slashes.
    pub(super) looked: [usize; 2],
    /// Up to where nothing was found to be percent-encoded.
    pub(super) percent: usize,
    /// Up to where there is no IPv6 address.
    pub(super) v6: usize,
    /// Up to where rows of SQL have been read.
    pub(in crate::scan) rows: usize,
    pub(in crate::scan) ahead: Ahead,
    /// How many more end tags are looked at for elements that they do not close.
    pub(in crate::scan) end_tags: Cell<usize>,
}

/// How many end tags are looked at in vain in a short text.
const END_TAGS: usize = 1024;

/// Nothing shorter holds a literal and what follows it.
const LITERALS: usize = 10;

impl Scan<'_> {
    /// Reads a text of no format, or of several.
    pub(crate) fn text(&self, text: &[u8], hint: Hint, out: &mut Edits) {
        let read = |scan: &Scan<'_>, text: &[u8], out: &mut Edits| scan.text(text, hint, out);
        let is_read = |layer, out: &mut Edits| self.decoded(text, 0..text.len(), layer, read, out).is_some();
        if (!self.plain && has_entities(text) && is_read(Layer::Entities, out))
            || (has_escapes(text) && is_read(Layer::Escapes, out))
        {
            return;
        }
        Text {
            scan: self,
            text,
            out,
            floor: 0,
            hint,
            public: Vec::new(),
            looked: [0; 2],
            percent: 0,
            v6: 0,
            rows: 0,
            ahead: Ahead::default(),
            end_tags: Cell::new(END_TAGS + text.len() / 64),
        }
        .read();
    }
}

impl Text<'_, '_, '_> {
    fn read(mut self) {
        // Each literal has a space near it, or is long.
        if self.text.len() >= LITERALS && (self.text.len() >= 24 || memchr::memchr(b' ', self.text).is_some()) {
            self.literals();
        }
        let mut at = 0;
        while let Some(found) = trigger::next(self.text, at) {
            let next = match self.text[found] {
                b':' => self.colon(found),
                b'=' => self.named(found),
                b'@' => self.at_sign(found),
                b'<' => self.markup(found),
                b'"' | b'\'' | b'`' => self.told_quote(found).unwrap_or(found + 1),
                b'>' if found > 0 && self.text[found - 1] == b'-' => self.named(found),
                b';' | b'>' | b'?' | b'#'..=b'&' => found + 1,
                _ => self.word(found),
            };
            at = next.max(found + 1);
        }
        self.patterns();
    }

    fn patterns(&mut self) {
        for (index, (pattern, _)) in (0..).zip(self.scan.patterns) {
            for found in pattern.find_iter(self.text) {
                self.out.add(found.range(), Why::Pattern(index));
            }
        }
    }

    /// Notes a replacement that was found in passing.
    pub(in crate::scan) fn add(&mut self, range: Range<usize>, why: Why) {
        self.floor = self.floor.max(range.end);
        let done = is_done(self.text[range.clone()].trim_ascii())
            || done_at(self.text, range.start).is_some_and(|end| end >= range.end);
        if !done {
            self.out.add(range, why);
        }
    }

    pub(in crate::scan) fn add_shape(&mut self, range: Range<usize>, shape: Shape) -> usize {
        let end = range.end;
        let is_network = shape == Shape::Ip && self.scan.rules.is_cut(&self.text[range.start..], range.len());
        if self.scan.rules.takes(shape) && !is_network {
            self.add(range, Why::Shape(shape));
        }
        end
    }
}
