//! JSON, JSON lines, and the beginning of either: one pass over the bytes, which needs to know only which strings are keys. So
//! depth costs nothing, duplicate keys are all seen, and a text that was cut off is read as far as it goes.

use std::ops::Range;

use super::{Hint, Scan, decode::Layer, done::done_at, place::skip_space, value};
use crate::{
    Shape,
    chars::{DIGIT, LOWER, UPPER, is},
    edits::{Edits, Why},
    name::{Kind, Meaning, STANDARD},
    shape::card,
    words8,
};

/// Strings without a trigger that are shorter hold nothing.
const SHORT: usize = 14;

/// Digits that can be a payment card's number.
const CARD: usize = 12;

/// What was found of a string.
struct Str {
    /// Its inside.
    start: usize,
    end: usize,
    /// Whether it may hold one of `: ; < = > ? @ % & '`, or an escape.
    signs: bool,
    /// Whether it may hold a digit.
    digits: bool,
    escaped: bool,
    closed: bool,
}

impl Str {
    fn range(&self) -> Range<usize> {
        self.start..self.end
    }

    /// Where the text goes on.
    fn after(&self) -> usize {
        self.end + usize::from(self.closed)
    }
}

/// What a key says.
#[derive(Clone, Copy)]
enum Key {
    Says(Meaning),
    /// Its value names the field whose value stands under a key such as `value`.
    Names,
    Values,
}

/// An object that tells a field as `{"name": …, "value": …}`: what it is called, or where a value begins that came before.
#[derive(Clone, Default)]
struct Field {
    name: Option<Range<usize>>,
    value: Option<usize>,
}

/// How deep such objects are told apart.
const DEPTH: usize = 16;

/// Keys that were seen, with what they say: objects in a list have the same ones.
struct Seen<'t> {
    text: &'t [u8],
    slots: [Option<(Name, Key)>; SLOTS],
}

const SLOTS: usize = 128;

