use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;

use super::secrets::Planted;

/// Looks for all planted values at once, in all the ways in which they may be written.
pub(crate) struct Search {
    needles: AhoCorasick,
    /// By needle: of which secret, and how it is written.
    of: Vec<(usize, &'static str)>,
}

/// Shorter ones may be there by chance.
const LEAST: usize = 9;

impl Search {
    pub(crate) fn new(planted: &[Planted]) -> Self {
        let (mut texts, mut of) = (Vec::new(), Vec::new());
        for (index, Planted { value, .. }) in planted.iter().enumerate() {
            let json = serde_json::Value::from(value.as_str()).to_string();
            let percent = percent(value);
            let base64 = base64(value.as_bytes());
            let mut add = |how, text: &str| {
                if text.len() >= LEAST {
                    texts.push(text.to_owned());
                    of.push((index, how));
                }
            };
            add("as it is", value);
            add("in JSON", json.trim_matches('"'));
            add("percent-encoded", &percent);
            add("in base64", base64.trim_end_matches('='));
            add("in base64 for URLs", &base64.trim_end_matches('=').replace('+', "-").replace('/', "_"));
            // The other two that come of it where something stands before it: without what depends on that, and on what follows.
            for before in 1..3 {
                let shifted = super::search::base64(&[&b"  "[..before], value.as_bytes()].concat());
                let shifted = shifted.trim_end_matches('=');
                add("within base64", &shifted[(before * 8).div_ceil(6)..shifted.len() - 1]);
            }
            for part in value.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| is_unique(part)) {
                add("in part", part);
                if part.len() >= 24 {
                    let middle = part.len() / 2;
                    add("in part", &part[middle - 6..middle + 6]);
                    add("in part", &part[part.len() - 12..]);
                }
            }
        }
        let needles = AhoCorasick::builder().ascii_case_insensitive(true).build(texts);
        Self { needles: needles.expect("they are few enough"), of }
    }

    /// Which are there, by their number, and how.
    pub(crate) fn find(&self, text: &[u8]) -> BTreeSet<(usize, &'static str)> {
        let found = self.needles.find_overlapping_iter(text);
        found.map(|found| self.of[found.pattern().as_usize()]).collect()
    }

    /// What surrounds the first place where a secret is.
    pub(crate) fn excerpt(&self, text: &[u8], secret: usize) -> String {
        const AROUND: usize = 120;
        let found =
            self.needles.find_overlapping_iter(text).find(|found| self.of[found.pattern().as_usize()].0 == secret);
        let Some(found) = found else { return String::new() };
        let (start, end) = (found.start().saturating_sub(AROUND), (found.end() + AROUND).min(text.len()));
        String::from_utf8_lossy(&text[start..end]).into_owned()
    }
}

/// Not the head of every JWT, and not a word.
fn is_unique(part: &str) -> bool {
    part.len() >= LEAST && !part.starts_with("eyJhbGci") && part.bytes().any(|byte| byte.is_ascii_digit())
}

/// All but what needs it nowhere.
pub(crate) fn percent(text: &str) -> String {
    let encode = |byte: u8| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    text.bytes().map(encode).collect()
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let three = |chunk: &[u8]| {
        let bits = chunk.iter().chain([&0; 3]).take(3).fold(0, |bits, &byte| bits << 8 | usize::from(byte));
        let char = |at: usize| if at > chunk.len() { '=' } else { char::from(ALPHABET[bits >> (18 - 6 * at) & 63]) };
        (0..4).map(char).collect::<String>()
    };
    bytes.chunks(3).map(three).collect()
}
