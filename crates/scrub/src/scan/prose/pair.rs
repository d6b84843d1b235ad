//! A text in quotes after a name in quotes.

use super::{is_plain_word, is_status};
use crate::{
    chars::{DIGIT, UPPER, is},
    edits::Why,
    name::{Kind, Meaning, STANDARD},
    scan::{done::done_at, text::Text, value::Quote},
};

/// How far back the name is looked for.
const HEAD: usize = 96;

impl Text<'_, '_, '_> {
    /// A quoted text after a quoted name: `("password", "x")`, PHP's `s:8:"password";s:1:"x";`, `"AUTH" "x"`. Its end.
    pub(super) fn paired(&mut self, at: usize) -> Option<usize> {
        let text = self.text;
        let open = self.escapes_before(at);
        let Before { name, sign, between } =
            Before::of(&text[open.saturating_sub(HEAD).max(self.floor)..open], text[at])?;
        let serialized = is_serialized(between);
        let command = between == b" " && matches!(name, b"AUTH" | b"requirepass");
        let header = sign == Some(b',') && is(name[0], UPPER) && name.contains(&b'-');
        let first = matches!(sign, Some(b'(' | b'[' | b'{'));
        let listed = between.trim_ascii() == b"," && (header || first);
        if !(listed || serialized || command) {
            return None;
        }
        let (kind, strategy) = match self.scan.meaning(name) {
            Meaning::Secret(kind, strategy) => (kind, strategy),
            _ if command => (Kind::Password, STANDARD),
            _ => return None,
        };
        let quote = Quote::opens(text, open)?;
        let mut range = quote.inside..quote.closes(text);
        if command && let Some(last) = text[range.end..].strip_prefix(b"\" \"") {
            // The user before the password.
            range = range.end + 3..range.end + 3 + memchr::memchr(b'"', last).unwrap_or(last.len());
        }
        let value = &text[range.clone()];
        // A list of words has names of secrets in it, too.
        let is_word = is_plain_word(value) && !(sign == Some(b'(') || serialized || command);
        if is_word
            || self.is_secrets_name(value)
            || is_status(value)
            || !kind.hides_word(value)
            || done_at(text, range.start).is_some()
        {
            return None;
        }
        let end = range.end;
        self.add(range, Why::Name(strategy));
        Some(end)
    }
}

/// What stands before a quoted text.
struct Before<'t> {
    /// What the quotes before hold.
    name: &'t [u8],
    /// The byte before them, spaces and backslashes aside.
    sign: Option<u8>,
    /// What stands between them and the text.
    between: &'t [u8],
}

impl<'t> Before<'t> {
    fn of(head: &'t [u8], quote: u8) -> Option<Self> {
        let close = memchr::memrchr(quote, head)?;
        let open = memchr::memrchr(quote, &head[..close])?;
        let mut name = &head[open + 1..close];
        while let [shorter @ .., b'\\'] = name {
            name = shorter;
        }
        let sign = head[..open].iter().rev().find(|&&byte| byte != b'\\' && byte != b' ').copied();
        (!name.is_empty()).then_some(Self { name, sign, between: &head[close + 1..] })
    }
}

/// Whether PHP tells a text's length here: `;s:8:`.
fn is_serialized(between: &[u8]) -> bool {
    let length = between.strip_prefix(b";s:").and_then(|rest| rest.strip_suffix(b":"));
    length.is_some_and(|length| length.iter().all(|&byte| is(byte, DIGIT)))
}
