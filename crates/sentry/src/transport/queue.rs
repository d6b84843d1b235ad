use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use super::limits::Limits;
use crate::scrub::Leaving;

/// What waits to be sent, bounded in envelopes and in bytes, with those being sent.
#[derive(Debug)]
pub(super) struct Queue {
    bounds: Bounds,
    state: Mutex<State>,
    /// There is something to do.
    work: Condvar,
    /// Something is done.
    progress: Condvar,
}

/// What the queue may hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub(super) envelopes: usize,
    pub(super) bytes: usize,
}

/// What a sender has to do next. What has a ticket is to be [done](Queue::done).
#[derive(Debug)]
pub(super) enum Task {
    /// To send this, with a report of what was lost if one is due.
    Send(Box<Queued>, ReportDue, Ticket),
    /// To send a report of what was lost.
    Report(Ticket),
    /// To let go of these, for the time is up, and to end.
    End(Vec<Queued>),
}

#[derive(Debug)]
pub(super) struct Queued {
    pub(super) leaving: Leaving,
    pub(super) bytes: usize,
}

pub(super) type ReportDue = bool;

/// The place of a task among all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ticket(u64);

#[derive(Debug)]
enum Entry {
    Envelope(Box<Queued>),
    /// Somebody who waits until all is sent wants to have the losses reported then.
    Report,
}

#[derive(Debug, Default)]
struct State {
    waiting: VecDeque<Entry>,
    /// How many entries were ever taken out: the ticket of the next.
    taken: u64,
    /// Which of them are not done.
    pending: Vec<Ticket>,
    /// Of the envelopes that wait and those that are being sent.
    bytes: usize,
    /// How many senders wait for work.
    sleeping: usize,
    /// When the next report may be sent. None was sent yet if there is no such time.
    report_from: Option<Instant>,
    limits: Limits,
    /// When what is left is let go.
    end: Option<Instant>,
}

/// The shortest time from one report to the next, but where somebody waits for it.
const REPORT_INTERVAL: Duration = Duration::from_secs(30);

impl Queue {
    pub(super) fn new(bounds: Bounds) -> Self {
        Self { bounds, state: Mutex::default(), work: Condvar::new(), progress: Condvar::new() }
    }

    /// Takes it in, unless there is no room.
    pub(super) fn push(&self, queued: Box<Queued>) -> Result<(), Box<Queued>> {
        let mut state = self.lock();
        let room = self.bounds.bytes.saturating_sub(state.bytes);
        if state.end.is_some() || state.waiting.len() >= self.bounds.envelopes || queued.bytes > room {
            return Err(queued);
        }
        state.bytes += queued.bytes;
        state.waiting.push_back(Entry::Envelope(queued));
        let asleep = state.sleeping > 0;
        drop(state);
        if asleep {
            self.work.notify_one();
        }
        Ok(())
    }

    /// Waits for what is to be done next. `unreported` says whether there are losses to report.
    pub(super) fn next(&self, unreported: impl Fn() -> bool) -> Task {
        let mut state = self.lock();
        loop {
            let now = Instant::now();
            if state.end.is_some_and(|end| end <= now) {
                return Task::End(state.let_go());
            }
            let held = state.limits.all_until(now);
            let report = unreported();
            let report_due = report && held.is_none() && state.report_from.is_none_or(|from| from <= now);
            // What is being sent may be lost, and belongs in the report too.
            let early = state.waiting.len() == 1 && !state.pending.is_empty();
            match state.waiting.front() {
                Some(Entry::Envelope(_)) => {
                    if let Some((Entry::Envelope(queued), ticket)) = state.take() {
                        if report_due {
                            state.report_from = Some(now + REPORT_INTERVAL);
                        }
                        return Task::Send(queued, report_due, ticket);
                    }
                }
                Some(Entry::Report) if !early => {
                    if let Some((_, ticket)) = state.take() {
                        if report && held.is_none() {
                            state.report_from = Some(now + REPORT_INTERVAL);
                            return Task::Report(ticket);
                        }
                        state.finish(ticket);
                        self.progress.notify_all();
                    }
                    continue;
                }
                None if report_due => {
                    state.report_from = Some(now + REPORT_INTERVAL);
                    let unasked = Ticket(u64::MAX);
                    state.pending.push(unasked);
                    return Task::Report(unasked);
                }
                None if state.end.is_some() && state.pending.is_empty() => return Task::End(Vec::new()),
                _ => {}
            }
            let report_from = report.then_some(held.max(state.report_from)).flatten();
            let until = [report_from, state.end].into_iter().flatten().min();
            state.sleeping += 1;
            state = match until {
                Some(until) => {
                    let waited = self.work.wait_timeout(state, until.saturating_duration_since(now));
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.work.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
            state.sleeping -= 1;
        }
    }

    /// A task is over, and these bytes are free.
    pub(super) fn done(&self, ticket: Ticket, bytes: usize) {
        let mut state = self.lock();
        state.finish(ticket);
        state.bytes -= bytes;
        drop(state);
        self.progress.notify_all();
        // One of them may have waited for this to be over.
        self.work.notify_all();
    }

    /// Has a sender look again: there is something to report.
    pub(super) fn wake(&self) {
        // A sender that has just looked holds the lock until it waits.
        drop(self.lock());
        self.work.notify_one();
    }

    /// Waits until all that is here now is sent, and the losses are reported, for so long at most. Whether it is so.
    pub(super) fn flush(&self, timeout: Duration) -> bool {
        let mut state = self.lock();
        if state.end.is_some() {
            return state.waiting.is_empty();
        }
        if !matches!(state.waiting.back(), Some(Entry::Report)) {
            state.waiting.push_back(Entry::Report);
        }
        let last = Ticket(state.taken + state.waiting.len() as u64 - 1);
        self.work.notify_all();
        let waited = self.progress.wait_timeout_while(state, timeout, |state| !state.is_done_with(last));
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
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

impl State {
    fn take(&mut self) -> Option<(Entry, Ticket)> {
        let entry = self.waiting.pop_front()?;
        let ticket = Ticket(self.taken);
        self.taken += 1;
        self.pending.push(ticket);
        Some((entry, ticket))
    }

    fn finish(&mut self, ticket: Ticket) {
        if let Some(at) = self.pending.iter().position(|pending| *pending == ticket) {
            self.pending.swap_remove(at);
        }
    }

    /// Whether this and all before it are over.
    fn is_done_with(&self, last: Ticket) -> bool {
        self.taken > last.0 && self.pending.iter().all(|pending| *pending > last)
    }

    fn let_go(&mut self) -> Vec<Queued> {
        let envelope = |entry| match entry {
            Entry::Envelope(queued) => Some(*queued),
            Entry::Report => None,
        };
        std::mem::take(&mut self.waiting).into_iter().filter_map(envelope).collect()
    }
}
