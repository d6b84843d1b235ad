//! Reads what is encoded.

#![expect(clippy::redundant_closure_for_method_calls, reason = "a method's path stands for one lifetime, not for any")]

use std::{cell::Cell, ops::Range};

use super::decoded::Decoded;
use crate::{
    edits::{Edit, Edits},
    scan::{Hint, Scan},
};

/// Which encoding.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::scan) enum Layer {
    /// `%20`.
    Percent,
    /// `%20`, and `+` for a space.
    Form,
    /// `\n` and `\u0020`, as in JSON and most languages.
    Escapes,
    /// `&quot;` and `&#34;`.
    Entities,
}

/// Buffers up to this size are kept.
const SPARED: usize = 1 << 16;

thread_local! {
    // A text that holds nothing costs no allocation, also if it has to be decoded to know that.
    static SPARE: Cell<Option<Box<Decoded>>> = const { Cell::new(None) };
}

impl Scan<'_> {
    /// Reads what `text[range]` is when it is decoded. `None` if nothing in it is encoded, or there are too many layers.
    pub(in crate::scan) fn decoded(
        &self,
        text: &[u8],
        range: Range<usize>,
        layer: Layer,
        read: impl FnOnce(&Scan<'_>, &[u8], &mut Edits),
        out: &mut Edits,
    ) -> Option<()> {
        let inner = self.inner()?;
        let mut decoded = SPARE.take().unwrap_or_default();
        decoded.fill(&text[range.clone()], layer);
        let is_encoded = decoded.is_any();
        if is_encoded {
            let mut found = Edits::default();
            let scan = Scan { cut: self.cut && range.end == text.len(), ..inner };
            read(&scan, &decoded.bytes, &mut found);
            for edit in found.drain() {
                let within = decoded.encoded(edit.range);
                out.push(Edit { range: range.start + within.start..range.start + within.end, ..edit });
            }
        }
        if decoded.bytes.capacity() <= SPARED {
            SPARE.set(Some(decoded));
        }
        is_encoded.then_some(())
    }

    /// As [`decoded`](Self::decoded), read in whichever format it is.
    pub(in crate::scan) fn decoded_any(
        &self,
        text: &[u8],
        range: Range<usize>,
        layer: Layer,
        out: &mut Edits,
    ) -> Option<()> {
        self.decoded(text, range, layer, |scan, text, out| scan.any(text, out), out)
    }

    /// Reads a value that may be percent-encoded, as in a form.
    pub(in crate::scan) fn encoded_value(&self, text: &[u8], range: Range<usize>, layer: Layer, out: &mut Edits) {
        let value = &text[range.clone()];
        let plus = if layer == Layer::Form { b'+' } else { b'%' };
        let encoded = memchr::memchr2(b'%', plus, value).is_some();
        if encoded && self.decoded_any(text, range.clone(), layer, out).is_some() {
            return;
        }
        self.part(text, range, Hint::None, out);
    }

    /// Reads a part of a text as a text of its own.
    pub(in crate::scan) fn part(&self, text: &[u8], range: Range<usize>, hint: Hint, out: &mut Edits) {
        let cut = self.cut && range.end == text.len();
        let mark = out.len();
        Scan { cut, ..*self }.text(&text[range.clone()], hint, out);
        out.shift(mark, range.start);
    }
}

/// A name, decoded: percent-encoding, then escapes.
pub(in crate::scan) fn name<R>(name: &[u8], read: impl FnOnce(&[u8]) -> R) -> R {
    let mut decoded = Decoded::default();
    let mut bytes = name[name.len().saturating_sub(512)..].to_vec();
    for layer in [Layer::Percent, Layer::Percent, Layer::Escapes] {
        decoded.fill(&bytes, layer);
        std::mem::swap(&mut bytes, &mut decoded.bytes);
    }
    read(&bytes)
}
