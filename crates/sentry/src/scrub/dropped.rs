use std::{
    sync::atomic::{AtomicU8, Ordering},
    thread,
};

/// Counter: what was not sent to Sentry because it could not be scrubbed, by `kind` (`attachment`, `raw`, `unknown`) and `reason`
/// (`not_text`, `too_large`, `rule`, `unreadable`, `unknown`).
pub const ITEMS_DROPPED: &str = "telemetry_items_dropped_total";

/// Counts what is dropped, and logs each reason once.
#[derive(Debug, Default)]
pub(super) struct Dropped {
    logged: AtomicU8,
}

/// Why something was dropped.
#[derive(Clone, Copy, Debug)]
pub(super) enum Cause {
    /// An attachment that is not text.
    NotText,
    /// An attachment whose scrubbing would hold up the request.
    TooLarge,
    /// An attachment, as the configuration says.
    Rule,
    /// A raw envelope that is not what an envelope should be, or has an item of an unknown kind.
    Unreadable,
    /// An item of an unknown kind.
    Unknown,
}

impl Dropped {
    pub(super) fn add(&self, cause: Cause) {
        let (kind, reason) = cause.labels();
        metrics::counter!(ITEMS_DROPPED, "kind" => kind, "reason" => reason).increment(1);
        let bit = 1 << cause as u8;
        if !matches!(cause, Cause::Rule) && self.logged.fetch_or(bit, Ordering::Relaxed) & bit == 0 {
            log(kind, reason);
        }
    }
}

impl Cause {
    fn labels(self) -> (&'static str, &'static str) {
        match self {
            Self::NotText => ("attachment", "not_text"),
            Self::TooLarge => ("attachment", "too_large"),
            Self::Rule => ("attachment", "rule"),
            Self::Unreadable => ("raw", "unreadable"),
            Self::Unknown => ("unknown", "unknown"),
        }
    }
}

/// From a thread of its own: a subscriber may well send to Sentry what it is told, through the very client whose lock is held
/// here.
fn log(kind: &'static str, reason: &'static str) {
    let subscriber = tracing::dispatcher::get_default(Clone::clone);
    let _ = thread::Builder::new().name("sentry-dropped".into()).spawn(move || {
        tracing::dispatcher::with_default(&subscriber, || {
            tracing::warn!(target: "tower_telemetry", kind, reason, "not sent to Sentry: it cannot be scrubbed");
        });
    });
}
