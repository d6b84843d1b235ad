use std::borrow::Cow;

/// A captured body, or its beginning.
#[derive(Clone, Copy, Debug, Default)]
pub struct Body<'a> {
    /// What was captured.
    pub bytes: &'a [u8],
    /// Whether more of it was not captured.
    pub cut: bool,
    /// How long all of it is, if that is known.
    pub length: Option<u64>,
    /// The value of `Content-Type`, if there is one.
    pub content_type: Option<&'a [u8]>,
    /// The value of `Content-Encoding`, if there is one.
    pub content_encoding: Option<&'a [u8]>,
}

/// What can be shown of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Described<'a> {
    /// Its text, scrubbed.
    Text(Cow<'a, str>),
    /// Of a body that is no text, or compressed: its kind and size.
    Kind(String),
}
