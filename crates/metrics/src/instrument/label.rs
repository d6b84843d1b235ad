use std::{fmt, hash::Hasher};

use http::{Method, StatusCode};
use rustc_hash::FxHasher;
use tower_telemetry_core::semconv;

/// How many bytes of a free text are kept.
const TEXT: usize = 64;

/// A label's value: it is copied, never allocated.
///
/// Take a `&'static str`, a `bool` or a number where the code knows the values. What it does not know, a name from a
/// configuration or a request say, is given as [`Label::text`]: it is cut to 64 bytes, scrubbed, and bounded in number.
///
/// ```
/// use tower_telemetry_metrics::instrument::Label;
///
/// assert_eq!(Label::from("eu-west").to_string(), "eu-west");
/// assert_eq!(Label::text(&"x".repeat(1000)).to_string().len(), 64);
/// ```
#[derive(Clone, Copy)]
pub struct Label<'a> {
    shape: Shape,
    /// The number, the flag, the constant's place, or the free text's hash: it tells all but free texts apart.
    word: u64,
    text: &'a str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Absent,
    Fixed,
    Flag,
    Number,
    Text,
}

/// What a label holds.
pub(super) enum Value<'a> {
    Absent,
    Flag(bool),
    Number(u64),
    Fixed(&'a str),
    Text(&'a str),
}

/// A label of a series that is kept.
pub(super) struct KeptLabel {
    shape: Shape,
    word: u64,
    /// Of a free text only.
    text: Box<str>,
}

impl<'a> Label<'a> {
    /// No label: series without it have it not at all. The default of each optional label.
    pub const ABSENT: Self = Self { shape: Shape::Absent, word: 0, text: "" };

    /// A text that is not known when the program is compiled.
    pub fn text(text: &'a str) -> Self {
        if text.is_empty() {
            return Self::ABSENT;
        }
        let end = (0..=text.len().min(TEXT)).rev().find(|end| text.is_char_boundary(*end));
        let text = &text[..end.unwrap_or_default()];
        let mut hasher = FxHasher::default();
        hasher.write(text.as_bytes());
        Self { shape: Shape::Text, word: hasher.finish(), text }
    }

    /// What stands for the free texts that come after an instrument's series are all taken.
    pub(super) fn overflow() -> Self {
        "overflow".into()
    }

    pub(super) fn value(&self) -> Value<'a> {
        match self.shape {
            Shape::Absent => Value::Absent,
            Shape::Fixed => Value::Fixed(self.text),
            Shape::Flag => Value::Flag(self.word != 0),
            Shape::Number => Value::Number(self.word),
            Shape::Text => Value::Text(self.text),
        }
    }

    pub(super) fn is_absent(&self) -> bool {
        self.shape == Shape::Absent
    }

    pub(super) fn is_free(&self) -> bool {
        self.shape == Shape::Text
    }

    pub(super) fn is(&self, text: &str) -> bool {
        self.shape == Shape::Fixed && self.text == text
    }

    /// The same for labels that are the same.
    #[inline]
    pub(super) fn word(&self) -> u64 {
        self.word
    }

    pub(super) fn keep(&self) -> KeptLabel {
        let text = if self.is_free() { self.text } else { "" };
        KeptLabel { shape: self.shape, word: self.word, text: text.into() }
    }
}

impl KeptLabel {
    /// By what they are: of two constants with one text, each is itself. A series may so be found in two ways, which costs less
    /// than reading the constants each time.
    #[inline]
    pub(super) fn is(&self, label: &Label<'_>) -> bool {
        self.shape == label.shape && self.word == label.word && (self.shape != Shape::Text || *self.text == *label.text)
    }

    #[inline]
    pub(super) fn word(&self) -> u64 {
        self.word
    }
}

impl Default for Label<'_> {
    fn default() -> Self {
        Self::ABSENT
    }
}

impl From<&'static str> for Label<'_> {
    #[inline]
    fn from(text: &'static str) -> Self {
        if text.is_empty() {
            return Self::ABSENT;
        }
        // A constant may be the beginning of another.
        let word = text.as_ptr().addr() as u64 ^ (text.len() as u64).rotate_right(16);
        Self { shape: Shape::Fixed, word, text }
    }
}

impl From<bool> for Label<'_> {
    #[inline]
    fn from(flag: bool) -> Self {
        Self { shape: Shape::Flag, word: flag.into(), text: "" }
    }
}

impl From<u16> for Label<'_> {
    #[inline]
    fn from(number: u16) -> Self {
        Self { shape: Shape::Number, word: number.into(), text: "" }
    }
}

impl From<StatusCode> for Label<'_> {
    fn from(status: StatusCode) -> Self {
        status.as_u16().into()
    }
}

impl From<&Method> for Label<'_> {
    /// The method's name if it is a standard one, else `_OTHER`.
    fn from(method: &Method) -> Self {
        semconv::method(method).into()
    }
}

impl fmt::Display for Label<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value() {
            Value::Absent => Ok(()),
            Value::Fixed(text) | Value::Text(text) => f.write_str(text),
            Value::Flag(flag) => flag.fmt(f),
            Value::Number(number) => number.fmt(f),
        }
    }
}

impl fmt::Debug for Label<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Label({self})")
    }
}
