use std::borrow::Cow;

use sentry::protocol::Map;
use tower_telemetry_core::UserPolicy;
use tower_telemetry_scrub::Scrubber;

use super::{Attachments, Boundary};
use crate::path;

/// Goes over what is to be sent and changes it in place, where the rules find something. What they do not touch is not copied.
pub(crate) struct Walk<'a> {
    pub(super) scrubber: &'a Scrubber,
    pub(super) policy: &'a UserPolicy,
    pub(super) attachments: Attachments,
}

impl<'a> Walk<'a> {
    pub(super) fn new(boundary: &'a Boundary) -> Self {
        Self { scrubber: &boundary.scrubber, policy: &boundary.users, attachments: boundary.attachments }
    }

    /// Free text.
    pub(crate) fn text(&self, text: &mut String) {
        // The SDK has such ones where nothing was said.
        if text.is_empty() {
            return;
        }
        if let Some(scrubbed) = changed(text, self.scrubber.text(text)) {
            *text = scrubbed;
        }
    }

    pub(super) fn text_opt(&self, text: &mut Option<String>) {
        if let Some(text) = text {
            self.text(text);
        }
    }

    pub(super) fn texts(&self, texts: &mut [String]) {
        for text in texts {
            self.text(text);
        }
    }

    pub(super) fn text_cow(&self, text: &mut Cow<'_, str>) {
        if let Some(scrubbed) = changed(text, self.scrubber.text(text)) {
            *text = scrubbed.into();
        }
    }

    /// A host's name. One that is but words is nothing else.
    pub(super) fn host(&self, host: &mut Cow<'_, str>) {
        if self.scrubber.has_patterns() || !is_plain_host(host) {
            self.text_cow(host);
        }
    }

    /// The version of something: `120.0.0.0` is no address here.
    pub(super) fn version(&self, version: &mut Option<String>) {
        if version.as_ref().is_some_and(|version| version.bytes().any(|byte| !byte.is_ascii_digit() && byte != b'.')) {
            self.text_opt(version);
        }
    }

    /// Text under a name.
    pub(crate) fn named(&self, name: &str, text: &mut String) {
        if let Some(scrubbed) = changed(text, self.scrubber.value(name, text)) {
            *text = scrubbed;
        }
    }

    /// Texts by name. A name can be somebody's address, so it is looked at as well.
    pub(super) fn names(&self, map: &mut Map<String, String>) {
        for (name, text) in map.iter_mut() {
            self.named(name, text);
        }
        self.keys(map);
    }

    /// The headers of a request or a response.
    pub(super) fn headers(&self, headers: &mut Map<String, String>) {
        for (name, value) in headers.iter_mut() {
            self.header(name, value);
        }
        self.keys(headers);
    }

    pub(super) fn header(&self, name: &str, value: &mut String) {
        let after = self.scrubber.header(name, value.as_bytes());
        if !std::ptr::eq(&raw const *after, value.as_bytes()) {
            *value = String::from_utf8_lossy(&after).into_owned();
        }
    }

    /// Names that are found to be more than that are changed. Where two become one, the last one's value stays.
    pub(super) fn keys<V>(&self, map: &mut Map<String, V>) {
        if map.keys().any(|name| self.new_key(name).is_some()) {
            let entries = std::mem::take(map).into_iter();
            *map = entries.map(|(name, value)| (self.new_key(&name).unwrap_or(name), value)).collect();
        }
    }

    pub(super) fn new_key(&self, name: &str) -> Option<String> {
        let is_plain = (is_words(name) || is_number(name)) && !self.scrubber.has_patterns();
        if is_plain { None } else { changed(name, self.scrubber.text(name)) }
    }
}

/// Whether it is words with dots between them, as most names are: nobody's address, and no token.
fn is_words(name: &str) -> bool {
    name.len() <= LONGEST_WORDS && name.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'.' | b'_'))
}

/// Whether it is a number that is too short for a card's.
fn is_number(name: &str) -> bool {
    name.len() <= path::SHORT && name.bytes().all(|byte| byte.is_ascii_digit())
}

/// Longer ones, in bytes, may be a token of letters alone.
const LONGEST_WORDS: usize = 30;

/// What has come of a text, if it is not the same. What takes its place need not be owned.
pub(super) fn changed(before: &str, after: Cow<'_, str>) -> Option<String> {
    match after {
        Cow::Owned(after) => Some(after),
        Cow::Borrowed(after) => (!std::ptr::eq(after, before)).then(|| after.to_owned()),
    }
}

/// Whether a host's name has nothing in it that looks random.
pub(super) fn is_plain_host(host: &str) -> bool {
    const LONGEST: usize = 64;
    let is_label = |label: &str| {
        let word = label.trim_end_matches(|c: char| c.is_ascii_digit());
        label.len() - word.len() <= 3 && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
    };
    host.len() <= LONGEST && host.contains(|c: char| c.is_ascii_lowercase()) && host.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use tower_telemetry_scrub::Scrub;

    use super::*;

    #[test]
    fn what_is_plain_has_nothing_in_it() {
        let scrubber = Scrub::strict().build().expect("the rules can be compiled");
        for name in ["user.id", "password", "api_key.secret", "bearer", "token.", "0", "42", "078051120", "41111111111"]
        {
            assert!(is_words(name) || is_number(name), "{name}");
            assert_eq!(scrubber.text(name), name);
        }
        for name in
            ["ada@example.com", "10.0.0.1", "4111111111111111", "a1b2c3", "abcdefghijklmnopqrstuvwxyzabcde", "a=b"]
        {
            assert!(!is_words(name) && !is_number(name), "{name}");
        }
    }
}
