#![expect(clippy::redundant_closure_for_method_calls, reason = "a method's path stands for one lifetime, not for any")]

use std::{
    borrow::Cow,
    fmt,
    sync::{Arc, LazyLock},
};

use crate::{
    Body, Described, Pii, Scrub, Strategy,
    edits::{Edits, Why},
    name::{Kind, Meaning},
    rules::{FILTERED, Rules},
    scan::{Hint, Scan, form, multipart},
};

/// Takes out what its [rules](crate::Scrub) say. Default: those of [`Scrub::standard`].
///
/// Which method to take depends on what the text is known to be: [`text`](Self::text) for what may be anything,
/// [`value`](Self::value) if it has a name, and the others for the part of a request that they are called after. Each answer is
/// borrowed if nothing was replaced, and none fails. A clone costs an atomic increment.
///
/// ```
/// use tower_telemetry_scrub::Scrubber;
///
/// let scrubber = Scrubber::default();
/// assert_eq!(scrubber.value("x-api-key", "abc"), "[Filtered]");
/// assert_eq!(scrubber.header("cookie", b"theme=dark; session=c2Vzc2lvbg"), &b"theme=dark; session=[Filtered]"[..]);
/// ```
#[derive(Clone)]
pub struct Scrubber {
    pub(crate) rules: Arc<Rules>,
}

/// How often a text is read again after something was replaced in it.
const AGAIN: usize = 3;

impl Default for Scrubber {
    /// That of the [standard](Scrub::standard) rules, which is compiled once in a process.
    fn default() -> Self {
        static STANDARD: LazyLock<Scrubber> =
            LazyLock::new(|| Scrub::standard().build().expect("the standard's rules can be compiled"));
        STANDARD.clone()
    }
}

impl Scrubber {
    /// Whether personal data may leave by these rules.
    pub fn pii(&self) -> Pii {
        self.rules.pii
    }

    /// Whether there are [patterns](crate::Scrub::pattern) of one's own, which may match what looks like nothing.
    pub fn has_patterns(&self) -> bool {
        !self.rules.patterns.is_empty()
    }

