//! A value that one thread changes and a test waits for.

use std::{
    pin::pin,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::Notify,
    time::{Instant, timeout_at},
};

#[derive(Debug, Default)]
pub(crate) struct Watched<T> {
    value: Mutex<T>,
    changed: Notify,
}

impl<T> Watched<T> {
    pub(crate) fn get(&self) -> MutexGuard<'_, T> {
        self.value.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn update<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let result = change(&mut self.get());
        self.changed.notify_waiters();
        result
    }

    /// Whether `done` came true in time; it is asked again after each change, with no lock held.
    pub(crate) async fn wait(&self, limit: Duration, mut done: impl FnMut() -> bool) -> bool {
        let deadline = Instant::now() + limit;
        loop {
            let mut changed = pin!(self.changed.notified());
            // Before the question, lest a change right after it go unseen.
            changed.as_mut().enable();
            if done() {
                return true;
            }
            if timeout_at(deadline, changed).await.is_err() {
                return done();
            }
        }
    }
}