impl Scan<'_> {
    /// Reads JSON that begins at `at`. `false` if it is none: then what was found of it is to be forgotten.
    pub(super) fn json(&self, text: &[u8], mut at: usize, out: &mut Edits) -> bool {
        let mut seen = Seen { text, slots: [const { None }; SLOTS] };
        let mut fields = [const { Field { name: None, value: None } }; DEPTH];
        let mut depth = 0_usize;
        // The last byte that was neither space nor part of a value.
        let mut before = 0;
        while let Some(&byte) = text.get(at) {
            match byte {
                b'"' => {
                    let string = string_at(text, at);
                    let colon = skip_space(text, string.after());
                    if text.get(colon) != Some(&b':') || !string.closed {
                        // A first string with nothing after it, or with something, is no JSON.
                        self.json_value(text, &string, Hint::None, out);
                        at = string.after();
                        if before == b'[' || before == b',' {
                            at = self.json_pair(text, before, &string, out).unwrap_or(at);
                        }
                        continue;
                    }
                    let start = skip_space(text, colon + 1);
                    // A key that is a secret itself names nothing.
                    if self.json_key(text, &string, out) {
                        at = start;
                        continue;
                    }
                    let field = &mut fields[depth % DEPTH];
                    at = match seen.key(self, &string) {
                        Key::Says(Meaning::Secret(kind, strategy)) => {
                            match self.hide_json(text, start, kind, strategy, out) {
                                Some(end) => end,
                                None => start,
                            }
                        }
                        Key::Says(meaning) => match meaning {
                            Meaning::Digest | Meaning::Version if text.get(start) == Some(&b'"') => {
                                let hint = if meaning == Meaning::Digest { Hint::Digest } else { Hint::Version };
                                let value = string_at(text, start);
                                self.json_value(text, &value, hint, out);
                                value.after()
                            }
                            _ => start,
                        },
                        // What a field is called is looked at only if its value stands here, too.
                        Key::Names if text.get(start) == Some(&b'"') => {
                            let name = string_at(text, start).range();
                            if let Some(value) = field.value.take() {
                                self.hide_field(text, name, value, out);
                            } else {
                                field.name = Some(name);
                            }
                            start
                        }
                        Key::Values => match field.name.clone() {
                            Some(name) => self.hide_field(text, name, start, out).unwrap_or(start),
                            None => {
                                field.value = Some(start);
                                start
                            }
                        },
                        Key::Names => start,
                    };
                }
                b'0'..=b'9' | b'-' => at = self.json_number(text, at, out),
                b'{' => {
                    before = byte;
                    depth += 1;
                    fields[depth % DEPTH] = Field::default();
                    at += 1;
                }
                b'}' => {
                    depth = depth.saturating_sub(1);
                    at += 1;
                }
                b' ' | b'\n' | b'\r' | b'\t' | 0x1e => at += 1,
                b',' | b':' | b'[' | b']' => {
                    before = byte;
                    at += 1;
                }
                b't' | b'f' | b'n' => match literal(&text[at..]) {
                    Some(length) => at += length,
                    None => return false,
                },
                _ => return false,
            }
        }
        true
    }

    /// Replaces the value at `start` if the field whose name stands at `name` is secret, and gives its end.
    fn hide_field(&self, text: &[u8], name: Range<usize>, start: usize, out: &mut Edits) -> Option<usize> {
        match self.meaning(&text[name]) {
            Meaning::Secret(kind, strategy) => self.hide_json(text, start, kind, strategy, out),
            _ => None,
        }
    }

    /// Most keys hold nothing but a name; some are an e-mail address, or a token.
    fn json_key(&self, text: &[u8], key: &Str, out: &mut Edits) -> bool {
        let length = key.end - key.start;
        let mark = out.len();
        if key.signs || (key.digits && length >= 7) || length >= 20 {
            self.json_text(text, key, Hint::None, out);
        }
        out.len() > mark
    }

    fn json_value(&self, text: &[u8], string: &Str, hint: Hint, out: &mut Edits) {
        let value = &text[string.range()];
        // An address, a card's number and a key are longer, and an IPv4 address has dots.
        let short =
            if string.digits { value.len() < 11 && memchr::memchr(b'.', value).is_none() } else { value.len() < SHORT };
        if !string.signs && short && self.patterns.is_empty() || (string.signs && is_timestamp(value)) {
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

    fn json_number(&self, text: &[u8], from: usize, out: &mut Edits) -> usize {
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

    /// `["password", "x"]`: a list of a name and its value. The place after it, if this is one.
    fn json_pair(&self, text: &[u8], before: u8, name: &Str, out: &mut Edits) -> Option<usize> {
        let header = || {
            (is(text[name.start], UPPER) || text[name.start..].starts_with(b"--"))
                && memchr::memchr(b' ', &text[name.range()]).is_none()
        };
        let first = before == b'[';
        if name.start == name.end
            || name.end - name.start > 64
            || !name.closed
            || !(first || (before == b',' && header()))
        {
            return None;
        }
        let comma = skip_space(text, name.after());
        if text.get(comma) != Some(&b',') {
            return None;
        }
        let start = skip_space(text, comma + 1);
        if text.get(start) != Some(&b'"') || memchr::memchr(b' ', &text[name.range()]).is_some() {
            return None;
        }
        let value = string_at(text, start);
        let closes = !value.closed || text.get(skip_space(text, value.after())) == Some(&b']') || header();
        // A list of two names is more likely than a password of small letters.
        let plain = text[value.range()].iter().all(|&byte| is(byte, LOWER) || byte == b'_');
        if !closes || (plain && !text[name.start..].starts_with(b"--")) {
            return None;
        }
        let Meaning::Secret(kind, strategy) = self.meaning(&text[name.range()]) else { return None };
        if self.hides(kind, &text[value.range()]) {
            out.add(value.range(), Why::Name(strategy));
        }
        Some(value.after())
    }

    /// Replaces the value that begins at `start`, whatever it is, and gives its end. `None` if it stays.
    fn hide_json(&self, text: &[u8], start: usize, kind: Kind, strategy: u16, out: &mut Edits) -> Option<usize> {
        match text.get(start)? {
            b'"' => {
                let string = string_at(text, start);
                if !self.hides(kind, &text[string.range()]) {
                    return None;
                }
                out.add(string.range(), Why::Name(strategy));
                Some(string.after())
            }
            b'{' | b'[' if kind != Kind::Random => {
                if let Some(end) = done_at(text, start) {
                    return Some(end);
                }
                let inside = skip_space(text, start + 1);
                let end = value::balanced(text, start);
                if (kind == Kind::Plural && value::is_numbers(&text[inside..end]))
                    || matches!(text.get(inside), Some(b'}' | b']'))
                {
                    return None;
                }
                out.add_quoted(start..end, Why::Name(strategy));
                Some(end)
            }
            b'0'..=b'9' | b'-' if !matches!(kind, Kind::Plural | Kind::Random) => {
                let mut end = start;
                while end < text.len() && !matches!(text[end], b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t') {
                    end += 1;
                }
                out.add_quoted(start..end, Why::Name(strategy));
                Some(end)
            }
            _ => None,
        }
    }
}

impl Seen<'_> {
    fn key(&mut self, scan: &Scan<'_>, key: &Str) -> Key {
        let name = &self.text[key.range()];
        let Some(short) = Name::of(name) else { return says(scan, name) };
        let first = short.slot();
        // Two places for each: two names that share one would drive each other out.
        for slot in [first, first ^ 1] {
            if let Some((seen, says)) = self.slots[slot]
                && seen == short
            {
                return says;
            }
        }
        let says = says(scan, name);
        let slot = if self.slots[first].is_none() { first } else { first ^ 1 };
        self.slots[slot] = Some((short, says));
        says
    }
}

fn says(scan: &Scan<'_>, name: &[u8]) -> Key {
    match scan.meaning(name) {
        Meaning::Plain if ends_with(name, NAMES) => Key::Names,
        Meaning::Plain if ends_with(name, VALUES) => Key::Values,
        meaning => Key::Says(meaning),
    }
}

/// Keys whose values name a field, and keys of such a field's value.
const NAMES: &[&str] =
    &["name", "key", "id", "field", "param", "parameter", "header", "k", "n", "variable", "attribute", "property"];
const VALUES: &[&str] = &["value", "val", "v"];

/// A name of up to 16 bytes, as two numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Name {
    head: u64,
    tail: u64,
    len: usize,
}

