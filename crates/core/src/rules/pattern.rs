use std::{fmt, str::FromStr};

use http::Method;

use super::{
    parse::{self, Matches},
    token,
};
use crate::BuildError;

/// One pattern of [`EndpointRules`](crate::EndpointRules), parsed: `PATTERN`, or `METHOD PATTERN`.
///
/// It is shown as it was written.
///
/// ```
/// use tower_telemetry_core::EndpointPattern;
///
/// let pattern: EndpointPattern = "GET /users/{id}".parse()?;
/// assert_eq!(pattern.to_string(), "GET /users/{id}");
/// assert!("/assets**".parse::<EndpointPattern>().is_err());
/// # Ok::<(), tower_telemetry_core::BuildError>(())
/// ```
#[derive(Clone)]
pub struct EndpointPattern {
    text: Box<str>,
    method: Option<Method>,
    matches: Matches,
}

impl EndpointPattern {
    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The only method that it matches, if there is one.
    pub fn method(&self) -> Option<&Method> {
        self.method.as_ref()
    }

    /// Parses a pattern, which `name` names in an error.
    pub(super) fn parse(name: impl FnOnce() -> String, text: &str) -> Result<Self, BuildError> {
        match parse::parse(text) {
            Ok((method, matches)) => Ok(Self { text: text.into(), method, matches }),
            Err(expected) => Err(BuildError::value(name(), shown(text), expected)),
        }
    }

    /// The text without the method.
    pub(super) fn target(&self) -> &str {
        match self.method {
            Some(_) => self.text.split_once(' ').map_or(&self.text, |(_, target)| target),
            None => &self.text,
        }
    }

    pub(super) fn matches(&self) -> &Matches {
        &self.matches
    }

    /// Whether this matches whatever `other` does, as far as their texts tell.
    pub(super) fn covers(&self, other: &Self) -> bool {
        (self.method.is_none() || self.method == other.method)
            && match (&self.matches, &other.matches) {
                (Matches::Everything, _) => true,
                (Matches::Regex(ours), Matches::Regex(theirs)) => ours.as_str() == theirs.as_str(),
                (Matches::Segments(ours), Matches::Segments(theirs)) => token::matches(ours, theirs.iter()),
                _ => false,
            }
    }
}

impl FromStr for EndpointPattern {
    type Err = BuildError;

    fn from_str(text: &str) -> Result<Self, BuildError> {
        Self::parse(|| "an endpoint's pattern".into(), text)
    }
}

impl fmt::Display for EndpointPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for EndpointPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EndpointPattern({:?})", self.text)
    }
}

/// As much of a text as an error should show.
fn shown(text: &str) -> String {
    const MAX: usize = 200;
    if text.chars().nth(MAX).is_none() {
        return text.into();
    }
    text.chars().take(MAX).chain(['…']).collect()
}
