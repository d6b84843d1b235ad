//! `scheme://user:password@host`.

use std::ops::Range;

use crate::{
    Shape,
    chars::{ALNUM, DIGIT, WORD, is, is_at, run_start},
    edits::Why,
    scan::{ahead::Needle, done::is_done, text::Text, value::is_tokenish},
};

/// How long an authority is looked through.
const AUTHORITY: usize = 1024;

impl Text<'_, '_, '_> {
    /// The URL whose `://` stands at `at`. Where to go on.
    pub(in crate::scan) fn url(&mut self, at: usize) -> usize {
        let text = self.text;
        let start = at + 3;
        let limit = text.len().min(start + AUTHORITY);
        let whole = self.ahead.find(text, Needle::EndOfUrl, start).min(limit);
        let authority = text[start..whole]
            .iter()
            .position(|byte| matches!(byte, b'/' | b'?' | b'#' | b';'))
            .map_or(whole, |found| start + found);
        let mut userinfo = memchr::memrchr(b'@', &text[start..authority]).map(|found| start + found);
        if userinfo.is_none()
            && let Some(colon) = password_colon(text, start..authority)
        {
            // A password that should have been encoded, and was not.
            userinfo = memchr::memrchr(b'@', &text[start..whole]).map(|found| start + found);
            let unfinished = userinfo.is_none() && whole == text.len() && authority == whole;
            if unfinished
                && (self.scan.cut || is_tokenish(&text[colon + 1..whole]) || !self.is_web(at))
                && self.scan.rules.takes(Shape::Credentials)
            {
                self.add(start..whole, Why::Shape(Shape::Credentials));
                return whole;
            }
        }
        let Some(end) = userinfo else { return self.hook(start..authority, whole).unwrap_or(start) };
        let written = &text[start..end];
        let says_nothing = written.is_empty() || written == b"git" || is_done(written) || is_template(written);
        if says_nothing || !self.scan.rules.takes(Shape::Credentials) {
            return start;
        }
        self.add(start..end, Why::Shape(Shape::Credentials));
        end + 1
    }

    /// Whether the scheme that ends at `end` is one that is open to all: other URLs are more often those of databases.
    fn is_web(&self, end: usize) -> bool {
        let scheme = &self.text[run_start(self.text, end, end.saturating_sub(24).max(self.floor), ALNUM)..end];
        [&b"http"[..], b"https", b"ws", b"wss"].iter().any(|web| scheme.eq_ignore_ascii_case(web))
    }
}

/// The colon in an authority, if what follows it is no port.
fn password_colon(text: &[u8], authority: Range<usize>) -> Option<usize> {
    let colon = authority.start + memchr::memchr(b':', &text[authority.clone()])?;
    let port = text[colon + 1..authority.end].iter().all(|&byte| is(byte, DIGIT));
    (!port).then_some(colon)
}

/// `$USER:$PASSWORD`, in a text that explains.
fn is_template(userinfo: &[u8]) -> bool {
    userinfo.starts_with(b"$")
        && is_at(userinfo, 1, WORD)
        && userinfo.iter().all(|&byte| is(byte, WORD) || matches!(byte, b'$' | b':'))
}
