//! Words that tell something about a secret, where a secret might stand.

use std::{ops::Range, sync::LazyLock};

use crate::{
    chars::{DIGIT, LOWER, UPPER, WORD, is},
    word_set::WordSet,
};

/// What is said of a secret, and the small words of a sentence.
static STATUS: LazyLock<WordSet> = LazyLock::new(|| {
    WordSet::of(
        "a about accepted access active after again all already also an and any are as at audience authenticated \
         authentication authorization based be because been before being both but by can can't cannot cant change \
         changed check checked closed compare comparison complexity confirmation contains cookie could count counts \
         created credentials das debe deleted denied der did didn't die disabled do does doesn't doit don't each el \
         empty enabled encrypted ended enter entered error es est every exceeded expected expired expires expiry \
         failed failure field fields for forbidden found from generated get given got granted had has hash hashed \
         hashing have here hidden how if in inactive incorrect input insufficient introspection invalid is isn't \
         issued ist it its key keys la le length lifetime limit loaded login manager match matches may might \
         minimum mismatch missing muss must my name needed needs never new no not now of ok okay old on one only \
         opened optional or our out over password passwords plaintext please policy prompt protected provided read \
         reader recovery redacted refresh refreshed rejected removed renewed replayed request requested required \
         requires reset revoked rotated rotation saved scoped secret secrets see sent server session set should \
         signed so some started stopped storage store stored strength string success successful successfully than \
         that the their there these they this through to token tokens too ttl two type unauthorized und under \
         unexpected unknown unset until update updated use used user using valid validated validation value \
         verification verified via was wasn't we were when where which while who why will with without won't would \
         write wrong yes you your",
    )
});

/// Types, as languages write them.
static TYPES: LazyLock<WordSet> = LazyLock::new(|| {
    WordSet::of(
        "&mut &str *string Annotated Any Arc BLOB BOOLEAN BYTEA Bearer< Boolean Box Buffer CHAR CharSequence Cow \
         Depends Dict Field HeaderValue HttpOnly ID INTEGER Int JSON JSONB Joi List None Number Option Optional Rc \
         Redacted Secret SecretBox SecretString Str String T TEXT UUID Uint8Array Uuid VARCHAR Vec []byte any bool \
         boolean byte[] bytes char char[] dict dyn float impl int integer list never number object schema \
         std::string str string text unknown uuid varchar void yup z",
    )
});

/// Names of methods and formats, which mix letters and digits as tokens do.
static TECHNICAL: LazyLock<WordSet> = LazyLock::new(|| {
    WordSet::of(
        "aes-256 aes256 argon2 argon2id base64 bcrypt ed25519 es256 hs256 hs512 http2 ipv4 md5 oauth2 oauth2.0 \
         pbkdf2 pkcs1 pkcs8 rs256 sha1 sha256 sha384 sha512 utf-8 utf8 x509",
    )
});

pub(in crate::scan) fn is_status(word: &[u8]) -> bool {
    STATUS.has_in_any_case(without_signs(word.trim_ascii()))
}

pub(in crate::scan) fn is_type(word: &[u8]) -> bool {
    let end = word.iter().position(|byte| b"<(,;)=!?|>.".contains(byte)).unwrap_or(word.len());
    word.starts_with(b"&'") || word.starts_with(b"&mut ") || (end > 0 && (TYPES.has(&word[..end]) || TYPES.has(word)))
}

/// Whether it names a method, a format or a version: `SHA-256`, `oauth2`, `v1.2`.
pub(super) fn is_technical(value: &[u8]) -> bool {
    let value = without_signs(value);
    TECHNICAL.has_in_any_case(value) || is_short_version(value)
}

fn is_short_version(value: &[u8]) -> bool {
    let [b'v' | b'V', version @ ..] = value else { return false };
    value.len() <= 8 && version.iter().all(|&byte| is(byte, DIGIT) || byte == b'.')
}

/// Without what a sentence puts after a word.
fn without_signs(word: &[u8]) -> &[u8] {
    let end = word.iter().rposition(u8::is_ascii_alphanumeric).map_or(0, |last| last + 1);
    &word[..end]
}

/// Letters alone, as in a dictionary: perhaps a capital first, perhaps an apostrophe, a hyphen, or an end of a sentence.
pub(in crate::scan) fn is_plain_word(word: &[u8]) -> bool {
    let mut letters = 0;
    let mut capitals = 0;
    for (i, &byte) in word.iter().enumerate() {
        let joins = i > 0 && matches!(byte, b'\'' | b'-');
        let ends = i + 1 == word.len() && matches!(byte, b'.' | b',' | b'!' | b'?' | b':' | b';' | b')');
        if is(byte, LOWER) || byte >= 0x80 {
            letters += 1;
        } else if is(byte, UPPER) {
            letters += 1;
            capitals += 1;
        } else if !joins && !ends {
            return false;
        }
    }
    letters > 0 && (capitals == 0 || (capitals == 1 && is(word[0], UPPER)) || capitals == letters)
}

/// The word before `at`, with one space or two between.
pub(in crate::scan) fn word_before(text: &[u8], at: usize, floor: usize) -> Option<Range<usize>> {
    let mut end = at;
    while end > floor && end + 2 > at && matches!(text[end - 1], b' ' | b'\t') {
        end -= 1;
    }
    if end == at {
        return None;
    }
    let least = end.saturating_sub(40).max(floor);
    let mut start = end;
    while start > least && (is(text[start - 1], WORD) || text[start - 1] >= 0x80) {
        start -= 1;
    }
    (start < end).then_some(start..end)
}
