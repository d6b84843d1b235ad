use std::{error::Error, fmt};

/// Why a configuration was refused. Its message names the rule by its position, and what may stand there.
pub struct BuildError {
    rule: String,
    why: String,
}

impl BuildError {
    pub(crate) fn new(rule: impl Into<String>, why: impl fmt::Display) -> Self {
        Self { rule: rule.into(), why: why.to_string() }
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule, self.why)
    }
}

// What a `main` that returns it shows: as readable as the message.
impl fmt::Debug for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BuildError({self})")
    }
}

impl Error for BuildError {}
