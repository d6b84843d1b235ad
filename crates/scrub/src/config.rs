use crate::{BuildError, Pattern, Scrubber, Shape, Strategy};

/// Whether personal data may leave the process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pii {
    /// It stays. The default.
    #[default]
    Withheld,
    /// It may leave.
    Sent,
}

/// What is taken out: the rules of a [`Scrubber`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Scrub {
    _rules: (),
}

impl Default for Scrub {
    fn default() -> Self {
        Self::standard()
    }
}

impl Scrub {
    /// Secrets by name and by shape, e-mail and IP addresses, bank and card numbers.
    pub fn standard() -> Self {
        Self { _rules: () }
    }

    /// As [`standard`](Self::standard), and personal data by name (names, addresses, telephone numbers, dates of birth).
    pub fn strict() -> Self {
        Self { _rules: () }
    }

    /// Secrets alone: e-mail and IP addresses stay.
    pub fn secrets_only() -> Self {
        Self { _rules: () }
    }

    /// The profile for `send_default_pii`: with [`Pii::Sent`], e-mail and IP addresses stay.
    pub fn pii(self, pii: Pii) -> Self {
        let _ = pii;
        self
    }

    /// Values under this name are replaced.
    pub fn name(self, name: &str) -> Self {
        self.name_as(name, Strategy::Replace)
    }

    /// This becomes of values under this name.
    pub fn name_as(self, name: &str, strategy: Strategy) -> Self {
        let _ = (name, strategy);
        self
    }

    /// Values under this name are no secret because of it; their shapes are still looked for.
    pub fn allow(self, name: &str) -> Self {
        let _ = name;
        self
    }

    /// This becomes of what has this shape.
    pub fn shape(self, shape: Shape, strategy: Strategy) -> Self {
        let _ = (shape, strategy);
        self
    }

    /// A pattern of one's own.
    pub fn pattern(self, pattern: Pattern) -> Self {
        let _ = pattern;
        self
    }

    /// Checks and compiles the rules.
    pub fn build(self) -> Result<Scrubber, BuildError> {
        Ok(Scrubber::new())
    }
}
