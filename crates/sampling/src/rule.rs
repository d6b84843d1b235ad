use std::{str::FromStr, time::Duration};

use tower_telemetry_core::BuildError;

/// What becomes of the exchanges of some endpoints.
///
/// As text it is `ENDPOINT = DECISION`, where the endpoint is an [`EndpointPattern`](tower_telemetry_core::EndpointPattern), and
/// the decision is `exclude`, `trace`, `untraced` or a rate. What counts as slow may follow: `GET /reports/** = 0.1 slow 10s`.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Rule {
    pub(crate) endpoint: String,
    pub(crate) action: Action,
    pub(crate) slow: Option<Duration>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Action {
    Exclude,
    Rate(f64),
}

/// What a decision may be, in errors.
const DECISIONS: &str = "exclude, trace, untraced or a rate from 0 to 1, and then perhaps: slow 10s";

impl Rule {
    /// As if the layer were not there: no span, no metric, no report, no request id.
    pub fn exclude(endpoint: impl Into<String>) -> Self {
        Self::new(endpoint, Action::Exclude)
    }

    /// Traced at this rate, in 0..=1. Whether it is one is checked with the list that the rule goes into.
    pub fn rate(endpoint: impl Into<String>, rate: f64) -> Self {
        Self::new(endpoint, Action::Rate(rate))
    }

    /// Always traced, as far as budgets and volume allow it.
    pub fn trace(endpoint: impl Into<String>) -> Self {
        Self::rate(endpoint, 1.0)
    }

    /// Recorded lightly: metrics and errors, but no trace.
    pub fn untraced(endpoint: impl Into<String>) -> Self {
        Self::rate(endpoint, 0.0)
    }

    /// What is slow for these endpoints, where [slow exchanges are kept](crate::Sampling::keep_slower_than).
    pub fn slower_than(self, limit: Duration) -> Self {
        Self { slow: Some(limit), ..self }
    }

    /// By the word for its decision, if it is one.
    #[cfg(feature = "serde")]
    pub(crate) fn decided(endpoint: String, word: &str) -> Option<Self> {
        Some(Self::new(endpoint, action(word)?))
    }

    fn new(endpoint: impl Into<String>, action: Action) -> Self {
        Self { endpoint: endpoint.into(), action, slow: None }
    }

    /// The rules of a text, between which there are semicolons or line breaks. Where it fails, it tells which rule it is.
    pub(crate) fn list(text: &str) -> Result<Vec<Self>, BuildError> {
        let texts = text.split([';', '\n']).map(str::trim).filter(|text| !text.is_empty());
        texts.enumerate().map(|(i, text)| Self::parse(text, &name(i))).collect()
    }

    fn parse(text: &str, name: &str) -> Result<Self, BuildError> {
        let refused = |expected: &str| BuildError::value(name, text, expected);
        // A regular expression may have an equals sign in it; a decision has none.
        let Some((endpoint, decision)) = text.rsplit_once('=') else {
            return Err(refused("an endpoint, an equals sign and a decision, such as: GET /users/{id} = 0.1"));
        };
        let mut words = decision.split_whitespace();
        let action = words.next().and_then(action).ok_or_else(|| refused(DECISIONS))?;
        let slow = match (words.next(), words.next(), words.next()) {
            (None, ..) => None,
            (Some("slow"), Some(limit), None) => Some(duration(limit).ok_or_else(|| refused(DECISIONS))?),
            _ => return Err(refused(DECISIONS)),
        };
        Ok(Self { endpoint: endpoint.trim().to_owned(), action, slow })
    }
}

/// How errors call the rule at this place.
pub(crate) fn name(index: usize) -> String {
    format!("sampling rule {}", index + 1)
}

pub(crate) fn is_rate(rate: f64) -> bool {
    (0.0..=1.0).contains(&rate)
}

fn action(text: &str) -> Option<Action> {
    Some(match text {
        "exclude" => Action::Exclude,
        "trace" => Action::Rate(1.0),
        "untraced" => Action::Rate(0.0),
        _ => Action::Rate(text.parse().ok().filter(|&rate| is_rate(rate))?),
    })
}

/// `250ms`, `10s` or `2m`.
pub(crate) fn duration(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at(text.find(|c: char| c.is_ascii_alphabetic())?);
    let number: f64 = number.parse().ok()?;
    let seconds = match unit {
        "ms" => number / 1000.0,
        "s" => number,
        "m" => number * 60.0,
        _ => return None,
    };
    Duration::try_from_secs_f64(seconds).ok()
}

impl FromStr for Rule {
    type Err = BuildError;

    fn from_str(text: &str) -> Result<Self, BuildError> {
        Self::parse(text, "the sampling rule")
    }
}
