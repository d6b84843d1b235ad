use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use regex::bytes::Regex;
use sha2::Sha256;

use crate::{HashKey, Pii, Shape, Strategy, edits::Why, name::Names};

/// What a [`Scrub`](crate::Scrub) was compiled to.
#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) names: Names,
    /// Those of the rules by name; the first is that of the standard's.
    pub(crate) strategies: Vec<Strategy>,
    /// By [`Shape`].
    pub(crate) shapes: [Strategy; Shape::COUNT],
    pub(crate) patterns: Vec<(Regex, Strategy)>,
    pub(crate) pii: Pii,
}

/// What takes a value's place by its name.
pub(crate) const FILTERED: &str = "[Filtered]";

impl Rules {
    /// Whether what has this shape goes.
    pub(crate) fn takes(&self, shape: Shape) -> bool {
        self.shapes[shape as usize] != Strategy::Keep
    }

    /// Whether the address of this length that the text begins with was cut to its network before.
    pub(crate) fn is_cut(&self, text: &[u8], length: usize) -> bool {
        self.shapes[Shape::Ip as usize] == Strategy::Network
            && text.get(length) == Some(&b'/')
            && crate::shape::ip::network(&text[..length]).is_some_and(|network| text.starts_with(network.as_bytes()))
    }

    /// Writes what takes the place of `value`.
    pub(crate) fn replace(&self, why: &Why, value: &[u8], out: &mut Vec<u8>) {
        let (strategy, word) = match why {
            Why::Name(index) => (&self.strategies[usize::from(*index)], FILTERED),
            Why::Shape(shape) => (&self.shapes[*shape as usize], shape.word()),
            Why::Pattern(index) => (&self.patterns[usize::from(*index)].1, FILTERED),
            Why::Described(word) => (&Strategy::Replace, &**word),
        };
        match strategy {
            Strategy::Replace => out.extend_from_slice(word.as_bytes()),
            Strategy::Keep => out.extend_from_slice(value),
            Strategy::ReplaceWith(text) => out.extend_from_slice(text.as_bytes()),
            Strategy::Remove => {}
            Strategy::KeepLast(shown) => mask(value, *shown, out),
            Strategy::Hash(key) => out.extend_from_slice(hashed(word, value, key).as_bytes()),
            Strategy::Network => match crate::shape::ip::network(value) {
                Some(network) => out.extend_from_slice(network.as_bytes()),
                None => out.extend_from_slice(word.as_bytes()),
            },
        }
    }
}

/// Never more than a third is shown: the end of something short is most of it.
fn mask(value: &[u8], shown: usize, out: &mut Vec<u8>) {
    let text = String::from_utf8_lossy(value);
    let length = text.chars().count();
    let hidden = length - shown.min(length / 3);
    out.extend(std::iter::repeat_n(b'*', hidden));
    let mut buffer = [0; 4];
    for c in text.chars().skip(hidden) {
        // What could end a string or a field must not get out of a value.
        let c = if c.is_alphanumeric() { c } else { '*' };
        out.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
    }
}

/// `[email:0123456789abcdef]`. 64 bits tell a service's users apart.
fn hashed(word: &str, value: &[u8], key: &HashKey) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.bytes()).expect("HMAC takes keys of any length");
    mac.update(value);
    let mut text = word.trim_end_matches(']').to_owned();
    text.push(':');
    for byte in &mac.finalize().into_bytes()[..8] {
        write!(text, "{byte:02x}").expect("a String takes everything");
    }
    text.push(']');
    text
}
