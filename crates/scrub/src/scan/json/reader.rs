//! The pass over the bytes.

use super::{
    fields::{Field, Fields},
    hide::hide,
    keys::{Key, Seen},
    string::{Str, string_at},
};
use crate::{
    edits::Edits,
    name::Meaning,
    scan::{Hint, Scan, place::skip_space},
};

impl Scan<'_> {
    /// Reads JSON that begins at `at`. `false` if it is none: then what was found of it is to be forgotten.
    pub(in crate::scan) fn json(&self, text: &[u8], mut at: usize, out: &mut Edits) -> bool {
        let mut seen = Seen::of(text);
        let mut fields = Fields::new();
        let mut depth = 0_usize;
        // The last byte that was neither space nor part of a value.
        let mut before = 0;
        while let Some(&byte) = text.get(at) {
            match byte {
                b'"' => {
                    let string = string_at(text, at);
                    let colon = skip_space(text, string.after());
                    if text.get(colon) == Some(&b':') && string.closed {
                        let start = skip_space(text, colon + 1);
                        at = self.json_field(text, &string, start, fields.at(depth), &mut seen, out);
                    } else {
                        // A first string with nothing after it, or with something, is no JSON.
                        self.json_value(text, &string, Hint::None, out);
                        at = string.after();
                        if before == b'[' || before == b',' {
                            at = self.json_pair(text, before, &string, out).unwrap_or(at);
                        }
                    }
                }
                b'0'..=b'9' | b'-' => at = self.json_number(text, at, out),
                b'{' => {
                    before = byte;
                    depth += 1;
                    *fields.at(depth) = Field::default();
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

    /// Reads a key, whose value begins at `start`, and the value if the key says something of it. Where to go on.
    #[inline]
    fn json_field(
        &self,
        text: &[u8],
        key: &Str,
        start: usize,
        field: &mut Field,
        seen: &mut Seen<'_>,
        out: &mut Edits,
    ) -> usize {
        self.json_key(text, key, out);
        let is_string = text.get(start) == Some(&b'"');
        match seen.key(self, key) {
            Key::Says(Meaning::Secret(kind, strategy)) => hide(text, start, kind, strategy, out).unwrap_or(start),
            Key::Says(meaning @ (Meaning::Digest | Meaning::Version)) if is_string => {
                let hint = if meaning == Meaning::Digest { Hint::Digest } else { Hint::Version };
                let value = string_at(text, start);
                self.json_value(text, &value, hint, out);
                value.after()
            }
            // What a field is called is looked at only if its value stands here, too.
            Key::Names if is_string => {
                let name = string_at(text, start).range();
                match field.value.take() {
                    Some(value) => {
                        self.hide_field(text, name, value, out);
                    }
                    None => field.name = Some(name),
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
            Key::Says(_) | Key::Names => start,
        }
    }
}

/// The length of the literal that begins here, or its beginning at the end of the text.
fn literal(rest: &[u8]) -> Option<usize> {
    let length = rest.iter().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(rest.len());
    let word = &rest[..length];
    let known = matches!(word, b"true" | b"false" | b"null");
    let begun = length == rest.len() && [&b"true"[..], b"false", b"null"].iter().any(|whole| whole.starts_with(word));
    (known || begun).then_some(length)
}
