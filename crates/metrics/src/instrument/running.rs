use std::{fmt, thread};

use super::{
    Ended, Instrument, Kind,
    ended::{CANCELLED, PANIC},
    work::Work,
};

/// Work that runs, until it is told how it ended. Made by [`Instrument::start`].
///
/// Dropped before, it was cancelled, or panicked if the thread does. It may go to another thread, and be held across an `await`:
/// its span is only entered by [`in_scope`](Self::in_scope).
#[must_use = "dropped at once, it is cancelled work"]
pub struct Running<'a, K: Kind> {
    instrument: &'a Instrument<K>,
    work: Work<K::Labels<'a>>,
    /// A panic that was under way already is not this work's.
    began_in_panic: bool,
}

impl<'a, K: Kind> Running<'a, K> {
    pub(super) fn new(instrument: &'a Instrument<K>, labels: K::Labels<'a>) -> Self {
        let mut work = Work::new(labels);
        instrument.begin(&mut work);
        Self { instrument, work, began_in_panic: thread::panicking() }
    }

    /// Runs a part of the work in its span.
    pub fn in_scope<T>(&self, part: impl FnOnce() -> T) -> T {
        self.work.span.in_scope(part)
    }

    /// The labels, for what is known in the end only: a response's status, whether a cache had it.
    pub fn labels(&mut self) -> &mut K::Labels<'a> {
        &mut self.work.labels
    }

    /// It ended as it should.
    pub fn ok(self) {
        self.end(Ended::Ok);
    }

    /// It ended in an error of this type, which should come from a small set.
    pub fn error(self, error_type: &'static str) {
        self.end(Ended::Error(error_type));
    }

    /// It ended.
    pub fn end(mut self, ended: Ended) {
        self.instrument.end(&mut self.work, ended.error_type());
    }
}

impl<K: Kind> Drop for Running<'_, K> {
    fn drop(&mut self) {
        let error = if thread::panicking() && !self.began_in_panic { PANIC } else { CANCELLED };
        self.instrument.end(&mut self.work, error);
    }
}

impl<K: Kind> fmt::Debug for Running<'_, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").field("instrument", &self.instrument).finish_non_exhaustive()
    }
}
