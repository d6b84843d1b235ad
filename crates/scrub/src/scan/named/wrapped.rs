//! Values in brackets: `Some("x")`.

use std::ops::Range;

use crate::{
    chars::{ALNUM, LOWER, UPPER, is},
    scan::{
        done::done_at,
        value::{self, Quote},
    },
};

/// What stands in brackets after a word.
pub(super) enum Wrapped {
    Value(Range<usize>),
    /// An argument, which is no value of the name.
    Argument,
}

/// What programs print around a value.
const WRAPPERS: [&[u8]; 8] = [b"Some", b"Ok", b"Just", b"Secret", b"Password", b"Token", b"SecretString", b"Right"];

/// `Some("x")`, `Secret(x)`: what a program prints around a value; or a call.
pub(super) fn wrapped(text: &[u8], start: usize, depth: u8) -> Option<Wrapped> {
    let ident =
        text[start..].iter().take(64).take_while(|&&byte| is(byte, ALNUM) || matches!(byte, b'_' | b':')).count();
    let open = start + ident;
    if ident == 0 || text.get(open) != Some(&b'(') {
        return None;
    }
    let inside = open + 1;
    if let Some(quote) = Quote::opens(text, inside) {
        let value = quote.inside..quote.closes(text);
        // `env("DB_PASSWORD", "x")` says the name again.
        let named = text[value.clone()].iter().all(|&byte| is(byte, UPPER) || byte == b'_' || byte == b'.')
            && is(text[start], LOWER);
        return Some(if named { Wrapped::Argument } else { Wrapped::Value(value) });
    }
    if !WRAPPERS.contains(&&text[start..open]) {
        return is(text[start], LOWER).then_some(Wrapped::Argument);
    }
    depth.checked_sub(1).and_then(|depth| wrapped(text, inside, depth)).or_else(|| {
        let end = (value::balanced(text, open) - 1).max(inside);
        Some(if done_at(text, inside).is_none() { Wrapped::Value(inside..end) } else { Wrapped::Argument })
    })
}
