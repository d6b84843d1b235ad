//! XML and HTML: an element goes by its name, and one that names a field goes with its value.

use std::ops::Range;

use memchr::memmem;

use super::{
    ahead::Needle,
    place::{is_space, skip_space},
    text::Text,
    value::{Quote, bare_end},
};
use crate::{
    chars::{ALNUM, ALPHA, is, is_at},
    edits::Why,
    name::{Kind, Meaning},
};

/// How long a tag is looked through.
const TAG: usize = 2048;

/// No element has a longer name; tokens in angle brackets do.
const NAME: usize = 64;

/// Attributes that name a field, and those that hold its value.
const NAMES: [&[u8]; 8] = [b"name", b"key", b"id", b"field", b"property", b"param", b"n", b"k"];
const VALUES: [&[u8]; 6] = [b"value", b"content", b"val", b"v", b"data-value", b"default"];

/// Elements that name a field whose value is in the next one.
const NAMING: [&[u8]; 5] = [b"key", b"name", b"Key", b"Name", b"n"];

struct Tag {
    name: Range<usize>,
    /// After its `>`.
    end: usize,
    empty: bool,
}

impl Text<'_, '_, '_> {
    /// The tag whose `<` stands at `at`.
    pub(super) fn markup(&mut self, at: usize) -> usize {
        let Some(tag) = self.tag(at) else { return at + 1 };
        let text = self.text;
        let name = local(&text[tag.name.clone()]);
        if name.len() > NAME {
            return at + 1;
        }
        if let Meaning::Secret(kind, strategy) = self.scan.meaning(name)
            && !tag.empty
            && kind != Kind::Random
            && let Some(content) = self.content(&tag)
            && !self.is_wrapper(&content)
        {
            return self.hide(content, kind, strategy).unwrap_or(tag.end);
        }
        if NAMING.contains(&name) && !tag.empty {
            let close = text[tag.end..].iter().position(|&byte| byte == b'<').map(|found| tag.end + found);
            if let Some(close) = close
                && let Meaning::Secret(kind, strategy) = self.scan.meaning(text[tag.end..close].trim_ascii())
                && let Some(after) = memchr::memchr(b'>', &text[close..text.len().min(close + TAG)])
                && let Some(next) = self.tag(skip_space(text, close + after + 1))
                && let Some(content) = self.content(&next)
            {
                return self.hide(content, kind, strategy).unwrap_or(tag.end);
            }
        }
        self.attributes(&tag).unwrap_or(at + 1)
    }

    /// `<input name="password" value="x">`, `<entry key="password">x</entry>`.
    fn attributes(&mut self, tag: &Tag) -> Option<usize> {
        let text = self.text;
        let mut found = None;
        let mut values: [Option<Range<usize>>; 2] = [None, None];
        let mut at = tag.name.end;
        while at < tag.end {
            at = skip_space(text, at);
            let start = at;
            while at < tag.end && (is(text[at], ALNUM) || matches!(text[at], b'-' | b'_' | b':' | b'.')) {
                at += 1;
            }
            let attribute = local(&text[start..at]);
            match text.get(at) {
                Some(b'=') if at > start => {}
                // Another tag, which has its own attributes.
                Some(b'<') => break,
                _ => {
                    at += 1;
                    continue;
                }
            }
            let Some(quote) = Quote::opens(text, at + 1) else { continue };
            let close = quote.closes(&text[..tag.end]);
            let value = quote.inside..close;
            at = close + 1;
            if NAMES.iter().any(|name| attribute.eq_ignore_ascii_case(name)) {
                if let Meaning::Secret(kind, strategy) = self.scan.meaning(&text[value]) {
                    found = Some((kind, strategy));
                }
            } else if VALUES.iter().any(|name| attribute.eq_ignore_ascii_case(name)) {
                *(if values[0].is_none() { &mut values[0] } else { &mut values[1] }) = Some(value);
            }
        }
        let (kind, strategy) = found?;
        let mut hidden = false;
        for value in values.into_iter().flatten() {
            hidden |= self.hide(value, kind, strategy).is_some();
        }
        if !hidden
            && !tag.empty
            && !is_void(&text[tag.name.clone()])
            && let Some(content) = self.content(tag)
        {
            return self.hide(content, kind, strategy);
        }
        hidden.then_some(tag.end)
    }

    /// Whether the element's parts say themselves what is secret, as those of a `UsernameToken` do.
    fn is_wrapper(&self, content: &Range<usize>) -> bool {
        let text = &self.text[..content.end];
        let mut at = skip_space(text, content.start);
        let first = text.get(at) == Some(&b'<');
        while first && let Some(found) = memchr::memchr(b'<', &text[at..]) {
            at += found + 1;
            let end = at
                + text[at..]
                    .iter()
                    .take_while(|&&byte| is(byte, ALNUM) || matches!(byte, b'-' | b'_' | b':' | b'.'))
                    .count();
            let tag = &text[end..text.len().min(end + TAG)];
            let attributes = &tag[..memchr::memchr(b'>', tag).unwrap_or(tag.len())];
            let key = memmem::find(attributes, b"key=")
                .or_else(|| memmem::find(attributes, b"name="))
                .map(|found| &attributes[found + 4..]);
            let named = key
                .map(<[u8]>::trim_ascii_start)
                .and_then(|key| key.split(|&byte| byte == b'"' || byte == b'\'').nth(1));
            let secret = |name: &[u8]| matches!(self.scan.meaning(name), Meaning::Secret(..));
            if (end > at && secret(local(&text[at..end]))) || named.is_some_and(secret) {
                return true;
            }
        }
        false
    }

    fn hide(&mut self, content: Range<usize>, kind: Kind, strategy: u16) -> Option<usize> {
        let text = self.text;
        let start = skip_space(text, content.start).min(content.end);
        let mut end = content.end;
        while end > start && is_space(text[end - 1]) {
            end -= 1;
        }
        if !kind.hides(&text[start..end]) {
            return None;
        }
        self.add(start..end, Why::Name(strategy));
        Some(end)
    }

    fn tag(&self, at: usize) -> Option<Tag> {
        let text = self.text;
        if text.get(at) != Some(&b'<') || !(is_at(text, at + 1, ALPHA) || text.get(at + 1) == Some(&b'_')) {
            return None;
        }
        let mut end = at + 1;
        while end < text.len()
            && (is(text[end], ALNUM) || matches!(text[end], b'-' | b'_' | b':' | b'.') || text[end] >= 0x80)
        {
            end += 1;
        }
        if !matches!(text.get(end), None | Some(b' ' | b'\t' | b'\n' | b'\r' | b'>' | b'/')) {
            return None;
        }
        let limit = text.len().min(end + TAG);
        let close = memchr::memchr(b'>', &text[end..limit]).map_or(limit, |found| end + found);
        let empty = close > end && text[close - 1] == b'/';
        Some(Tag { name: at + 1..end, end: (close + 1).min(text.len()), empty })
    }

    /// What stands between the tag and its end. Without an end, to the text's end if the text is markup, else there is none.
    fn content(&self, tag: &Tag) -> Option<Range<usize>> {
        let text = self.text;
        let name = &text[tag.name.clone()];
        let start = tag.end.min(text.len());
        let first = self.ahead.find(text, Needle::EndTag, start);
        let mut close = first;
        while close < text.len() {
            if text[close + 2..].starts_with(name) && !is_at(text, close + 2 + name.len(), ALNUM) {
                return Some(start..close);
            }
            // It was not closed, as not a few before it. What would have to be looked through for each of them does not leave.
            let Some(left) = self.end_tags.get().checked_sub(1) else { return Some(start..text.len()) };
            self.end_tags.set(left);
            close = memmem::find(&text[close + 2..], b"</").map_or(text.len(), |found| close + 2 + found);
        }
        if first < text.len() {
            return Some(start..first);
        }
        let markup = text.trim_ascii_start().first() == Some(&b'<') || self.scan.cut;
        if markup {
            return Some(start..text.len());
        }
        // `<password>` alone is a placeholder; with something right behind it, it was cut off.
        is_at(text, start, ALNUM).then(|| start..bare_end(text, start))
    }
}

/// Without its prefix.
fn local(name: &[u8]) -> &[u8] {
    memchr::memrchr(b':', name).map_or(name, |colon| &name[colon + 1..])
}

fn is_void(name: &[u8]) -> bool {
    [&b"input"[..], b"meta", b"br", b"img", b"link", b"hr", b"param", b"add"]
        .iter()
        .any(|void| name.eq_ignore_ascii_case(void))
}
