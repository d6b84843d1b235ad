//! What was replaced before: it says nothing, and stays as it is.

use crate::chars::{ALNUM, is};

/// What takes the place of something, without its brackets.
const WORDS: [&[u8]; 9] =
    [b"Filtered", b"token", b"private key", b"credentials", b"card", b"iban", b"ssn", b"email", b"ip"];

/// Whether this was replaced before: `[Filtered]`, `[token]` and their like, also percent-encoded.
pub(super) fn is_done(value: &[u8]) -> bool {
    let ([b'[', inner @ .., b']'] | [b'%', b'5', b'B', inner @ .., b'%', b'5', b'D']) = value else { return false };
    WORDS.iter().any(|word| {
        inner.strip_prefix(*word).is_some_and(|rest| rest.is_empty() || (rest[0] == b':' && rest.len() == 17))
    })
}

/// Whether something in a name was replaced before: then it names nothing. `user[token]` is a field's name.
pub(super) fn has_done(name: &[u8]) -> bool {
    memchr::memchr_iter(b'[', name).any(|at| {
        let field = at > 0 && is(name[at - 1], ALNUM) && !matches!(name[at + 1..], [b'F' | b'p', ..]);
        !field && done_at(name, at).is_some()
    })
}

/// The replaced value's length, if one begins here.
pub(super) fn done_at(text: &[u8], at: usize) -> Option<usize> {
    if text.get(at) != Some(&b'[') {
        return None;
    }
    let end = at + 1 + memchr::memchr(b']', &text[at..text.len().min(at + 40)])?;
    is_done(&text[at..end]).then_some(end)
}
