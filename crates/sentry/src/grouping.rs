use std::{
    borrow::Cow,
    fmt,
    panic::{self, AssertUnwindSafe},
    sync::Arc,
    thread,
};

use sentry::{Hub, protocol::Event};
use tower_telemetry_core::Endpoint;

use crate::panic::PANIC;

/// Which errors are one issue in Sentry.
///
/// Whatever the choice, error responses without an error behind them are grouped by endpoint and status, and a fingerprint that the
/// service has set stays.
#[derive(Clone, Default)]
#[must_use]
pub struct Grouping(Kind);

#[derive(Clone, Default)]
enum Kind {
    #[default]
    Sentry,
    ErrorType,
    By(Arc<By>),
}

type By = dyn Fn(&Event<'static>, Option<&Endpoint>) -> Option<Fingerprint> + Send + Sync;

type Fingerprint = Vec<Cow<'static, str>>;

impl Grouping {
    /// Sentry's own: by stack trace, else by type and message. The default.
    pub fn by_sentry() -> Self {
        Self::default()
    }

    /// By the type of the error that was met, the outermost, wherever that was. Panics have none: they are left to Sentry's own.
    pub fn by_error_type() -> Self {
        Self(Kind::ErrorType)
    }

    /// By what a function makes of an event with an exception, and its endpoint as far as it is known. `{{ default }}` stands
    /// for Sentry's own grouping; `None` leaves all of it to that, and so does a panic in it. What it captures itself goes
    /// nowhere.
    ///
    /// It is called for each such event on the thread that captures it, for panics on another.
    ///
    /// ```
    /// # use tower_telemetry_sentry::Grouping;
    /// let grouping = Grouping::by(|_, endpoint| Some(vec!["{{ default }}".into(), endpoint?.to_string().into()]));
    /// # let _ = grouping;
    /// ```
    pub fn by(
        by: impl Fn(&Event<'static>, Option<&Endpoint>) -> Option<Vec<Cow<'static, str>>> + Send + Sync + 'static,
    ) -> Self {
        Self(Kind::By(Arc::new(by)))
    }

    pub(crate) fn apply(&self, event: &mut Event<'static>, endpoint: Option<&Endpoint>) {
        let Some(met) = event.exception.last() else { return };
        if !is_default(event) {
            return;
        }
        let fingerprint = match &self.0 {
            Kind::Sentry => None,
            // All panics are of one type, and are not one defect.
            Kind::ErrorType => (met.ty != PANIC).then(|| vec![Cow::Owned(met.ty.clone())]),
            Kind::By(by) => call(&**by, event, endpoint),
        };
        if let Some(fingerprint) = fingerprint.filter(|parts| !parts.is_empty()) {
            event.fingerprint = fingerprint.into();
        }
    }
}

/// Calls the service's own code, whose panics must not become the request's.
fn call(by: &By, event: &Event<'static>, endpoint: Option<&Endpoint>) -> Option<Fingerprint> {
    let call = || {
        // An event of its own would be grouped by it, and so on.
        let nowhere = Arc::new(Hub::new(None, Arc::default()));
        Hub::run(nowhere, || panic::catch_unwind(AssertUnwindSafe(|| by(event, endpoint)))).ok().flatten()
    };
    if !thread::panicking() {
        return call();
    }
    // A panic within a panic's hook ends the process, whoever would catch it, but on a thread of its own.
    thread::scope(|scope| thread::Builder::new().spawn_scoped(scope, call).ok()?.join().ok()?)
}

/// Whether nobody has set a fingerprint.
pub(crate) fn is_default(event: &Event<'static>) -> bool {
    matches!(&*event.fingerprint, [only] if only == "{{ default }}")
}

impl fmt::Debug for Grouping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Kind::Sentry => "Grouping::by_sentry",
            Kind::ErrorType => "Grouping::by_error_type",
            Kind::By(_) => "Grouping::by",
        })
    }
}
