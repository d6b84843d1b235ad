//! JSON, JSON lines, and the beginning of either: one pass over the bytes, which needs to know only which strings are keys. So
//! depth costs nothing, duplicate keys are all seen, and a text that was cut off is read as far as it goes.

use super::{Hint, Scan, decode::Layer, done_at, named, skip_space, value};
use crate::{
    Shape,
    chars::{DIGIT, LOWER, STOP, TRIGGER, UPPER, class, is, is_at},
    edits::{Edits, Why},
    name::{Kind, Meaning},
    shape::card,
};

/// Strings without a trigger that are shorter hold nothing.
const SHORT: usize = 10;

/// Digits that can be a payment card's number.
const CARD: usize = 12;

/// What was found of a string.
struct Str {
    /// Its inside.
    start: usize,
    end: usize,
    /// The classes of its bytes, together.
    classes: u8,
    escaped: bool,
    closed: bool,
}

impl Str {
    fn range(&self) -> std::ops::Range<usize> {
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

/// An object that tells a field as `{"name": …, "value": …}`.
#[derive(Clone, Default)]
struct Field {
    name: Option<(Kind, u16)>,
    /// A value that came before the name.
    value: Option<std::ops::Range<usize>>,
}

/// How deep such objects are told apart.
const DEPTH: usize = 16;

/// Keys that were seen, with what they say: objects in a list have the same ones.
struct Seen<'t> {
    text: &'t [u8],
    slots: [Option<(u32, u32, Key)>; SLOTS],
}

const SLOTS: usize = 64;

impl Scan<'_> {
    /// Reads JSON that begins at `at`. `false` if it is none: then what was found of it is to be forgotten.
    pub(super) fn json(&self, text: &[u8], mut at: usize, out: &mut Edits) -> bool {
        let mut seen = Seen { text, slots: [const { None }; SLOTS] };
        let mut fields = [const { Field { name: None, value: None } }; DEPTH];
        let mut depth = 0_usize;
        while let Some(&byte) = text.get(at) {
            match byte {
                b'"' => {
                    let string = string_at(text, at);
                    let colon = skip_space(text, string.after());
                    if text.get(colon) != Some(&b':') || !string.closed {
                        // A first string with nothing after it, or with something, is no JSON.
                        self.json_value(text, &string, Hint::None, out);
                        at = self.json_pair(text, at, &string, out).unwrap_or(string.after());
                        continue;
                    }
                    self.json_key(text, &string, out);
                    let start = skip_space(text, colon + 1);
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
                        Key::Names if text.get(start) == Some(&b'"') => {
                            let name = string_at(text, start);
                            if let Meaning::Secret(kind, strategy) = self.meaning(&text[name.range()]) {
                                field.name = Some((kind, strategy));
                                if let Some(value) = field.value.take() {
                                    self.hide_json(text, value.start, kind, strategy, out);
                                }
                            }
                            start
                        }
                        Key::Values => match field.name {
                            Some((kind, strategy)) => self.hide_json(text, start, kind, strategy, out).unwrap_or(start),
                            None => {
                                field.value = Some(start..start);
                                start
                            }
                        },
                        Key::Names => start,
                    };
                }
                b'0'..=b'9' | b'-' => at = self.json_number(text, at, out),
                b'{' => {
                    depth += 1;
                    fields[depth % DEPTH] = Field::default();
                    at += 1;
                }
                b'}' => {
                    depth = depth.saturating_sub(1);
                    at += 1;
                }
                b' ' | b'\n' | b'\r' | b'\t' | b',' | b':' | b'[' | b']' | 0x1e => at += 1,
                b't' | b'f' | b'n' => match literal(&text[at..]) {
                    Some(length) => at += length,
                    None => return false,
                },
                _ => return false,
            }
        }
        true
    }

    /// Most keys hold nothing but a name; some are an e-mail address, or a token.
    fn json_key(&self, text: &[u8], key: &Str, out: &mut Edits) {
        if key.classes & TRIGGER != 0 || key.end - key.start >= 20 {
            self.part(text, key.range(), Hint::None, out);
        }
    }

    fn json_value(&self, text: &[u8], string: &Str, hint: Hint, out: &mut Edits) {
        if string.classes & TRIGGER == 0 && string.end - string.start < SHORT && self.rules.patterns.is_empty() {
            return;
        }
        if !string.escaped {
            self.part(text, string.range(), hint, out);
        } else if self
            .decoded(
                text,
                string.range(),
                Layer::Escapes,
                |scan, text, out| if hint == Hint::None { scan.any(text, out) } else { scan.text(text, hint, out) },
                out,
            )
            .is_none()
        {
            self.part(text, string.range(), hint, out);
        }
    }

    fn json_number(&self, text: &[u8], from: usize, out: &mut Edits) -> usize {
        let mut end = from + 1;
        while end < text.len() && (is(text[end], DIGIT) || matches!(text[end], b'.' | b'e' | b'E' | b'+' | b'-')) {
            end += 1;
        }
        if end - from >= CARD && self.rules.takes(Shape::Card) && card::number(text, from, self.cut) == Some(end) {
            out.add_quoted(from..end, Why::Shape(Shape::Card));
        }
        if !self.rules.patterns.is_empty() {
            let mark = out.len();
            self.part(text, from..end, Hint::None, out);
            out.quote(mark, from..end);
        }
        end
    }

    /// `["password", "x"]`: a list of a name and its value. The place after it, if this is one.
    fn json_pair(&self, text: &[u8], at: usize, name: &Str, out: &mut Edits) -> Option<usize> {
        let before = text[..at].trim_ascii_end().last();
        let header = || is(text[name.start], UPPER) && memchr::memchr(b' ', &text[name.range()]).is_none();
        let first = before == Some(&b'[');
        if name.start == name.end
            || name.end - name.start > 64
            || !name.closed
            || !(first || (before == Some(&b',') && header()))
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
        if !closes || text[value.range()].iter().all(|&byte| is(byte, LOWER) || byte == b'_') {
            return None;
        }
        let Meaning::Secret(kind, strategy) = self.meaning(&text[name.range()]) else { return None };
        if self.hides(kind, &text[value.range()]) {
            out.add(value.range(), named(strategy));
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
                out.add(string.range(), named(strategy));
                Some(string.after())
            }
            b'{' | b'[' if kind != Kind::Random => {
                if let Some(end) = done_at(text, start) {
                    return Some(end);
                }
                let inside = skip_space(text, start + 1);
                let counts = kind == Kind::Plural && is_at(text, inside, DIGIT);
                if counts || matches!(text.get(inside), Some(b'}' | b']')) {
                    return None;
                }
                let end = value::balanced(text, start);
                out.add_quoted(start..end, named(strategy));
                Some(end)
            }
            b'0'..=b'9' | b'-' if !matches!(kind, Kind::Plural | Kind::Random) => {
                let mut end = start;
                while end < text.len() && !matches!(text[end], b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t') {
                    end += 1;
                }
                out.add_quoted(start..end, named(strategy));
                Some(end)
            }
            _ => None,
        }
    }
}

