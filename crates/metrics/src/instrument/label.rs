use std::{fmt, hash::Hasher, ptr};

use http::{Method, StatusCode};
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
pub struct Label<'a>(Value<'a>);

#[derive(Clone, Copy)]
pub(super) enum Value<'a> {
    Absent,
    Fixed(&'static str),
    Flag(bool),
    Number(u64),
    Text(&'a str),
}

impl<'a> Label<'a> {
    /// No label: series without it have it not at all. The default of each optional label.
    pub const ABSENT: Self = Self(Value::Absent);

    /// What stands for the free texts that come after an instrument's series are all taken.
    pub const OVERFLOW: Self = Self(Value::Fixed("overflow"));

    /// A text that is not known when the program is compiled.
    pub fn text(text: &'a str) -> Self {
        if text.is_empty() {
            return Self::ABSENT;
        }
        let end = (0..=text.len().min(TEXT)).rev().find(|end| text.is_char_boundary(*end));
        Self(Value::Text(&text[..end.unwrap_or_default()]))
    }

    #[inline]
    pub(super) fn value(&self) -> &Value<'a> {
        &self.0
    }

    #[inline]
    pub(super) fn is_absent(&self) -> bool {
        matches!(self.0, Value::Absent)
    }

    #[inline]
    pub(super) fn is_free(&self) -> bool {
        matches!(self.0, Value::Text(_))
    }

    pub(super) fn is(&self, text: &str) -> bool {
        matches!(self.0, Value::Fixed(fixed) if fixed == text)
    }

    /// By what they are: of two constants with one text, each is itself. A series may so be found in two ways, which costs less
    /// than reading the constants each time.
    #[inline]
    pub(super) fn same(&self, other: &Label<'_>) -> bool {
        match (self.0, other.0) {
            (Value::Absent, Value::Absent) => true,
            (Value::Fixed(one), Value::Fixed(two)) => ptr::eq(one, two),
            (Value::Flag(one), Value::Flag(two)) => one == two,
            (Value::Number(one), Value::Number(two)) => one == two,
            (Value::Text(one), Value::Text(two)) => one == two,
            _ => false,
        }
    }

    /// Fits [`same`](Self::same).
    #[inline]
    pub(super) fn hash(&self, state: &mut impl Hasher) {
        match self.0 {
            Value::Absent => state.write_u8(0),
            Value::Fixed(fixed) => state.write_usize(fixed.as_ptr().addr()),
            Value::Flag(flag) => state.write_u8(1 + u8::from(flag)),
            Value::Number(number) => state.write_u64(number),
            Value::Text(text) => state.write(text.as_bytes()),
        }
    }

    pub(super) fn keep(&self) -> KeptLabel {
        match self.0 {
            Value::Absent => KeptLabel::Known(Value::Absent),
            Value::Fixed(fixed) => KeptLabel::Known(Value::Fixed(fixed)),
            Value::Flag(flag) => KeptLabel::Known(Value::Flag(flag)),
            Value::Number(number) => KeptLabel::Known(Value::Number(number)),
            Value::Text(text) => KeptLabel::Text(text.into()),
        }
    }
}

/// A label of a series that is kept.
pub(super) enum KeptLabel {
    Known(Value<'static>),
    Text(Box<str>),
}

impl KeptLabel {
    #[inline]
    pub(super) fn as_label(&self) -> Label<'_> {
        match self {
            Self::Known(value) => Label(*value),
            Self::Text(text) => Label(Value::Text(text)),
        }
    }
}

impl Default for Label<'_> {
    fn default() -> Self {
        Self::ABSENT
    }
}

impl From<&'static str> for Label<'_> {
    #[inline]
    fn from(fixed: &'static str) -> Self {
        Self(if fixed.is_empty() { Value::Absent } else { Value::Fixed(fixed) })
    }
}

impl From<bool> for Label<'_> {
    fn from(flag: bool) -> Self {
        Self(Value::Flag(flag))
    }
}

impl From<u16> for Label<'_> {
    fn from(number: u16) -> Self {
        Self(Value::Number(number.into()))
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
        match self.0 {
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
