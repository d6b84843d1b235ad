//! Values without quotes.

use std::ops::Range;

use super::{
    code::{is_placeholder, is_verb},
    sign::Named,
    wrapped::{Wrapped, wrapped},
    yaml::yaml_block,
};
use crate::{
    chars::{ALNUM, ALPHA, DIGIT, is, is_at},
    name::Kind,
    scan::{
        place::{is_space, near},
        prose::{is_plain_word, is_type},
        text::Text,
        value::{self, bare_end, is_tokenish},
    },
};

/// How often a value may be wrapped: `Ok(Some(Secret(…)))`.
const WRAPPED: u8 = 4;

impl Text<'_, '_, '_> {
    /// A value without quotes.
    pub(super) fn bare(&self, named: &Named, start: usize) -> Option<Range<usize>> {
        let text = self.text;
        let block = || yaml_block(text, named.name.start, start, self.floor);
        match text[start] {
            // PostgreSQL's `Key (token)=(x)`.
            b'(' if named.quoted && text[start - 1] == b'=' => {
                let end = memchr::memchr(b')', &text[start..]).map_or(text.len(), |found| start + found);
                return Some(start + 1..end);
            }
            b'{' | b'[' => return self.container(start, named.kind),
            b'$' if self.is_reference(start) => return None,
            b'%' if is_verb(&text[start + 1..]) => return None,
            b'<' if is_placeholder(text, start) => return None,
            b',' | b';' | b')' | b'}' | b']' | b'?' | b'|' if bare_end(text, start) <= start + 1 => return block(),
            b'>' => return block(),
            b'/' if text[start..].starts_with(b"//") || text[start..].starts_with(b"/*") => return None,
            _ => {}
        }
        if let Some(block) = block() {
            return Some(block);
        }
        match wrapped(text, start, WRAPPED) {
            Some(Wrapped::Value(inside)) => (!inside.is_empty()).then_some(inside),
            Some(Wrapped::Argument) => None,
            None => self.bare_word(named, start),
        }
    }

    fn bare_word(&self, named: &Named, start: usize) -> Option<Range<usize>> {
        let text = self.text;
        // What does not look random at its beginning, does not.
        if named.kind == Kind::Random && !is_tokenish(&text[start..bare_end(near(text, start), start)]) {
            return None;
        }
        let mut end = bare_end(text, start);
        let word = &text[start..end];
        if !named.kind.hides_word(word) {
            return None;
        }
        if named.kind == Kind::Line && !named.quoted {
            return self.header_line(named, start);
        }
        let spaced = is_space(text[start - 1]);
        let is_field = spaced && text[named.sign] == b'=' && text.get(end) == Some(&b';') && is_field_number(word);
        if is_field || is_directory(&text[named.name.clone()], word) {
            return None;
        }
        let in_query = named.name.start > 0 && matches!(text[named.name.start - 1], b'?' | b'&');
        if in_query && let Some(hash) = memchr::memchr(b'#', word).filter(|&hash| hash > 0) {
            // The URL's fragment.
            end = start + hash;
        }
        // `type: bearer`, as against `X-Token: Bearer x`.
        let followed = text.get(end) == Some(&b' ') && is_at(text, end + 1, ALNUM);
        if is_scheme(word) && !followed {
            return None;
        }
        if spaced && self.says_something(named, word, start..end) {
            return None;
        }
        let setting = named.kind == Kind::Token && self.is_setting(named) && is_letters(word);
        if (named.kind == Kind::Password || setting) && self.begins_line(named) {
            end = self.rest_of_line(start, end);
        }
        Some(start..end)
    }

    /// Whether the word apart from the sign tells something about the name, instead of being its value.
    fn says_something(&self, named: &Named, word: &[u8], value: Range<usize>) -> bool {
        is_type(word)
            || self.is_code(word, value.end)
            || (is_plain_word(word) && self.is_prose(named, value.clone()))
            || (named.kind == Kind::Token && is_count(self.text, word, value.end))
            || (is_letters(word) && is_certificate(&self.text[named.name.clone()]))
            // A list of what there is, such as `token: expected one of`.
            || (self.is_complaint(named) && !is_tokenish(word))
    }

    fn container(&self, start: usize, kind: Kind) -> Option<Range<usize>> {
        let text = self.text;
        // Templates, which may stand in each other, are not read to their end.
        if kind == Kind::Random || text[start + 1..].trim_ascii_start().starts_with(b"{") {
            return None;
        }
        let end = value::balanced(text, start);
        let inside = text[start + 1..end].trim_ascii();
        let holds = inside.iter().any(|&byte| matches!(byte, b'"' | b'\'' | b':' | b'=' | b',') || is(byte, DIGIT));
        let template = !holds && inside.iter().all(|&byte| !is_space(byte));
        let counts = kind == Kind::Plural && value::is_numbers(inside);
        (!template && !counts).then_some(start..end)
    }
}

fn is_letters(word: &[u8]) -> bool {
    word.iter().all(|&byte| is(byte, ALPHA))
}

/// `session: 12 active`.
fn is_count(text: &[u8], word: &[u8], end: usize) -> bool {
    let next = end + usize::from(text.get(end) == Some(&b' '));
    word.len() <= 3
        && word.iter().all(|&byte| is(byte, DIGIT))
        && next > end
        && is_at(text, next, ALPHA)
        && is_plain_word(&text[next..bare_end(text, next)])
}

/// What everybody may see of a pair of keys.
fn is_certificate(name: &[u8]) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with(b"certificate") || name.ends_with(b"cert")
}

/// The working directory, which a password's short name stands for, too.
fn is_directory(name: &[u8], word: &[u8]) -> bool {
    (name.eq_ignore_ascii_case(b"pwd") || name == b"OLDPWD") && (word[0] == b'/' || word.get(1) == Some(&b':'))
}

/// `string password = 2;` in a message's definition.
fn is_field_number(word: &[u8]) -> bool {
    word.len() <= 3 && word.iter().all(|&byte| is(byte, DIGIT))
}

fn is_scheme(word: &[u8]) -> bool {
    word.eq_ignore_ascii_case(b"bearer") || word.eq_ignore_ascii_case(b"basic")
}
