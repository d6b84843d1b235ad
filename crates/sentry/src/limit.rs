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
/// Equal are those with the same fingerprint. Where that is Sentry's own to make, they are those of one endpoint with the
/// same types, and the same texts but for words with digits in them; panics are equal if they come from the same line. The
/// first so many are sent; the next one that is sent later says in `extra` how many were not: `suppressed`. What is not sent
/// is counted in [`ITEMS_DROPPED`](crate::ITEMS_DROPPED), by the reason `equal_errors`.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn event(message: &str) -> Event<'static> {
        Event { message: Some(message.into()), ..Event::default() }
    }

    /// How many were sent of so many at a time, and how many the first of them says were not.
    fn admitted(limit: &ErrorLimit, message: &str, errors: usize, now: Instant) -> (usize, Option<u64>) {
        let mut told = None;
        let sent = (0..errors).filter(|_| {
            let mut event = event(message);
            let sent = limit.admit(&mut event, now);
            told = told.or(event.extra.get("suppressed").and_then(serde_json::Value::as_u64));
            sent
        });
        (sent.count(), told)
    }

    #[test]
    fn so_many_a_minute_and_then_a_count() {
        let limit = ErrorLimit::per_minute(2);
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(admitted(&limit, "gone", 5, at(0)), (2, None));
        assert_eq!(admitted(&limit, "gone", 5, at(59)), (0, None));
        assert_eq!(admitted(&limit, "another", 1, at(59)), (1, None));
        assert_eq!(admitted(&limit, "gone", 5, at(60)), (2, Some(8)));
        assert_eq!(admitted(&limit, "gone", 1, at(200)), (1, Some(3)));
        assert_eq!(admitted(&limit, "gone", 1, at(300)), (1, None));
        // A clock that was read before another thread's.
        assert_eq!(admitted(&limit, "gone", 2, at(0)), (1, None));
    }

    #[test]
    fn however_many_kinds_there_are_memory_is_bounded() {
        let limit = ErrorLimit::per_minute(1);
        let start = Instant::now();
        let name = |n: usize| char::from_u32(0x4e00 + u32::try_from(n).expect("few")).expect("a letter").to_string();
        for n in 0..3 * MAX_KINDS {
            assert!(limit.admit(&mut event(&name(n)), start));
        }
        assert!(limit.seen.lock().expect("no panic").len() <= MAX_KINDS);
    }

    #[test]
    fn a_fingerprint_of_ones_own_is_the_kind() {
        let limit = ErrorLimit::per_minute(1);
        let now = Instant::now();
        let fingerprinted = |part: &'static str, message: &str, endpoint: &str| Event {
            fingerprint: vec![part.into()].into(),
            transaction: Some(endpoint.into()),
            ..event(message)
        };
        assert!(limit.admit(&mut fingerprinted("one", "a", "/a"), now));
        assert!(!limit.admit(&mut fingerprinted("one", "b", "/b"), now));
        assert!(limit.admit(&mut fingerprinted("two", "a", "/a"), now));
        assert!(limit.admit(&mut fingerprinted("{{ default }}", "a", "/a"), now));
        assert!(limit.admit(&mut fingerprinted("{{ default }}", "b", "/a"), now));
        assert!(limit.admit(&mut fingerprinted("{{ default }}", "a", "/b"), now));
        assert!(!limit.admit(&mut fingerprinted("{{ default }}", "a", "/a"), now));
    }
}
