//! What stands for a value without being one, in source code, templates and explanations.

use std::sync::LazyLock;

use crate::{
    chars::{ALNUM, ALPHA, DIGIT, UPPER, is, is_at},
    name::Meaning,
    scan::{place::is_space, text::Text},
    word_set::WordSet,
};

/// What programs get values from: `config.password`.
static ROOTS: LazyLock<WordSet> = LazyLock::new(|| {
    WordSet::of(
        "Environment System app args body cfg conf config credentials creds ctx data env event form input options \
         opts os params process props req request res response secrets self settings state std this user vars",
    )
});

/// What expressions begin with.
static KEYWORDS: LazyLock<WordSet> =
    LazyLock::new(|| WordSet::of("async await delete fn function lambda new not return throw typeof void yield"));

impl Text<'_, '_, '_> {
    /// Whether the value is an expression that gets it from elsewhere.
    pub(super) fn is_code(&self, word: &[u8], end: usize) -> bool {
        let ident = word.iter().take_while(|&&byte| is(byte, ALNUM) || byte == b'_').count();
        if ident == 0 || is(word[0], DIGIT) {
            return false;
        }
        let (ident, rest) = word.split_at(ident);
        let called = rest.first().or(self.text.get(end)) == Some(&b'(');
        let path = rest.starts_with(b"::") || rest.starts_with(b"->") || rest.starts_with(b"?.");
        let member = matches!(rest.first(), Some(b'.' | b'[')) && ROOTS.has(ident);
        called || path || member || KEYWORDS.has(word) || is_call(word) || self.is_variable(word, end)
    }

    /// `password: password,` hands a variable on; `X-Api-Key: ApiKey x` does not.
    fn is_variable(&self, word: &[u8], end: usize) -> bool {
        if self.text.get(end) == Some(&b' ') && is_at(self.text, end + 1, ALNUM) {
            return false;
        }
        let bare = word.strip_suffix(b";").or_else(|| word.strip_suffix(b")")).unwrap_or(word);
        bare.len() <= 24
            && bare.iter().all(|&byte| is(byte, ALPHA) || byte == b'_')
            && matches!(self.scan.meaning(bare), Meaning::Secret(..))
    }

    /// `$PASSWORD`, `${password}` and `$(pass show x)` stand for a value.
    pub(super) fn is_reference(&self, dollar: usize) -> bool {
        let rest = &self.text[dollar + 1..];
        if matches!(rest.first(), Some(b'{' | b'(')) {
            return true;
        }
        let length = rest.iter().take_while(|&&byte| is(byte, ALNUM) || byte == b'_').count();
        let name = &rest[..length];
        // `$1` is a statement's parameter.
        let parameter = (1..=2).contains(&length) && name.iter().all(|&byte| is(byte, DIGIT));
        let capitals = length >= 3 && name.iter().all(|&byte| is(byte, UPPER) || byte == b'_');
        let letters = name.iter().all(|&byte| is(byte, ALPHA) || byte == b'_');
        // GraphQL's `login(password: $p)`.
        let argument = letters && length > 0 && matches!(rest.get(length), Some(b')' | b','));
        parameter || capitals || argument || (letters && matches!(self.scan.meaning(name), Meaning::Secret(..)))
    }
}

/// `settings.password()`.
fn is_call(word: &[u8]) -> bool {
    memchr::memchr(b'(', word)
        .is_some_and(|open| word[..open].iter().all(|&byte| is(byte, ALPHA) || matches!(byte, b'_' | b'.' | b':')))
}

/// `%s`, `%-8d` and `%(password)s`, after their `%`.
pub(super) fn is_verb(rest: &[u8]) -> bool {
    match rest {
        [b's' | b'd' | b'v' | b'q' | b'@', next @ ..] => {
            next.first().is_none_or(|&byte| is_space(byte) || b"\"',;)]}&".contains(&byte))
        }
        [b'(' | b'{', ..] => true,
        _ => false,
    }
}

/// `<password>` and `<your token here>`.
pub(super) fn is_placeholder(text: &[u8], at: usize) -> bool {
    let rest = &text[at + 1..text.len().min(at + 64)];
    memchr::memchr(b'>', rest).is_some_and(|close| {
        close > 0
            && rest[..close]
                .iter()
                .all(|&byte| is(byte, ALPHA) || matches!(byte, b' ' | b'_' | b'-' | b'/' | b'.' | b'*'))
    })
}