impl Name {
    fn of(name: &[u8]) -> Option<Self> {
        let (head, tail) = match (name.first_chunk::<8>(), name.last_chunk::<8>()) {
            (Some(head), Some(tail)) if name.len() <= 16 => (u64::from_le_bytes(*head), u64::from_le_bytes(*tail)),
            (Some(_), _) => return None,
            _ => match (name.first_chunk::<4>(), name.last_chunk::<4>()) {
                (Some(head), Some(tail)) => (u32::from_le_bytes(*head).into(), u32::from_le_bytes(*tail).into()),
                _ => (name.iter().fold(0, |bytes, &byte| bytes << 8 | u64::from(byte)), 0),
            },
        };
        Some(Self { head, tail, len: name.len() })
    }

    fn slot(&self) -> usize {
        let mixed = (self.head ^ self.tail.rotate_left(21) ^ self.len as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 57) as usize % SLOTS
    }
}

/// Whether the name is one of these words, or a short one that ends with it: `ParameterKey`.
fn ends_with(name: &[u8], words: &[&str]) -> bool {
    let Some(&last) = name.last().filter(|_| name.len() <= 20) else { return false };
    words.iter().any(|word| {
        let word = word.as_bytes();
        word[word.len() - 1] == last | 0x20 && name.len() >= word.len() && {
            let at = name.len() - word.len();
            name[at..].eq_ignore_ascii_case(word) && (at == 0 || word.len() > 2)
        }
    })
}

/// The string whose quote stands at `at`.
#[inline]
fn string_at(text: &[u8], at: usize) -> Str {
    let start = at + 1;
    let mut end = start;
    let mut signs = 0;
    let mut digits = 0;
    let mut escaped = false;
    while let Some(word) = words8::load(text, end) {
        let stops = words8::equal(word, b'"') | words8::equal(word, b'\\');
        let signs_here = words8::between(word, b':', b'@') | words8::between(word, b'%', b'\'');
        let digits_here = words8::between(word, b'0', b'9');
        if stops == 0 {
            signs |= signs_here;
            digits |= digits_here;
            end += 8;
            continue;
        }
        signs |= words8::below(signs_here, stops);
        digits |= words8::below(digits_here, stops);
        end += words8::first(stops);
        if text[end] == b'"' {
            return Str { start, end, signs: signs != 0 || escaped, digits: digits != 0, escaped, closed: true };
        }
        escaped = true;
        end += 2;
    }
    while end < text.len() {
        match text[end] {
            b'"' => return Str { start, end, signs: true, digits: true, escaped, closed: true },
            b'\\' => {
                escaped = true;
                end += 2;
            }
            _ => end += 1,
        }
    }
    Str { start, end: text.len(), signs: true, digits: true, escaped, closed: false }
}

/// A date and a time as most services write it (RFC 3339): most of the strings with signs in them are one.
fn is_timestamp(value: &[u8]) -> bool {
    let Some(word) = words8::load(value, 0) else { return false };
    // `2026-11-`, and then nothing but more of it.
    let dashes = words8::equal(word, b'-');
    (19..36).contains(&value.len())
        && dashes == 0x8000_0080_0000_0000
        && value[8..]
            .iter()
            .all(|&byte| is(byte, DIGIT) || matches!(byte, b'T' | b':' | b'.' | b'Z' | b'+' | b'-' | b' '))
        && value[..8].iter().enumerate().all(|(i, &byte)| is(byte, DIGIT) || i == 4 || i == 7)
        && memchr::memchr(b'.', &value[8..]).is_none_or(|at| at == 11)
}

/// The length of the literal that begins here, or its beginning at the end of the text.
fn literal(rest: &[u8]) -> Option<usize> {
    let length = rest.iter().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(rest.len());
    let word = &rest[..length];
    let known = matches!(word, b"true" | b"false" | b"null");
    let begun = length == rest.len() && [&b"true"[..], b"false", b"null"].iter().any(|whole| whole.starts_with(word));
    (known || begun).then_some(length)
}