impl Seen<'_> {
    fn key(&mut self, scan: &Scan<'_>, key: &Str) -> Key {
        let name = &self.text[key.range()];
        // The ends of names tell them apart best.
        let hash = name
            .iter()
            .rev()
            .take(8)
            .fold(name.len(), |hash, &byte| hash.wrapping_mul(31).wrapping_add(usize::from(byte)));
        let slot = (hash ^ (hash >> 7)) % SLOTS;
        if let Some((start, end, says)) = self.slots[slot]
            && self.text[start as usize..end as usize] == *name
        {
            return says;
        }
        let says = match scan.meaning(name) {
            Meaning::Plain
                if ends_with(
                    name,
                    &[
                        "name",
                        "key",
                        "id",
                        "field",
                        "param",
                        "parameter",
                        "header",
                        "k",
                        "n",
                        "variable",
                        "attribute",
                        "property",
                    ],
                ) =>
            {
                Key::Names
            }
            Meaning::Plain if ends_with(name, &["value", "val", "v"]) => Key::Values,
            meaning => Key::Says(meaning),
        };
        if let (Ok(start), Ok(end)) = (u32::try_from(key.start), u32::try_from(key.end)) {
            self.slots[slot] = Some((start, end, says));
        }
        says
    }
}

/// Whether the name is one of these words, or a short one that ends with it: `ParameterKey`.
fn ends_with(name: &[u8], words: &[&str]) -> bool {
    name.len() <= 20
        && words.iter().any(|word| {
            let at = name.len().saturating_sub(word.len());
            name[at..].eq_ignore_ascii_case(word.as_bytes()) && (at == 0 || word.len() > 2)
        })
}

/// The string whose quote stands at `at`.
#[inline]
fn string_at(text: &[u8], at: usize) -> Str {
    let start = at + 1;
    let mut end = start;
    let mut classes = 0;
    let mut escaped = false;
    while end < text.len() {
        let class = class(text[end]);
        if class & STOP != 0 {
            if text[end] == b'"' {
                return Str { start, end, classes, escaped, closed: true };
            }
            escaped = true;
            // What an escape stands for may be a trigger.
            classes |= TRIGGER;
            end += 1;
        }
        classes |= class;
        end += 1;
    }
    Str { start, end: text.len(), classes, escaped, closed: false }
}

/// The length of the literal that begins here, or its beginning at the end of the text.
fn literal(rest: &[u8]) -> Option<usize> {
    let length = rest.iter().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(rest.len());
    let word = &rest[..length];
    let known = matches!(word, b"true" | b"false" | b"null");
    let begun = length == rest.len() && [&b"true"[..], b"false", b"null"].iter().any(|whole| whole.starts_with(word));
    (known || begun).then_some(length)
}
