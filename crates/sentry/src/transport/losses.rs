use std::sync::{Mutex, PoisonError};

use sentry::protocol::{
    ClientReport,
    client_report::{Category, Item, ItemLoss, LossSource, Reason},
};

use crate::dropped::{Cause, Dropped, count, reason};

/// Counts what is lost on the way to the server: on the metric, and until it can be reported to the server.
#[derive(Debug, Default)]
pub(super) struct Losses {
    pub(super) dropped: Dropped,
    /// By category and reason, each pair once: there are not many.
    unreported: Mutex<Vec<Unreported>>,
}

/// How much of a category was lost for a reason.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unreported {
    category: Category,
    reason: Reason,
    quantity: u64,
}

impl Losses {
    /// Counts what is lost. Whether there is something to report now, where nothing was before.
    pub(super) fn add(&self, cause: Cause, losses: &[ItemLoss]) -> bool {
        self.dropped.add(cause, losses.iter().copied());
        let Some(reason) = cause.reported() else { return false };
        self.note(losses.iter().map(|&ItemLoss { category, quantity, .. }| Unreported { category, reason, quantity }))
    }

    /// Takes over what the client wants to have reported, which it lost before anything came here. The answer is that of
    /// [`add`](Self::add).
    pub(super) fn take_over(&self, report: &ClientReport) -> bool {
        let losses = report.losses().filter_map(|loss| Some((loss, loss.reason?)));
        self.note(losses.map(|(loss, why)| {
            count(&loss, reason(why));
            Unreported { category: loss.category, reason: why, quantity: loss.quantity }
        }))
    }

    pub(super) fn any_unreported(&self) -> bool {
        !self.unreported.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    pub(super) fn take(&self) -> Vec<Unreported> {
        std::mem::take(&mut *self.unreported.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Keeps what was taken and did not reach the server.
    pub(super) fn put_back(&self, unreported: Vec<Unreported>) {
        self.note(unreported);
    }

    fn note(&self, losses: impl IntoIterator<Item = Unreported>) -> bool {
        let mut unreported = self.unreported.lock().unwrap_or_else(PoisonError::into_inner);
        let was_empty = unreported.is_empty();
        for loss in losses.into_iter().filter(|loss| loss.quantity > 0) {
            let same = |known: &&mut Unreported| known.category == loss.category && known.reason == loss.reason;
            match unreported.iter_mut().find(same) {
                Some(known) => known.quantity = known.quantity.saturating_add(loss.quantity),
                None => unreported.push(loss),
            }
        }
        was_empty && !unreported.is_empty()
    }
}

/// The report of these losses.
pub(super) fn report(unreported: &[Unreported]) -> ClientReport {
    let item = |loss: &Unreported| Item::new(loss.category, loss.reason, loss.quantity);
    ClientReport::new(unreported.iter().map(item))
}
