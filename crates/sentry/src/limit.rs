use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use sentry::protocol::{Event, Exception};

use crate::panic::LOCATION;

/// How many equal errors are sent in a minute.
///
/// Equal are those with the same fingerprint. Where that is Sentry's own to make, they are those of one endpoint with the same types, and
/// the same texts but for words with digits in them; panics are equal if they come from the same line. The first so many are sent; the
/// next one that is sent later says in `extra` how many were not: `suppressed`. What is not sent is counted in
/// [`ITEMS_DROPPED`](crate::ITEMS_DROPPED), by the reason `equal_errors`.
///
/// It costs a lock for each event, and memory for up to 1,000 kinds of errors. Default: there is no limit.
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
    event.fingerprint.hash(&mut hasher);
    if !event.fingerprint.iter().any(|part| part == "{{ default }}") {
        return hasher.finish();
    }
    event.transaction.hash(&mut hasher);
    for Exception { ty, value, mechanism, .. } in &event.exception {
        ty.hash(&mut hasher);
        let place = mechanism.as_ref().and_then(|mechanism| mechanism.data.get(LOCATION)?.as_str());
        match place {
            Some(place) => place.hash(&mut hasher),
            None => hash_words(value.as_deref(), &mut hasher),
        }
    }
    hash_words(event.message.as_deref(), &mut hasher);
    hasher.finish()
}

/// Ids and numbers do not make another error.
fn hash_words(text: Option<&str>, hasher: &mut impl Hasher) {
    for word in text.unwrap_or_default().split_whitespace() {
        let is_name = !word.bytes().any(|byte| byte.is_ascii_digit());
        is_name.then_some(word).hash(hasher);
    }
}
