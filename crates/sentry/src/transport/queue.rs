use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use sentry::Envelope;

use super::limits::Limits;

/// What waits to be sent, bounded in envelopes and in bytes, with those being sent.
#[derive(Debug)]
pub(super) struct Queue {
    bounds: Bounds,
    state: Mutex<State>,
    /// There is something to do.
    work: Condvar,
    /// There is nothing left to do.
    idle: Condvar,
}

/// What the queue may hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub(super) envelopes: usize,
    pub(super) bytes: usize,
}

/// What a sender has to do next. All but the last are to be [done](Queue::done).
#[derive(Debug)]
pub(super) enum Task {
    /// To send this, with a report of what was lost if one is due.
    Send(Box<Queued>, ReportDue),
    /// To send a report of what was lost.
    Report,
    /// To let go of these, for the time is up, and to end.
    End(VecDeque<Queued>),
}

#[derive(Debug)]
pub(super) struct Queued {
    pub(super) envelope: Envelope,
    pub(super) bytes: usize,
}

pub(super) type ReportDue = bool;

#[derive(Debug, Default)]
struct State {
    waiting: VecDeque<Queued>,
    /// Of those that wait and those that are being sent.
    bytes: usize,
    /// How many tasks are being carried out.
    busy: usize,
    /// When the next report may be sent. None was sent yet if there is no such time.
    report_from: Option<Instant>,
    /// Somebody waits until all is sent, the report included.
    flushing: bool,
    limits: Limits,
    /// When what is left is let go.
    end: Option<Instant>,
}

/// The shortest time from one report to the next.
const REPORT_INTERVAL: Duration = Duration::from_secs(30);

impl Queue {
    pub(super) fn new(bounds: Bounds) -> Self {
        Self { bounds, state: Mutex::default(), work: Condvar::new(), idle: Condvar::new() }
    }

    /// Takes it in, unless there is no room.
    pub(super) fn push(&self, queued: Queued) -> Result<(), Box<Queued>> {
        let mut state = self.lock();
        let room = self.bounds.bytes.saturating_sub(state.bytes);
        if state.end.is_some() || state.waiting.len() >= self.bounds.envelopes || queued.bytes > room {
            return Err(Box::new(queued));
        }
        state.bytes += queued.bytes;
        state.waiting.push_back(queued);
        drop(state);
        self.work.notify_one();
        Ok(())
    }

    /// Waits for what is to be done next. `unreported` says whether there are losses to report.
    pub(super) fn next(&self, unreported: impl Fn() -> bool) -> Task {
        let mut state = self.lock();
        loop {
            let now = Instant::now();
            if state.end.is_some_and(|end| end <= now) {
                return Task::End(std::mem::take(&mut state.waiting));
            }
            let report = unreported();
            let report_due = report && state.report_from.is_none_or(|from| from <= now);
            if let Some(queued) = state.waiting.pop_front() {
                state.busy += 1;
                if report_due {
                    state.report_from = Some(now + REPORT_INTERVAL);
                }
                return Task::Send(Box::new(queued), report_due);
            }
            let held = state.limits.all_until(now);
            // While others are busy, there may be more to report in a moment.
            let asked = report && state.flushing && state.busy == 0;
            if held.is_none() && (report_due || asked) {
                state.busy += 1;
                state.flushing = false;
                state.report_from = Some(now + REPORT_INTERVAL);
                return Task::Report;
            }
            if state.busy == 0 {
                state.flushing = false;
                self.idle.notify_all();
                if state.end.is_some() {
                    return Task::End(VecDeque::new());
                }
            }
            let report_from = report.then_some(held.max(state.report_from)).flatten();
            let until = [report_from, state.end].into_iter().flatten().min();
            state = match until {
                Some(until) => {
                    let waited = self.work.wait_timeout(state, until.saturating_duration_since(now));
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.work.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    /// A task is over, and these bytes are free.
    pub(super) fn done(&self, bytes: usize) {
        let mut state = self.lock();
        state.busy -= 1;
        state.bytes -= bytes;
        let last = state.busy == 0 && state.waiting.is_empty();
        drop(state);
        if last {
            // Whether there is something left to report is for a sender to see.
            self.work.notify_all();
        }
    }

    /// Has a sender look again: there is something to report.
    pub(super) fn wake(&self) {
        // A sender that has just looked holds the lock until it waits.
        drop(self.lock());
        self.work.notify_one();
    }

    /// Waits until all is sent, for so long at most. Whether it is.
    pub(super) fn flush(&self, timeout: Duration) -> bool {
        let mut state = self.lock();
        if state.end.is_some() {
            return state.waiting.is_empty();
        }
        state.flushing = true;
        self.work.notify_all();
        let left = |state: &mut State| state.flushing || state.busy > 0 || !state.waiting.is_empty();
        let (state, timeout) =
            self.idle.wait_timeout_while(state, timeout, left).unwrap_or_else(PoisonError::into_inner);
        drop(state);
        !timeout.timed_out()
    }

    /// Takes nothing more in, and gives the senders so long for what there is.
    pub(super) fn close(&self, grace: Duration) {
        self.lock().end = Some(Instant::now() + grace);
        self.work.notify_all();
    }

    /// How long a task may take from now on, of so much at most.
    pub(super) fn time_for_one(&self, most: Duration) -> Duration {
        let end = self.lock().end;
        end.map_or(most, |end| end.saturating_duration_since(Instant::now()).min(most))
    }

    pub(super) fn limits(&self) -> Limits {
        self.lock().limits
    }

    pub(super) fn update_limits(&self, update: impl FnOnce(&mut Limits)) {
        update(&mut self.lock().limits);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
