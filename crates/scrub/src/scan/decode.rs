//! Takes one layer of encoding off a text, and tells where in the encoded text its parts stand.

use std::{cell::Cell, ops::Range};

use super::{Hint, Scan};
use crate::{
    chars::{HEX, is_at},
    edits::{Edit, Edits},
};

/// A decoded text.
#[derive(Default)]
pub(super) struct Decoded {
    bytes: Vec<u8>,
    escapes: Vec<Escape>,
}

/// Where something was decoded. Between two of them, the texts are the same.
#[derive(Clone, Copy)]
struct Escape {
    decoded: (usize, usize),
    encoded: (usize, usize),
}

/// Which encoding.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Layer {
    /// `%20`.
    Percent,
    /// `%20`, and `+` for a space.
    Form,
    /// `\n` and `\u0020`, as in JSON and most languages.
    Escapes,
    /// `&quot;` and `&#34;`.
    Entities,
}

thread_local! {
    // A text that holds nothing costs no allocation, also if it has to be decoded to know that.
    static SPARE: Cell<Option<Box<Decoded>>> = const { Cell::new(None) };
}

impl Scan<'_> {
    /// Reads what `text[range]` is when it is decoded. `None` if nothing in it is encoded, or there are too many layers.
    pub(super) fn decoded(
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
        let is_encoded = !decoded.escapes.is_empty();
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
    pub(super) fn decoded_any(&self, text: &[u8], range: Range<usize>, layer: Layer, out: &mut Edits) -> Option<()> {
        self.decoded(text, range, layer, |scan, text, out| scan.any(text, out), out)
    }

    /// Reads a value that may be percent-encoded, as in a form.
    pub(super) fn encoded_value(&self, text: &[u8], range: Range<usize>, layer: Layer, out: &mut Edits) {
        let value = &text[range.clone()];
        let plus = if layer == Layer::Form { b'+' } else { b'%' };
        let encoded = memchr::memchr2(b'%', plus, value).is_some();
        if encoded && self.decoded_any(text, range.clone(), layer, out).is_some() {
            return;
        }
        self.part(text, range, Hint::None, out);
    }

    /// Reads a part of a text as a text of its own.
    pub(super) fn part(&self, text: &[u8], range: Range<usize>, hint: Hint, out: &mut Edits) {
        let cut = self.cut && range.end == text.len();
        let mark = out.len();
        Scan { cut, ..*self }.text(&text[range.clone()], hint, out);
        out.shift(mark, range.start);
    }
}

/// Buffers up to this size are kept.
const SPARED: usize = 1 << 16;

/// A name, decoded: percent-encoding, then escapes.
pub(super) fn name<R>(name: &[u8], read: impl FnOnce(&[u8]) -> R) -> R {
    let mut decoded = Decoded::default();
    let mut bytes = name[name.len().saturating_sub(512)..].to_vec();
    for layer in [Layer::Percent, Layer::Percent, Layer::Escapes] {
        decoded.fill(&bytes, layer);
        std::mem::swap(&mut bytes, &mut decoded.bytes);
    }
    read(&bytes)
}

impl Decoded {
    fn fill(&mut self, text: &[u8], layer: Layer) {
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
    fn encoded(&self, range: Range<usize>) -> Range<usize> {
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
}

// Each writes what the escape at `at` stands for, and gives its length; 0 if it is none.

fn percent(text: &[u8], at: usize, out: &mut Vec<u8>) -> usize {
    if text[at] == b'+' {
        out.push(b' ');
        return 1;
    }
    if !(is_at(text, at + 1, HEX) && is_at(text, at + 2, HEX)) {
        return 0;
    }
    out.push(hex(text[at + 1]) << 4 | hex(text[at + 2]));
    3
}

fn escape(text: &[u8], at: usize, out: &mut Vec<u8>) -> usize {
    let Some(&kind) = text.get(at + 1) else { return 0 };
    let plain = match kind {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'b' => 8,
        b'f' => 12,
        b'"' | b'\\' | b'/' | b'\'' => kind,
        b'u' => return unicode(text, at, out),
        b'x' if is_at(text, at + 2, HEX) && is_at(text, at + 3, HEX) => {
            push_char(out, u32::from(hex(text[at + 2]) << 4 | hex(text[at + 3])));
            return 4;
        }
        _ => return 0,
    };
    out.push(plain);
    2
}

fn unicode(text: &[u8], at: usize, out: &mut Vec<u8>) -> usize {
    if text.get(at + 2) == Some(&b'{') {
        let digits = text[at + 3..].iter().take(6).take_while(|byte| byte.is_ascii_hexdigit()).count();
        if digits == 0 || text.get(at + 3 + digits) != Some(&b'}') {
            return 0;
        }
        push_char(out, text[at + 3..at + 3 + digits].iter().fold(0, |code, &digit| code << 4 | u32::from(hex(digit))));
        return digits + 4;
    }
    let Some(first) = four(text, at + 2) else { return 0 };
    if (0xd800..0xdc00).contains(&first)
        && text.get(at + 6..at + 8) == Some(b"\\u")
        && let Some(second @ 0xdc00..0xe000) = four(text, at + 8)
    {
        push_char(out, 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00));
        return 12;
    }
    push_char(out, first);
    6
}

fn four(text: &[u8], at: usize) -> Option<u32> {
    let digits = text.get(at..at + 4)?;
    let all = digits.iter().all(u8::is_ascii_hexdigit);
    all.then(|| digits.iter().fold(0, |code, &digit| code << 4 | u32::from(hex(digit))))
}

fn push_char(out: &mut Vec<u8>, code: u32) {
    let c = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

fn entity(text: &[u8], at: usize, out: &mut Vec<u8>) -> usize {
    let rest = &text[at..text.len().min(at + 10)];
    let Some(end) = memchr::memchr(b';', rest) else { return 0 };
    let byte = match &rest[1..end] {
        b"quot" => b'"',
        b"apos" => b'\'',
        b"lt" => b'<',
        b"gt" => b'>',
        b"amp" => b'&',
        b"equals" => b'=',
        b"commat" => b'@',
        b"colon" => b':',
        [b'#', b'x' | b'X', digits @ ..] if !digits.is_empty() && digits.iter().all(u8::is_ascii_hexdigit) => {
            push_char(out, digits.iter().fold(0, |code, &digit| code << 4 | u32::from(hex(digit))));
            return end + 1;
        }
        [b'#', digits @ ..] if !digits.is_empty() && digits.iter().all(u8::is_ascii_digit) => {
            push_char(out, digits.iter().fold(0, |code, &digit| code * 10 + u32::from(digit - b'0')));
            return end + 1;
        }
        _ => return 0,
    };
    out.push(byte);
    end + 1
}

fn hex(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit | 0x20) - b'a' + 10,
    }
}
