use tower_telemetry_core::{Disclosure, UserPolicy};
use tower_telemetry_scrub::{Pii, Scrub, Scrubber};

/// What becomes of everything that leaves for Sentry.
///
/// Messages, exceptions' values, breadcrumbs, tags, extra, contexts, requests, users, frames' variables, spans, logs and metrics
/// pass the [`Scrubber`]. What identifies the program stays as it is: functions, modules, files, packages, releases and ids.
#[derive(Clone, Debug)]
#[must_use]
pub struct Boundary {
    pub(super) scrubber: Scrubber,
    pub(super) attachments: Attachments,
    pub(super) users: UserPolicy,
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
    /// These rules, and attachments scrubbed. What is told of [users](Self::users) follows from what the rules say of
    /// [personal data](Scrubber::pii).
    pub fn new(scrubber: Scrubber) -> Self {
        let personal = match scrubber.pii() {
            Pii::Withheld => Disclosure::Withheld,
            Pii::Sent => Disclosure::Disclosed,
        };
        Self { scrubber, attachments: Attachments::default(), users: UserPolicy::new().personal(personal) }
    }

    /// The standard rules.
    pub fn standard(pii: Pii) -> Self {
        match pii {
            Pii::Withheld => Self::new(Scrubber::default()),
            Pii::Sent => Self::new(Scrub::standard().pii(pii).build().expect("the standard's rules can be compiled")),
        }
    }

    /// What becomes of attachments. Default: [`Attachments::Scrub`].
    pub fn attachments(mut self, attachments: Attachments) -> Self {
        self.attachments = attachments;
        self
    }

    /// What is told of users, whoever set them: the exchange's, or the service by the SDK. What is told passes the rules too.
    pub fn users(mut self, policy: UserPolicy) -> Self {
        self.users = policy;
        self
    }
}
