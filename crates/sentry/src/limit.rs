use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use sentry::protocol::Event;

/// How many equal errors are sent in a minute.
///
/// Equal are those with the same fingerprint, if they have one, else with the same types and innermost frames of the same endpoint, or the same message.
/// The first so many are sent; the next one that is sent later says in `extra` how many were not: `suppressed`. What is not sent is counted
/// in [`ITEMS_DROPPED`](crate::ITEMS_DROPPED), by the reason `equal_errors`.
#[derive(Clone, Debug)]
#[must_use]
pub struct ErrorLimit {
    per_minute: u32,
    seen: Arc<Mutex<HashMap<u64, Seen>>>,
}

#[derive(Debug)]
struct Seen {
    since: Instant,
    sent: u32,
    suppressed: u64,
}

const WINDOW: Duration = Duration::from_secs(60);

/// Kinds of errors that are told apart. When there are more, those go that were not seen for a minute, and else all.
const MAX_KINDS: usize = 1000;

impl ErrorLimit {
    /// At most so many of each, at least one.
    pub fn per_minute(errors: u32) -> Self {
        Self { per_minute: errors.max(1), seen: Arc::default() }
    }

    /// Whether the event may be sent. One that may tells of those that were not.
    pub(crate) fn admit(&self, event: &mut Event<'static>, now: Instant) -> bool {
        let kind = kind(event);
        let mut all = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MAX_KINDS && !all.contains_key(&kind) {
            all.retain(|_, seen| now.saturating_duration_since(seen.since) < WINDOW);
            if all.len() >= MAX_KINDS {
                all.clear();
            }
        }
        let seen = all.entry(kind).or_insert(Seen { since: now, sent: 0, suppressed: 0 });
        if now.saturating_duration_since(seen.since) >= WINDOW {
            if seen.suppressed > 0 {
                event.extra.insert("suppressed".into(), seen.suppressed.into());
            }
            *seen = Seen { since: now, sent: 0, suppressed: 0 };
        }
        let is_admitted = seen.sent < self.per_minute;
        if is_admitted {
            seen.sent += 1;
        } else {
            seen.suppressed += 1;
        }
        is_admitted
    }
}

fn kind(event: &Event<'static>) -> u64 {
    let mut hasher = DefaultHasher::new();
    if !crate::grouping::is_default(event) {
        event.fingerprint.hash(&mut hasher);
        return hasher.finish();
    }
    event.transaction.hash(&mut hasher);
    for exception in &event.exception {
        exception.ty.hash(&mut hasher);
        let innermost = exception.stacktrace.as_ref().and_then(|stack| stack.frames.last());
        innermost.map(|frame| (&frame.function, frame.lineno)).hash(&mut hasher);
    }
    if event.exception.is_empty() {
        event.message.hash(&mut hasher);
    }
    hasher.finish()
}
