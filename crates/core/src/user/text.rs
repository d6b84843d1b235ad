use std::{borrow::Cow, fmt, sync::Arc};

/// A short text that says something of a user. Clones and conversions from numbers, `&'static str` and `Arc<str>` copy nothing.
#[derive(Clone)]
pub struct UserText(Held);

#[derive(Clone)]
enum Held {
    Static(&'static str),
    Shared(Arc<str>),
    Unsigned(u64),
    Signed(i64),
}

/// What an attribute of a user holds.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UserAttribute {
    /// A text.
    Text(UserText),
    /// Yes or no.
    Flag(bool),
    /// A number.
    Number(i64),
}

impl UserText {
    /// The text. Only a number is written now.
    pub fn as_str(&self) -> Cow<'_, str> {
        match &self.0 {
            Held::Static(text) => Cow::Borrowed(text),
            Held::Shared(text) => Cow::Borrowed(text),
            Held::Unsigned(number) => Cow::Owned(number.to_string()),
            Held::Signed(number) => Cow::Owned(number.to_string()),
        }
    }

    /// The text, unless it is a number's.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.0 {
            Held::Static(text) => Some(text),
            Held::Shared(text) => Some(text),
            Held::Unsigned(_) | Held::Signed(_) => None,
        }
    }
}

impl PartialEq for UserText {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for UserText {}

impl fmt::Display for UserText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.as_str())
    }
}

impl fmt::Debug for UserText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.as_str(), f)
    }
}

impl fmt::Display for UserAttribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => text.fmt(f),
            Self::Flag(flag) => flag.fmt(f),
            Self::Number(number) => number.fmt(f),
        }
    }
}

macro_rules! from {
    ($($type:ty => |$value:ident| $held:expr;)+) => {
        $(impl From<$type> for UserText {
            fn from($value: $type) -> Self {
                Self($held)
            }
        })+
    };
}

from! {
    &'static str => |text| Held::Static(text);
    Arc<str> => |text| Held::Shared(text);
    String => |text| Held::Shared(text.into());
    Box<str> => |text| Held::Shared(text.into());
    Cow<'static, str> => |text| match text { Cow::Borrowed(text) => Held::Static(text), Cow::Owned(text) => Held::Shared(text.into()) };
    u64 => |number| Held::Unsigned(number);
    u32 => |number| Held::Unsigned(number.into());
    i64 => |number| Held::Signed(number);
    i32 => |number| Held::Signed(number.into());
    u128 => |number| Held::Shared(number.to_string().into());
    i128 => |number| Held::Shared(number.to_string().into());
}

impl<T: Into<UserText>> From<T> for UserAttribute {
    fn from(text: T) -> Self {
        match text.into().0 {
            Held::Signed(number) => Self::Number(number),
            Held::Unsigned(number) => {
                i64::try_from(number).map_or_else(|_| Self::Text(UserText(Held::Unsigned(number))), Self::Number)
            }
            text => Self::Text(UserText(text)),
        }
    }
}

impl From<bool> for UserAttribute {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}
