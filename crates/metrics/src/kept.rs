use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use arc_swap::ArcSwapOption;
use metrics::{Recorder, with_recorder};

use crate::recorder;

/// Handles of the recorder that is there to stay, for as long as they are known to be good.
///
/// A recorder with an idle timeout forgets a series that was not updated for so long, and what a handle from before is told
/// then is lost. A recorder finds a series idle by looking at it twice, with the timeout between the two and no update. So
/// one that is updated at shorter intervals is never forgotten, and handles whose last use is not as long ago as the timeout
/// are still good. Others are made anew: of a series that is still there, a recorder gives the same one.
pub(crate) struct Kept<S> {
    /// In most processes these are good for ever, so they are found by one look.
    first: OnceLock<Of<S>>,
    /// Those after them.
    later: ArcSwapOption<Of<S>>,
}

struct Of<S> {
    recorder: usize,
    /// In seconds. Written after the use, and rarely: it may tell an earlier time than is true, never a later one.
    used: AtomicU64,
    /// All of which are updated at each use.
    set: S,
}

/// When something is recorded, and by which recorder: the current one.
#[derive(Clone, Copy)]
pub(crate) struct Here<'a> {
    pub(crate) recorder: &'a dyn Recorder,
    pub(crate) address: usize,
    pub(crate) is_lasting: bool,
    now: Now,
}

#[derive(Clone, Copy)]
pub(crate) struct Now {
    /// Since some beginning, in seconds.
    seconds: u64,
    /// How long a handle is good without a use, in seconds.
    patience: u64,
}

impl<S> Kept<S> {
    /// Gives `f` the recorder's handles: `new` ones if none are kept that are good.
    pub(crate) fn with(&self, here: Here<'_>, new: impl FnOnce() -> S, f: impl FnOnce(&S)) {
        if !here.is_lasting {
            return f(&new());
        }
        if let Some(of) = self.first.get().filter(|of| of.is_good(here)) {
            return of.with(here, f);
        }
        let later = self.later.load();
        if let Some(of) = later.as_deref().filter(|of| of.is_good(here)) {
            return of.with(here, f);
        }
        let of = Of { recorder: here.address, used: AtomicU64::new(here.now.seconds), set: new() };
        f(&of.set);
        if let Err(of) = self.first.set(of) {
            self.later.store(Some(Arc::new(of)));
        }
    }

    /// Gives `f` the handles that were kept last, if any were.
    pub(crate) fn last(&self, f: impl FnOnce(&S)) {
        let later = self.later.load();
        if let Some(of) = later.as_deref().or(self.first.get()) {
            f(&of.set);
        }
    }
}

impl<S> Of<S> {
    fn is_good(&self, Here { address, now, .. }: Here<'_>) -> bool {
        self.recorder == address && now.seconds.saturating_sub(self.used.load(Ordering::Relaxed)) < now.patience
    }

    fn with(&self, Here { now, .. }: Here<'_>, f: impl FnOnce(&S)) {
        f(&self.set);
        if self.used.load(Ordering::Relaxed) != now.seconds {
            self.used.store(now.seconds, Ordering::Relaxed);
        }
    }
}

impl<S> Default for Kept<S> {
    fn default() -> Self {
        Self { first: OnceLock::new(), later: ArcSwapOption::empty() }
    }
}

impl Now {
    /// The time that is so long `after` some beginning.
    pub(crate) fn new(after: Duration, patience: u64) -> Self {
        Self { seconds: after.as_secs(), patience }
    }

    /// Gives `f` the current recorder.
    pub(crate) fn here<R>(self, f: impl FnOnce(Here<'_>) -> R) -> R {
        with_recorder(|recorder| {
            let address = recorder::address(recorder);
            f(Here { recorder, address, is_lasting: recorder::is_lasting(address), now: self })
        })
    }
}
