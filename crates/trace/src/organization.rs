use tower_telemetry_core::TraceContext;

/// Whose traces are continued, by Sentry's organizations: those of another organization are none of this service's.
///
/// A caller's organization is what its `baggage` says in `sentry-org_id`. Source:
/// <https://develop.sentry.dev/sdk/telemetry/traces/#stricttracecontinuation>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Organization {
    id: Option<u64>,
    strict: bool,
}

impl Organization {
    /// This service's organization. Traces of callers of another one are not continued; of those who say nothing of it they are.
    pub fn new(id: Option<u64>) -> Self {
        Self { id, strict: false }
    }

    /// Does not continue traces where only one of the two organizations is known, either. Default: it does.
    pub fn strict(self) -> Self {
        Self { strict: true, ..self }
    }

    /// Whether this trace of a caller is continued.
    pub(crate) fn continues(self, callers: &TraceContext) -> bool {
        if self == Self::default() {
            return true;
        }
        let theirs = callers.baggage_member("sentry-org_id").and_then(|id| id.parse::<u64>().ok());
        match (theirs, self.id) {
            (Some(theirs), Some(ours)) => theirs == ours,
            (None, None) => true,
            _ => !self.strict,
        }
    }
}
