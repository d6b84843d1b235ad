use std::{
    collections::VecDeque,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
};

use sentry::{
    protocol::{Breadcrumb, Event, Level},
    types::Uuid,
};

use crate::sessions::Session;

/// What was captured of one exchange, by whomever.
#[derive(Default)]
pub(crate) struct Seen {
    state: Mutex<State>,
    panicked: AtomicBool,
    /// Whether one was of level error, or worse.
    errored: AtomicBool,
}

#[derive(Default)]
struct State {
    breadcrumbs: VecDeque<Breadcrumb>,
    /// Of the exceptions that were reported.
    errors: Vec<u64>,
    /// The last of them that was sent.
    error: Option<Uuid>,
}

/// A handler that reports more kinds of errors than these has them reported twice.
const MAX_ERRORS: usize = 16;

impl Seen {
    /// Keeps what led to whatever comes. Of more than `max` the last are kept.
    pub(crate) fn breadcrumb(&self, breadcrumb: Breadcrumb, max: usize) {
        self.with(|state| {
            while state.breadcrumbs.len() >= max.max(1) {
                state.breadcrumbs.pop_front();
            }
            if max > 0 {
                state.breadcrumbs.push_back(breadcrumb);
            }
        });
    }

    pub(crate) fn breadcrumbs(&self) -> Vec<Breadcrumb> {
        self.with(|state| state.breadcrumbs.iter().cloned().collect())
    }

    /// Notes what was captured, whether it is sent or not: what is left out on purpose is not to be made up for.
    pub(crate) fn note(&self, event: &Event<'_>) {
        let handled = |event: &Event<'_>| {
            event.exception.iter().filter_map(|met| met.mechanism.as_ref()?.handled).all(|handled| handled)
        };
        self.panicked.fetch_or(!handled(event), Relaxed);
        self.errored.fetch_or(event.level >= Level::Error, Relaxed);
        if let Some(error) = fingerprint(event) {
            self.with(|state| {
                if state.errors.len() < MAX_ERRORS {
                    state.errors.push(error);
                }
            });
        }
    }

    /// Notes an event that is sent.
    pub(crate) fn note_sent(&self, event: &Event<'_>) {
        if event.level >= Level::Error {
            self.with(|state| state.error = Some(event.event_id));
        }
    }

    /// Whether the errors of this event were reported in one before it.
    pub(crate) fn has(&self, event: &Event<'_>) -> bool {
        fingerprint(event).is_some_and(|error| self.with(|state| state.errors.contains(&error)))
    }

    /// How the exchange counts, by what was reported of it.
    pub(crate) fn session(&self) -> Session {
        match (self.has_panic(), self.has_error()) {
            (true, _) => Session::Crashed,
            (false, true) => Session::Errored,
            (false, false) => Session::Exited,
        }
    }

    /// Whether a panic was reported.
    pub(crate) fn has_panic(&self) -> bool {
        self.panicked.load(Relaxed)
    }

    /// Whether anything of level error, or worse, was reported.
    pub(crate) fn has_error(&self) -> bool {
        self.errored.load(Relaxed)
    }

    /// The last event of level error, or worse, that was sent.
    pub(crate) fn error(&self) -> Option<Uuid> {
        self.with(|state| state.error)
    }

    fn with<R>(&self, f: impl FnOnce(&mut State) -> R) -> R {
        f(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What its errors are: types and values of the whole chain. An event without one has none.
fn fingerprint(event: &Event<'_>) -> Option<u64> {
    if event.exception.is_empty() {
        return None;
    }
    let mut hasher = DefaultHasher::new();
    for exception in &event.exception {
        (&exception.ty, &exception.value).hash(&mut hasher);
    }
    Some(hasher.finish())
}
