//! A decoded text, and where its parts stood.

use std::ops::Range;

use super::{
    Layer,
    escapes::{entity, escape, percent},
};

/// A decoded text.
#[derive(Default)]
pub(super) struct Decoded {
    pub(super) bytes: Vec<u8>,
    escapes: Vec<Escape>,
}

/// Where something was decoded. Between two of them, the texts are the same.
#[derive(Clone, Copy)]
struct Escape {
    decoded: (usize, usize),
    encoded: (usize, usize),
}

impl Decoded {
    pub(super) fn fill(&mut self, text: &[u8], layer: Layer) {
        self.bytes.clear();
        self.escapes.clear();
        let mut at = 0;
        while at < text.len() {
            let next = match layer {
                Layer::Percent => memchr::memchr(b'%', &text[at..]),
                Layer::Form => memchr::memchr2(b'%', b'+', &text[at..]),
                Layer::Escapes => memchr::memchr(b'\\', &text[at..]),
                Layer::Entities => memchr::memchr(b'&', &text[at..]),
            };
            let Some(next) = next else { break };
            self.bytes.extend_from_slice(&text[at..at + next]);
            at += next;
            let start = self.bytes.len();
            let length = match layer {
                Layer::Percent | Layer::Form => percent(text, at, &mut self.bytes),
                Layer::Escapes => escape(text, at, &mut self.bytes),
                Layer::Entities => entity(text, at, &mut self.bytes),
            };
            if length == 0 {
                self.bytes.push(text[at]);
                at += 1;
            } else {
                let escape = Escape { decoded: (start, self.bytes.len()), encoded: (at, at + length) };
                self.escapes.push(escape);
                at += length;
            }
        }
        self.bytes.extend_from_slice(&text[at..]);
    }

    /// Where in the encoded text a range of the decoded one stands. It never divides an escape.
    pub(super) fn encoded(&self, range: Range<usize>) -> Range<usize> {
        self.place(range.start, |escape| escape.encoded.0)..self.place(range.end, |escape| escape.encoded.1)
    }

    fn place(&self, at: usize, within: impl Fn(&Escape) -> usize) -> usize {
        let after = self.escapes.partition_point(|escape| escape.decoded.1 <= at);
        match self.escapes.get(after) {
            Some(escape) if escape.decoded.0 < at => within(escape),
            _ => match after.checked_sub(1).map(|last| self.escapes[last]) {
                Some(last) => last.encoded.1 + (at - last.decoded.1),
                None => at,
            },
        }
    }

    /// Whether anything was encoded.
    pub(super) fn is_any(&self) -> bool {
        !self.escapes.is_empty()
    }
}
