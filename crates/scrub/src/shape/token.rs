use std::{ops::Range, sync::LazyLock};

use super::providers::{Chars, PREFIXES, Prefix};
use crate::chars::{ALNUM, DIGIT, HEX, Mix, UPPER, WORD, is, run_end};

/// From here on, a run of token characters is a token by its length alone.
const LONG: usize = 64;

/// The key of a provider, or the JWT, in the run that is `run`. It can be longer than the run.
pub(crate) fn known(text: &[u8], run: Range<usize>, cut: bool) -> Option<Range<usize>> {
    let mut at = run.start;
    loop {
        if let Some(end) = begins(text, at, cut) {
            return Some(at..end);
        }
        // A key can follow a separator: `TOKEN_ghp…`, `x-sk-…`.
        at += 1;
        while at < run.end && is(text[at - 1], ALNUM) {
            at += 1;
        }
        if at >= run.end {
            return None;
        }
    }
}

/// The end of the key or JWT that begins at `from`.
fn begins(text: &[u8], from: usize, cut: bool) -> Option<usize> {
    let rest = &text[from..];
    if rest.starts_with(b"eyJ") {
        return jwt(text, from);
    }
    let first = *rest.first()?;
    // The longest prefix first: it knows best.
    for prefix in &by_first()[usize::from(first)] {
        if rest.starts_with(prefix.text.as_bytes()) {
            let body = from + prefix.text.len();
            let end = end_of(text, body, prefix.chars);
            let least = usize::from(prefix.rest);
            let enough = end - body >= least || (end == text.len() && end - body >= if cut { 1 } else { least.min(8) });
            if enough && (prefix.text.len() > 3 || text[body..end].iter().any(|&byte| is(byte, DIGIT))) {
                return Some(end);
            }
        }
    }
    None
}

/// A JWT, or another text of JSON in base64: `eyJ` is its `{"`. Its parts end where the dots end.
fn jwt(text: &[u8], from: usize) -> Option<usize> {
    let mut end = from;
    while end < text.len() && (is(text[end], WORD) || matches!(text[end], b'.' | b'=' | b'+' | b'/')) {
        end += 1;
    }
    while text[end - 1] == b'.' || text[end - 1] == b'/' {
        end -= 1;
    }
    (end - from >= 12).then_some(end)
}

fn end_of(text: &[u8], from: usize, chars: Chars) -> usize {
    let holds = |byte: u8| match chars {
        Chars::Alnum => is(byte, ALNUM),
        Chars::Word => is(byte, WORD),
        Chars::Hex => is(byte, HEX),
        Chars::Upper => is(byte, UPPER | DIGIT),
        Chars::Dotted => is(byte, WORD) || byte == b'.',
        Chars::Base64 => is(byte, ALNUM) || matches!(byte, b'+' | b'/' | b'='),
    };
    let mut end = from;
    while end < text.len() && holds(text[end]) {
        end += 1;
    }
    while end > from && text[end - 1] == b'.' {
        end -= 1;
    }
    end
}

/// The prefixes by their first byte, the longest first.
fn by_first() -> &'static [Vec<&'static Prefix>; 256] {
    static BY_FIRST: LazyLock<Box<[Vec<&'static Prefix>; 256]>> = LazyLock::new(|| {
        let mut by_first = Box::new([const { Vec::new() }; 256]);
        for prefix in PREFIXES {
            by_first[usize::from(prefix.text.as_bytes()[0])].push(prefix);
        }
        for prefixes in by_first.iter_mut() {
            prefixes.sort_by_key(|prefix: &&Prefix| std::cmp::Reverse(prefix.text.len()));
        }
        by_first
    });
    &BY_FIRST
}

/// The token that is one by its length, around the run that begins at `from`. Its parts look as if drawn by lot: a path, a long
/// name or a line of dashes does not.
pub(crate) fn long(text: &[u8], from: usize) -> Option<usize> {
    let mut end = run_end(text, from, WORD);
    while end < text.len() && (is(text[end], WORD) || matches!(text[end], b'+' | b'/' | b'=' | b'.' | b'~')) {
        end += 1;
    }
    while end > from && matches!(text[end - 1], b'.' | b'/' | b'~') {
        end -= 1;
    }
    let run = &text[from..end];
    if run.len() < LONG {
        return None;
    }
    let mix = Mix::of(run);
    let separators = run.len() - mix.letters() - mix.digits;
    let dense = separators * 12 <= run.len();
    (mix.is_random() && dense || is_hex(run)).then_some(end)
}

/// Whether all of it is hexadecimal, with digits and letters.
pub(crate) fn is_hex(run: &[u8]) -> bool {
    let mix = Mix::of(run);
    mix.hex == mix.len && mix.is_mixed()
}

/// Whether the run is a UUID.
pub(crate) fn is_uuid(run: &[u8]) -> bool {
    run.len() == 36 && run.iter().enumerate().all(|(i, &byte)| if matches!(i, 8 | 13 | 18 | 23) { byte == b'-' } else { is(byte, HEX) })
}
