use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use arc_swap::ArcSwapOption;
use metrics::{Recorder, with_recorder};

use crate::recorder;

/// Handles of the recorder that is there to stay, for as long as they are known to be good.
pub(crate) struct Kept<S> {
    set: ArcSwapOption<Of<S>>,
}

struct Of<S> {
    recorder: usize,
    set: S,
}

/// One handle, made when it is first used.
///
/// A recorder with an idle timeout forgets a series that was not updated for so long, and what a handle from before is told
/// then is lost. A recorder finds a series idle by looking at it twice, with the timeout between the two and no update. So one that is updated
/// at shorter intervals is never forgotten, and a handle whose last use is not as long ago as the timeout is still good. Others
/// are made anew: of a series that is still there, a recorder gives the same one.
pub(crate) struct Timed<H> {
    /// In seconds. Written after the use, and rarely: it may tell an earlier time than is true, never a later one.
    used: AtomicU64,
    handle: OnceLock<H>,
}

/// When something is recorded.
#[derive(Clone, Copy)]
pub(crate) struct Now {
    pub(crate) at: Instant,
    /// Since some beginning, in seconds.
    pub(crate) seconds: u64,
    /// How long a handle is good without a use, in seconds.
    pub(crate) patience: u64,
}

impl<S> Kept<S> {
    /// Gives `f` the current recorder, and its handles. They are `new` ones if none are kept, or if those are not `good`.
    pub(crate) fn with<R>(
        &self,
        now: Now,
        new: impl FnOnce() -> S,
        good: impl FnOnce(&S) -> bool,
        f: impl FnOnce(&dyn Recorder, &S) -> R,
    ) -> R {
        with_recorder(|recorder| {
            let address = recorder::address(recorder);
            if !recorder::is_lasting(address, now.at) {
                return f(recorder, &new());
            }
            let kept = self.set.load();
            if let Some(kept) = &*kept
                && kept.recorder == address
                && good(&kept.set)
            {
                return f(recorder, &kept.set);
            }
            let of = Arc::new(Of { recorder: address, set: new() });
            let result = f(recorder, &of.set);
            self.set.store(Some(of));
            result
        })
    }

    /// Gives `f` the handles that were kept last, if any were.
    pub(crate) fn last(&self, f: impl FnOnce(&S)) {
        if let Some(kept) = &*self.set.load() {
            f(&kept.set);
        }
    }
}

impl<S> Default for Kept<S> {
    fn default() -> Self {
        Self { set: ArcSwapOption::empty() }
    }
}

impl<H> Timed<H> {
    pub(crate) fn is_good(&self, now: Now) -> bool {
        now.seconds.saturating_sub(self.used.load(Ordering::Relaxed)) < now.patience || self.handle.get().is_none()
    }

    pub(crate) fn with(&self, now: Now, make: impl FnOnce() -> H, f: impl FnOnce(&H)) {
        f(self.handle.get_or_init(make));
        if self.used.load(Ordering::Relaxed) != now.seconds {
            self.used.store(now.seconds, Ordering::Relaxed);
        }
    }

    pub(crate) fn known(&self, f: impl FnOnce(&H)) {
        if let Some(handle) = self.handle.get() {
            f(handle);
        }
    }
}

impl<H> Default for Timed<H> {
    fn default() -> Self {
        Self { used: AtomicU64::new(0), handle: OnceLock::new() }
    }
}

impl Now {
    /// `at`, which is `after` the arrival.
    pub(crate) fn new(beginning: Instant, arrival: Instant, after: Duration, patience: u64) -> Self {
        let at = arrival + after;
        Self { at, seconds: at.saturating_duration_since(beginning).as_secs(), patience }
    }
}