    /// Text of any kind, a message say: whatever has a shape, and values after sensitive names (`password=…`, `token: …`), also
    /// in URLs, JSON and the other formats in it. Borrowed if nothing was found.
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.read(text, false, |scan, text, out| scan.any(text, out))
    }

    /// As [`text`](Self::text), of bytes that need not be UTF-8.
    pub fn bytes<'a>(&self, bytes: &'a [u8]) -> Cow<'a, [u8]> {
        self.read_bytes(bytes, false, |scan, text, out| scan.any(text, out))
    }

    /// A value with a name: all of it goes if the name is sensitive, else what is found in it.
    pub fn value<'a>(&self, name: &str, value: &'a str) -> Cow<'a, str> {
        self.read(value, false, |scan, text, out| scan.value(name.as_bytes(), text, out))
    }

    /// A header's value. Of cookies the names stay, of a `Set-Cookie` the attributes too.
    pub fn header<'a>(&self, name: &str, value: &'a [u8]) -> Cow<'a, [u8]> {
        self.read_bytes(value, false, |scan, text, out| match name {
            _ if name.eq_ignore_ascii_case("cookie") => scan.cookies(text, out),
            _ if name.eq_ignore_ascii_case("set-cookie") => scan.set_cookie(text, out),
            _ => scan.value(name.as_bytes(), text, out),
        })
    }

    /// A query string or form, with or without its `?`. Names and values are read as they are decoded, and stay encoded.
    pub fn query<'a>(&self, query: &'a str) -> Cow<'a, str> {
        self.read(query, false, |scan, text, out| scan.query(text, out))
    }

    /// A URL, or the path and query of one: the path as text, the query and the fragment by their pairs.
    pub fn url<'a>(&self, url: &'a str) -> Cow<'a, str> {
        self.read(url, false, |scan, text, out| scan.url(text, out))
    }

    /// A captured body, in the format that it says or turns out to be. What cannot be shown is described. Bytes that are no UTF-8
    /// become `U+FFFD`.
    pub fn body<'a>(&self, body: &Body<'a>) -> Described<'a> {
        if let Some(kind) = body.kind() {
            return Described::Kind(kind);
        }
        let is_form = body.says_form();
        let read = |scan: &Scan<'_>, text: &[u8], out: &mut Edits| match body
            .content_type
            .and_then(|kind| multipart::first_boundary(text, kind))
        {
            Some(at) => {
                scan.text_until(text, at, out);
                scan.multipart(text, at, out);
            }
            None if is_form && form::begins(text) => scan.form(text, 0..text.len(), out),
            None => scan.any(text, out),
        };
        Described::Text(match String::from_utf8_lossy(body.bytes) {
            Cow::Borrowed(text) => self.read(text, body.cut, read),
            Cow::Owned(text) => Cow::Owned(self.read(&text, body.cut, read).into_owned()),
        })
    }

    /// What stands for a value of any type under this name, if the name is sensitive: `[Filtered]`, unless a rule says otherwise.
    pub fn hides(&self, name: &str) -> Option<Cow<'_, str>> {
        let Meaning::Secret(kind, strategy) = Scan::new(&self.rules, false).known_meaning(name.as_bytes()) else {
            return None;
        };
        if kind == Kind::Random {
            return None;
        }
        match &self.rules.strategies[usize::from(strategy)] {
            Strategy::Keep => None,
            Strategy::Remove => Some(Cow::Borrowed("")),
            Strategy::ReplaceWith(text) => Some(Cow::Borrowed(text)),
            _ => Some(Cow::Borrowed(FILTERED)),
        }
    }

    fn read<'a>(&self, text: &'a str, cut: bool, read: impl Fn(&Scan<'_>, &[u8], &mut Edits)) -> Cow<'a, str> {
        match self.read_bytes(text.as_bytes(), cut, read) {
            Cow::Borrowed(_) => Cow::Borrowed(text),
            Cow::Owned(bytes) => Cow::Owned(to_string(bytes)),
        }
    }

    fn read_bytes<'a>(&self, text: &'a [u8], cut: bool, read: impl Fn(&Scan<'_>, &[u8], &mut Edits)) -> Cow<'a, [u8]> {
        let mut out = Edits::default();
        read(&Scan::new(&self.rules, cut), text, &mut out);
        let json = out.json;
        let mut text = out.apply(text, &self.rules);
        // What was replaced can bring something to light, as a name that stood in a key. JSON's strings say nothing of each
        // other, and are most of what is long.
        for _ in 0..if json { 0 } else { AGAIN } {
            let Cow::Owned(scrubbed) = &text else { break };
            let mut out = Edits::default();
            read(&Scan::again(&self.rules, cut), scrubbed, &mut out);
            match out.apply(scrubbed, &self.rules) {
                Cow::Borrowed(_) => break,
                Cow::Owned(more) => text = Cow::Owned(more),
            }
        }
        text
    }
}

impl Scan<'_> {
    fn value(&self, name: &[u8], text: &[u8], out: &mut Edits) {
        match self.known_meaning(name) {
            Meaning::Secret(kind, strategy) if kind.hides(text) => out.add(0..text.len(), Why::Name(strategy)),
            Meaning::Digest => self.text(text, Hint::Digest, out),
            Meaning::Version => self.text(text, Hint::Version, out),
            _ => self.any(text, out),
        }
    }

    fn query(&self, text: &[u8], out: &mut Edits) {
        let start = usize::from(text.starts_with(b"?"));
        self.form(text, start..text.len(), out);
    }

    /// The query by its pairs, the fragment as a query, and all before them as text.
    fn url(&self, text: &[u8], out: &mut Edits) {
        let query = memchr::memchr2(b'?', b'#', text).unwrap_or(text.len());
        self.text_until(text, query, out);
        let mut start = query + 1;
        while start < text.len() {
            let end = memchr::memchr(b'#', &text[start..]).map_or(text.len(), |found| start + found);
            self.form(text, start..end, out);
            start = end + 1;
        }
    }
}

// Replacements are ASCII and begin and end at ASCII bytes or ends of runs, so this keeps what was UTF-8; were it not so, a
// character too many is lost, and nothing is shown.
fn to_string(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

impl fmt::Debug for Scrubber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scrubber").finish_non_exhaustive()
    }
}
