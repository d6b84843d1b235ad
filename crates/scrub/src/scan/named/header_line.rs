//! `Authorization: …`, `Cookie: …` and their like, whose value is the rest of the line.

use std::ops::Range;

use memchr::memmem;

use super::sign::Named;
use crate::{
    chars::{ALNUM, is},
    scan::{
        ahead::Needle,
        place::{near, skip_space},
        prose::{is_plain_word, is_status},
        text::Text,
        value::{Quote, bare_end, is_tokenish},
    },
};

/// Schemes whose credentials are pairs of names and values.
const PARAMETERS: [&[u8]; 6] = [b"digest", b"hawk", b"oauth", b"signature", b"mac", b"aws4-hmac-sha256"];

/// Schemes whose credentials are one word, whichever.
const SCHEMES: [&[u8]; 3] = [b"bearer", b"basic", b"token"];

impl Text<'_, '_, '_> {
    /// The cookies after `Cookie:` or `Set-Cookie:`, one by one. Their end.
    pub(super) fn cookie_line(&mut self, named: &Named, start: usize) -> Option<usize> {
        let text = self.text;
        if named.quoted || text[named.sign] != b':' {
            return None;
        }
        let name = text[named.name.clone()].to_ascii_lowercase();
        if !name.ends_with(b"cookie") {
            return None;
        }
        let first = start + near(text, start)[start..].iter().position(|byte| b"=; \n\r".contains(byte))?;
        if text[first] != b'=' || first == start {
            return None;
        }
        let mut end = self.ahead.find(text, Needle::Line, start);
        end = memmem::find(&text[start..end], b"\\n").map_or(end, |found| start + found);
        end = memmem::find(&text[start..end], b"\\r").map_or(end, |found| start + found);
        if let Some(quote) = self.quote_before(named) {
            end = memchr::memchr(quote, &text[start..end]).map_or(end, |found| start + found);
        }
        if first >= end {
            return None;
        }
        let line = &text[start..end];
        // A cookie can hold such a line itself.
        let scan = self.scan.inner()?;
        let mark = self.out.len();
        if name.ends_with(b"set-cookie") {
            scan.set_cookie(line, self.out);
        } else {
            scan.cookies(line, self.out);
        }
        self.out.shift(mark, start);
        self.floor = end;
        Some(end)
    }

    /// The value of `Authorization`, `Cookie` and their like: several words.
    pub(super) fn header_line(&self, named: &Named, start: usize) -> Option<Range<usize>> {
        let text = self.text;
        let first = bare_end(text, start);
        let scheme = &text[start..first];
        if is_plain_word(scheme) && is_status(scheme) && !scheme.eq_ignore_ascii_case(b"token") {
            return None;
        }
        let opened = self.quote_before(named);
        let parameters = PARAMETERS.iter().any(|name| scheme.eq_ignore_ascii_case(name));
        let line = self.ahead.find(text, Needle::Line, start);
        let end = match opened {
            Some(b'"') => match Quote::opens(text, first_slash(text, named.name.start - 1)) {
                Some(quote) => quote.closes_from(text, start).min(line),
                None => line,
            },
            None if parameters => line,
            Some(quote) => memchr::memchr(quote, &text[start..line]).map_or(line, |found| start + found),
            None => self.ahead.find(text, Needle::Quote, start).min(line),
        };
        let end = self.ahead.find(text, Needle::EscapedLine, start).min(end);
        // `Bearer $TOKEN` and its like stand for a value.
        let second = skip_space(text, first);
        if first < second && second < end && matches!(text[second], b'$' | b'{' | b'<' | b'%') {
            return None;
        }
        let whole = parameters || opened.is_some() || (text[named.sign] == b':' && self.begins_line(named));
        Some(start..if whole { end } else { self.credentials_end(start..first, second, end) })
    }

    /// Where credentials in the middle of a line end: their scheme or first word is `scheme`, the next begins at `second`, and
    /// the line ends at `end`.
    fn credentials_end(&self, scheme: Range<usize>, second: usize, end: usize) -> usize {
        let text = self.text;
        let first = &text[scheme.clone()];
        let is_name = first.len() <= 20 && first.iter().all(|&byte| is(byte, ALNUM) || byte == b'-');
        if is_name && scheme.end < second && second < end {
            let second_end = bare_end(text, second);
            let word = &text[second..second_end];
            if memchr::memchr(b'=', word).is_some_and(|equals| equals + 2 < word.len()) {
                return end;
            }
            let known = SCHEMES.iter().any(|name| first.eq_ignore_ascii_case(name));
            return if known || word.len() >= 16 || is_tokenish(word) { second_end } else { scheme.end };
        }
        // Several cookies.
        if first.ends_with(b";") || self.ahead.find(text, Needle::Semicolon, scheme.start) < end {
            end
        } else {
            scheme.end
        }
    }

    /// The quote that the name stands behind: its line is a string, `"Cookie: a=b"`.
    fn quote_before(&self, named: &Named) -> Option<u8> {
        let before = self.text[named.name.start.checked_sub(1)?];
        matches!(before, b'"' | b'\'' | b'`').then_some(before)
    }
}

/// The first of the backslashes before the quote at `quote`.
fn first_slash(text: &[u8], quote: usize) -> usize {
    quote - text[..quote].iter().rev().take(16).take_while(|&&byte| byte == b'\\').count()
}
