//! What a colon or an `@` can be part of.

use std::ops::Range;

use super::Text;
use crate::{
    Shape,
    chars::{ALPHA, DIGIT, HEX, is, is_at, run_start},
    shape::{email, ip},
};

impl Text<'_, '_, '_> {
    pub(super) fn colon(&mut self, at: usize) -> usize {
        if self.text[at..].starts_with(b"://") {
            return self.url(at);
        }
        if self.is_time(at) {
            return at + 1;
        }
        if let Some(range) = self.ipv6(at) {
            return self.add_shape(range, Shape::Ip);
        }
        self.user_option(at).unwrap_or_else(|| self.named(at))
    }

    pub(super) fn at_sign(&mut self, at: usize) -> usize {
        if let Some(end) = self.thin_login(at).or_else(|| self.bare_userinfo(at)) {
            return end;
        }
        match email::around(self.text, at, self.floor, self.scan.cut) {
            Some(range) => self.add_shape(range, Shape::Email),
            None => at + 1,
        }
    }

    /// Whether this is the colon of a time: digits on both sides, two or less before it, and no name.
    fn is_time(&self, at: usize) -> bool {
        let text = self.text;
        if at <= self.floor || !is(text[at - 1], DIGIT) || !is_at(text, at + 1, DIGIT) {
            return false;
        }
        let start = run_start(text, at, at.saturating_sub(4).max(self.floor), DIGIT);
        at - start <= 2 && (start == 0 || !is(text[start - 1], ALPHA) || text[start - 1] == b'T')
    }

    fn ipv6(&mut self, at: usize) -> Option<Range<usize>> {
        let near = |byte: u8| is(byte, HEX) || byte == b':';
        let &next = self.text.get(at + 1)?;
        let before = at > self.floor && near(self.text[at - 1]);
        if at < self.v6 || !near(next) || !(before || next == b':') || !self.scan.rules.takes(Shape::Ip) {
            return None;
        }
        ip::v6(self.text, at, self.floor).map_err(|end| self.v6 = end).ok()
    }
}
