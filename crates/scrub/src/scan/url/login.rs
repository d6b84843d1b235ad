//! User names and passwords that stand without a URL.

use std::sync::LazyLock;

use crate::{
    Shape,
    chars::{ALNUM, DIGIT, WORD, is, run_start},
    edits::Why,
    scan::{done::done_at, place::is_space, text::Text, value::bare_end},
    shape::email,
    word_set::WordSet,
};

/// How far back their beginning is looked for.
const USERINFO: usize = 160;

/// Options that take them.
const OPTIONS: [&[u8]; 7] = [b" -u ", b" -u", b" --user ", b" --user=", b" --proxy-user ", b" -U ", b" -a "];

/// What stands with a colon before an address, and is no user.
static LABELS: LazyLock<WordSet> = LazyLock::new(|| {
    WordSet::of("acct author bcc cc contact e-mail email from login mail mailto npm owner sip to user username xmpp")
});

impl Text<'_, '_, '_> {
    /// `user:password@host` without a scheme, where it cannot be an e-mail address. The `@` stands at `at`.
    pub(in crate::scan) fn bare_userinfo(&mut self, at: usize) -> Option<usize> {
        let text = self.text;
        if !self.scan.rules.takes(Shape::Credentials) {
            return None;
        }
        let least = at.saturating_sub(USERINFO).max(self.floor);
        memchr::memchr(b':', &text[least..at])?;
        let mut start = at;
        while start > least && is_userinfo(text[start - 1]) {
            start -= 1;
        }
        // What was replaced by a hash: `[credentials:…]`.
        if start.checked_sub(1).is_some_and(|open| done_at(text, open).is_some()) {
            return None;
        }
        if let Some(equals) = memchr::memrchr(b'=', &text[start..at])
            .filter(|&found| memchr::memchr(b':', &text[start + found..at]).is_some())
        {
            start += equals + 1;
        }
        let colon = start + memchr::memchr(b':', &text[start..at])?;
        let user = &text[start..colon];
        let named = !user.is_empty() && user.iter().all(|&byte| is(byte, WORD) || byte == b'.' || byte == b'$');
        if !named || colon + 1 == at || LABELS.has_in_any_case(user) {
            return None;
        }
        let host = &text[at + 1..text.len().min(at + 80)];
        let name = host.iter().take_while(|&&byte| is(byte, ALNUM) || matches!(byte, b'.' | b'-' | b'_')).count();
        let (name, after) = host.split_at(name);
        // Where the address of a person could stand, something must say that this is a server's.
        let is_address = email::around(text, at, self.floor, false).is_some_and(|found| found.start == colon + 1);
        let is_served = matches!(after.first(), Some(b':' | b'/')) || !name.contains(&b'.');
        if !is_host(host, name) || (is_address && !is_served) {
            return None;
        }
        self.add(start..at, Why::Shape(Shape::Credentials));
        Some(at + 1)
    }

    /// Oracle's `user/password@//host`. The `@` stands at `at`.
    pub(in crate::scan) fn thin_login(&mut self, at: usize) -> Option<usize> {
        let text = self.text;
        if !text[at..].starts_with(b"@//") || !self.scan.rules.takes(Shape::Credentials) {
            return None;
        }
        let least = at.saturating_sub(USERINFO).max(self.floor);
        let start = least
            + text[least..at]
                .iter()
                .rposition(|&byte| is_space(byte) || matches!(byte, b':' | b'"' | b'\'' | b'='))
                .map_or(0, |found| found + 1);
        memchr::memchr(b'/', &text[start..at])?;
        // What was replaced before.
        if memchr::memchr_iter(b'[', &text[start..at]).any(|open| done_at(text, start + open) == Some(at)) {
            return None;
        }
        self.add(start..at, Why::Shape(Shape::Credentials));
        Some(at + 1)
    }

    /// `-u user:password`, as curl and others take it. `at` is the colon.
    pub(in crate::scan) fn user_option(&mut self, at: usize) -> Option<usize> {
        let text = self.text;
        let least = at.saturating_sub(64).max(self.floor);
        let start = run_start(text, at, least, WORD);
        if start == at || start < 3 || !matches!(text[start - 1], b' ' | b'"' | b'\'' | b'=') {
            return None;
        }
        let head = &text[..start];
        let head = head.strip_suffix(b"\"").or_else(|| head.strip_suffix(b"'")).unwrap_or(head);
        if !OPTIONS.iter().any(|option| head.ends_with(option)) || !self.scan.rules.takes(Shape::Credentials) {
            return None;
        }
        let end = bare_end(text, at + 1);
        if end == at + 1 {
            return None;
        }
        self.add(at + 1..end, Why::Shape(Shape::Credentials));
        Some(end)
    }
}

fn is_userinfo(byte: u8) -> bool {
    !is_space(byte)
        && !matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'`' | b'/' | b'(' | b',' | b';' | b'{' | b'[' | b'|')
}

/// Whether a host stands here, and no digest or version: `image:tag@sha256:…`, `npm:package@1.2`.
fn is_host(host: &[u8], name: &[u8]) -> bool {
    if host.starts_with(b"tcp(") || host.starts_with(b"unix(") || host.first() == Some(&b'[') {
        return true;
    }
    let version =
        name.iter().all(|&byte| is(byte, DIGIT) || byte == b'.') && memchr::memchr_iter(b'.', name).count() < 3;
    !name.is_empty() && !name.starts_with(b"sha") && !version
}
