//! Multipart bodies (RFC 7578), nested ones too.

use std::ops::Range;

use memchr::memmem;

use super::{Hint, Scan, place::line_end};
use crate::{
    edits::{Edits, Why},
    name::Meaning,
};

/// How long a boundary's line may be (RFC 2046, 5.1.1), and some more.
const BOUNDARY: usize = 120;

/// How far a part's head is looked for.
const HEAD: usize = 4096;

/// Whether the text begins with a boundary and a part's head.
pub(super) fn is_multipart(text: &[u8]) -> bool {
    let line = line_end(text, 0);
    let head = &text[line..text.len().min(line + HEAD)];
    text.starts_with(b"--")
        && line > 2
        && line <= BOUNDARY
        && !text.starts_with(b"-----BEGIN")
        && find(head, b"content-").is_some()
}

/// Where the first boundary stands, by the content type's parameter.
pub(crate) fn first_boundary(text: &[u8], content_type: &[u8]) -> Option<usize> {
    let at = find(content_type, b"boundary=")? + 9;
    let rest = &content_type[at..];
    let boundary = match rest.strip_prefix(b"\"") {
        Some(quoted) => &quoted[..memchr::memchr(b'"', quoted)?],
        None => &rest[..rest.iter().position(|byte| b"; \t".contains(byte)).unwrap_or(rest.len())],
    };
    let line = [b"--", boundary].concat();
    if boundary.is_empty() { None } else { memmem::find(text, &line) }
}

impl Scan<'_> {
    /// Reads a multipart body that begins at `from`. Its boundary is its first line, whatever the content type says.
    pub(crate) fn multipart(&self, text: &[u8], from: usize, out: &mut Edits) {
        // A part can be multipart itself: too deep in, it is text.
        let Some(scan) = self.inner() else {
            self.part(text, from..text.len(), super::Hint::None, out);
            return;
        };
        let boundary = &text[from..line_end(text, from)];
        let finder = memmem::Finder::new(boundary);
        let mut part = from + boundary.len();
        while part < text.len() {
            let next = finder.find(&text[part..]).map_or(text.len(), |found| part + found);
            scan.part_of_body(text, part..next, out);
            part = next + boundary.len();
        }
    }

    fn part_of_body(&self, text: &[u8], part: Range<usize>, out: &mut Edits) {
        let bytes = &text[part.clone()];
        let gap = memmem::find(bytes, b"\r\n\r\n")
            .map(|at| (at, 4))
            .or_else(|| memmem::find(bytes, b"\n\n").map(|at| (at, 2)));
        let Some((head_end, gap)) = gap else {
            self.part(text, part, Hint::None, out);
            return;
        };
        let head = &bytes[..head_end];
        let mut end = part.end;
        for newline in [b'\n', b'\r'] {
            if end > part.start + head_end + gap && text[end - 1] == newline {
                end -= 1;
            }
        }
        let content = part.start + head_end + gap..end;
        self.part(text, part.start..part.start + head_end, Hint::None, out);
        if let Some(name) = parameter(head, b"name")
            && let Meaning::Secret(kind, strategy) = self.meaning(name)
        {
            if kind.hides(&text[content.clone()]) {
                out.add(content, Why::Name(strategy));
            }
            return;
        }
        if std::str::from_utf8(&text[content.clone()]).is_ok_and(|text| !text.contains('\0'))
            || (end == text.len() && self.cut)
        {
            let mark = out.len();
            Scan { cut: self.cut && end == text.len(), ..*self }.any(&text[content.clone()], out);
            out.shift(mark, content.start);
        } else {
            let kind = line_value(head, b"content-type:").unwrap_or("binary");
            out.add(content.clone(), Why::Described(format!("[{kind}, {} bytes]", content.len()).into()));
        }
    }
}

/// The parameter of the part's disposition: `name="…"`, or without quotes.
fn parameter<'t>(head: &'t [u8], name: &[u8]) -> Option<&'t [u8]> {
    let mut at = find(head, b"content-disposition")?;
    loop {
        at += find(&head[at..], name)?;
        let bounded = at > 0 && matches!(head[at - 1], b' ' | b';' | b'\t');
        at += name.len();
        let rest = head[at..].strip_prefix(b"*").unwrap_or(&head[at..]).trim_ascii_start();
        if let Some(value) = rest.strip_prefix(b"=").filter(|_| bounded) {
            let value = value.trim_ascii_start();
            return Some(match value.strip_prefix(b"\"") {
                Some(quoted) => &quoted[..memchr::memchr(b'"', quoted).unwrap_or(quoted.len())],
                None => &value[..value.iter().position(|byte| b"; \r\n".contains(byte)).unwrap_or(value.len())],
            });
        }
    }
}

/// The media type in a head's line, as far as it is one.
fn line_value<'t>(head: &'t [u8], name: &[u8]) -> Option<&'t str> {
    let at = find(head, name)? + name.len();
    let line = head[at..line_end(head, at)].trim_ascii();
    let plain = line.iter().take_while(|&&byte| byte.is_ascii_alphanumeric() || b"/+-.".contains(&byte)).count();
    std::str::from_utf8(&line[..plain.min(60)]).ok().filter(|kind| !kind.is_empty())
}

/// Finds what is written in small letters, in any case.
fn find(text: &[u8], lower: &[u8]) -> Option<usize> {
    text.windows(lower.len()).position(|window| window.eq_ignore_ascii_case(lower))
}
