use std::{error::Error, fmt};

/// Why a configuration was refused. Its message names what was wrong, what was found and what may stand there.
pub struct BuildError {
    kind: Kind,
}

enum Kind {
    Variable { name: String, held: String, expected: String },
    Value { name: String, held: String, expected: String },
    Failed { what: String, why: String },
}

impl BuildError {
    /// An environment variable held what it may not. `held` must not contain a secret.
    pub fn variable(name: impl Into<String>, held: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { kind: Kind::Variable { name: name.into(), held: held.into(), expected: expected.into() } }
    }

    /// An option was given what it may not be. `held` must not contain a secret.
    pub fn value(name: impl Into<String>, held: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { kind: Kind::Value { name: name.into(), held: held.into(), expected: expected.into() } }
    }

    /// A part could not be started.
    pub fn failed(what: impl Into<String>, why: impl fmt::Display) -> Self {
        Self { kind: Kind::Failed { what: what.into(), why: why.to_string() } }
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Variable { name, held, expected } => {
                write!(f, "the environment variable {name} holds {held:?}, but it may hold {expected}")
            }
            Kind::Value { name, held, expected } => write!(f, "{name} was given as {held:?}, but it may be {expected}"),
            Kind::Failed { what, why } => write!(f, "{what} could not be started: {why}"),
        }
    }
}

// What a `main` that returns it shows: as readable as the message.
impl fmt::Debug for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BuildError({self})")
    }
}

impl Error for BuildError {}
