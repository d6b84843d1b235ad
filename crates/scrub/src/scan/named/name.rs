//! The name before a sign, and what it says.

use std::{ops::Range, sync::LazyLock};

use memchr::memmem;

use crate::{
    chars::{ALNUM, is},
    name::{Kind, Meaning, STANDARD},
    scan::{
        form,
        place::{line_start, near},
        prose::word_before,
        text::Text,
        value::{self, bare_end},
    },
    word_set::WordSet,
};

/// How long a name may be.
const NAME: usize = 128;

/// How far a name and its sign may stand apart, in a table.
const GAP: usize = 40;

/// What a field's value is called, and how far back its name is looked for.
const VALUES: [&[u8]; 3] = [b"value", b"val", b"stringvalue"];
const FIELD: usize = 160;

/// Words that say nothing alone: `api key: x`, `card number: x`.
static LAST: LazyLock<WordSet> =
    LazyLock::new(|| WordSet::of("answer code codes confirmation hash id key keys no number phrase string value word"));

impl Text<'_, '_, '_> {
    /// The name that ends before the sign, and whether it has quotes.
    pub(super) fn name_before(&self, sign: usize) -> Option<(Range<usize>, bool)> {
        let text = self.text;
        let end = self.name_end(sign)?;
        let least = end.saturating_sub(NAME).max(self.floor);
        match text[end - 1] {
            quote @ (b'"' | b'\'' | b'`') => {
                let mut close = end - 1;
                while close > least && text[close - 1] == b'\\' {
                    close -= 1;
                }
                let open = least + memchr::memrchr(quote, &text[least..close])?;
                (open + 1 < close).then_some((open + 1..close, true))
            }
            // PostgreSQL's `Key (token)=(x)`.
            b')' if text.get(sign + 1) == Some(&b'(') => {
                let open = least + memchr::memrchr(b'(', &text[least..end])?;
                (open + 2 < end).then_some((open + 1..end - 1, true))
            }
            before => {
                let bracketed = before == b']';
                let mut start = end;
                while start > least && is_part(text[start - 1], bracketed) {
                    start -= 1;
                }
                (start < end).then_some((start..end, false))
            }
        }
    }

    /// Where the name ends, without the sign's other half and spaces: `name += x`, `name?: x`.
    fn name_end(&self, sign: usize) -> Option<usize> {
        let text = self.text;
        // An arrow begins before its head.
        let mut end = sign - usize::from(text[sign] == b'>');
        if end > self.floor
            && text[sign] == b'='
            && matches!(text[end - 1], b'!' | b'+' | b'|' | b'?' | b':' | b'=' | b'~')
        {
            end -= 1;
        }
        let least = end.saturating_sub(GAP).max(self.floor);
        while end > least && matches!(text[end - 1], b' ' | b'\t') {
            end -= 1;
        }
        if end > self.floor && text[end - 1] == b'?' {
            end -= 1;
        }
        (end > self.floor).then_some(end)
    }

    pub(super) fn meaning_of(&self, name: &Range<usize>, quoted: bool) -> Meaning {
        let written = &self.text[name.clone()];
        let meaning = self.scan.meaning(written);
        if meaning != Meaning::Plain {
            return meaning;
        }
        if VALUES.iter().any(|value| written.eq_ignore_ascii_case(value)) {
            return self.field_before(name.start).unwrap_or(meaning);
        }
        if quoted || !LAST.has_in_any_case(written) {
            return meaning;
        }
        match word_before(self.text, name.start, self.floor) {
            Some(before) => self.scan.meaning(&self.text[before.start..name.end]),
            None => meaning,
        }
    }

    /// `let token: &str = "x"`: the name before the type.
    pub(super) fn typed(&self, sign: usize, written: &Range<usize>) -> Option<(Range<usize>, Kind, u16)> {
        let text = self.text;
        if text[sign] != b'=' || !text[..sign].ends_with(b" ") {
            return None;
        }
        let least = written.end.saturating_sub(48).max(line_start(text, written.end, self.floor));
        let colon = least + memchr::memrchr(b':', &text[least..written.end])?;
        let plain = text[colon + 1..written.end].iter().all(|&byte| {
            is(byte, ALNUM) || matches!(byte, b' ' | b'&' | b'\'' | b'<' | b'>' | b'_' | b'[' | b']' | b'|')
        });
        let (name, quoted) = self.name_before(colon).filter(|_| plain)?;
        match self.meaning_of(&name, quoted) {
            Meaning::Secret(kind, strategy) => Some((name, kind, strategy)),
            _ => None,
        }
    }

    /// `?code=x` in a URL: a right that is passed on, if it looks like it.
    pub(super) fn passing(
        &self,
        sign: usize,
        name: &Range<usize>,
        meaning: Meaning,
    ) -> Option<(Range<usize>, Kind, u16)> {
        let text = self.text;
        let in_query = text[sign] == b'=' && name.start > 0 && matches!(text[name.start - 1], b'?' | b'&' | b'#');
        let start = sign + 1;
        let passes = in_query
            && meaning == Meaning::Plain
            && form::is_passing(&text[name.clone()])
            && value::is_random(&text[start..bare_end(near(text, start), start)]);
        passes.then(|| (name.clone(), Kind::Random, STANDARD))
    }

    /// What the field is called whose value stands here: `name: password`, and then `value: x`.
    fn field_before(&self, value: usize) -> Option<Meaning> {
        let head = &self.text[value.saturating_sub(FIELD).max(self.floor)..value];
        let lower = head.to_ascii_lowercase();
        let label = |word: &[u8]| memmem::rfind(&lower, word).map(|at| (at, at + word.len()));
        let (_, end) = [&b"name"[..], b"key", b"id"].into_iter().filter_map(label).max()?;
        let rest = &head[end..];
        let signs = rest.iter().take_while(|&&byte| matches!(byte, b'"' | b'\'' | b'\\' | b' ' | b':' | b'=')).count();
        if !rest[..signs].iter().any(|byte| matches!(byte, b':' | b'=')) {
            return None;
        }
        let name = &rest[signs..];
        let length = name.iter().take_while(|&&byte| is(byte, ALNUM) || matches!(byte, b'_' | b'-' | b'.')).count();
        // Another value stands between.
        let taken = name[length..].windows(5).any(|window| window.eq_ignore_ascii_case(b"value"));
        (length > 0 && !taken).then(|| self.scan.meaning(&name[..length]))
    }
}

/// Whether a name without quotes goes on with this byte: `user[password]`, `db.password`, `config["password"]`.
fn is_part(byte: u8, bracketed: bool) -> bool {
    is(byte, ALNUM)
        || matches!(byte, b'_' | b'-' | b'.' | b'$' | b'[' | b']' | b'%' | b'\\')
        || byte >= 0x80
        || (bracketed && matches!(byte, b'"' | b'\''))
}
