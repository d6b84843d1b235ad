use tower_telemetry_scrub::{Pii, Scrub, Scrubber};

/// What becomes of everything that leaves for Sentry.
///
/// Messages, exceptions' values, breadcrumbs, tags, extra, contexts, requests, users, frames' variables, spans, logs and metrics
/// pass the [`Scrubber`]. What identifies the program stays as it is: functions, modules, files, packages, releases and ids.
#[derive(Clone, Debug)]
#[must_use]
pub struct Boundary {
    pub(super) scrubber: Scrubber,
    pub(super) pii: Pii,
    pub(super) attachments: Attachments,
}

/// What becomes of attachments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Attachments {
    /// Text and JSON of up to 1 MiB is scrubbed, the others are dropped. The default.
    ///
    /// It is text if its content type says so, or the end of its name where it has no content type, and if it is UTF-8.
    #[default]
    Scrub,
    /// All are dropped.
    Drop,
    /// All are sent as they are: their bytes are yours to scrub.
    Keep,
}

impl Boundary {
    /// These rules, personal data withheld, and attachments scrubbed.
    pub fn new(scrubber: Scrubber) -> Self {
        Self { scrubber, pii: Pii::default(), attachments: Attachments::default() }
    }

    /// The standard rules.
    pub fn standard(pii: Pii) -> Self {
        let scrubber = Scrub::standard().pii(pii).build().expect("the standard rules are valid");
        Self::new(scrubber).pii(pii)
    }

    /// Whether users' e-mail and IP addresses may leave; where they may, the rules still see them. Default: [`Pii::Withheld`].
    pub fn pii(mut self, pii: Pii) -> Self {
        self.pii = pii;
        self
    }

    /// What becomes of attachments. Default: [`Attachments::Scrub`].
    pub fn attachments(mut self, attachments: Attachments) -> Self {
        self.attachments = attachments;
        self
    }
}
