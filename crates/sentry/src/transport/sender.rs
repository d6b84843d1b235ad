use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

use sentry::{
    Envelope,
    protocol::{
        EnvelopeItem,
        client_report::{ItemLoss, LossSource},
    },
};

use super::{
    limits::Limits,
    losses::{Losses, report},
    post::Post,
    queue::{Queue, Queued, ReportDue, Task},
    weigh::weigh,
    written::written,
};
use crate::{Boundary, dropped::Cause, mute, scrub::Leaving};

/// Takes envelopes in, and sends them from threads of its own.
#[derive(Debug)]
pub(super) struct Sender {
    /// What is scrubbed here, if it is.
    pub(super) boundary: Option<Boundary>,
    pub(super) queue: Queue,
    pub(super) post: Post,
    /// How long one envelope may take.
    pub(super) timeout: Duration,
    pub(super) losses: Losses,
}

impl Sender {
    /// Queues the envelope, or counts it as lost. Never waits, and never panics.
    pub(super) fn take_in(&self, envelope: Envelope) {
        let (envelope, mut news) = self.without_report(envelope);
        let leaving = envelope.and_then(|envelope| match self.boundary {
            Some(_) => Leaving::of(envelope),
            None => Some(Leaving::as_it_is(envelope)),
        });
        let (leaving, limited) = leaving.map_or((None, None), |leaving| without_limited(leaving, &self.queue.limits()));
        if let Some(limited) = limited {
            news |= self.losses.add(Cause::RatelimitBackoff, &limited);
        }
        if let Some(leaving) = leaving {
            let refused = match catch_unwind(AssertUnwindSafe(|| weigh(&leaving))) {
                Ok(bytes) => {
                    let refused = self.queue.push(Box::new(Queued { leaving, bytes })).err();
                    refused.map(|queued| (Cause::QueueOverflow, queued.leaving))
                }
                Err(_) => Some((Cause::Internal, leaving)),
            };
            let Some((cause, leaving)) = refused else { return };
            news |= self.losses.add(cause, &losses_of(&leaving.envelope));
        }
        if news {
            self.queue.wake();
        }
    }

    /// Sends what is taken in, until the queue is closed.
    pub(super) fn run(&self) {
        // What is logged on the way is not sent on the same way.
        mute::muted(|| {
            loop {
                match self.queue.next(|| self.losses.any_unreported()) {
                    Task::Send(queued, report_due, ticket) => {
                        let Queued { leaving, bytes } = *queued;
                        self.send_or_survive(Some(leaving), report_due);
                        self.queue.done(ticket, bytes);
                    }
                    Task::Report(ticket) => {
                        self.send_or_survive(None, true);
                        self.queue.done(ticket, 0);
                    }
                    Task::End(left) => {
                        for queued in left {
                            self.losses.add(Cause::Shutdown, &losses_of(&queued.leaving.envelope));
                        }
                        return;
                    }
                }
            }
        });
    }

    fn send_or_survive(&self, leaving: Option<Leaving>, report_due: ReportDue) {
        // What panics is code of others: a recorder of metrics, say.
        let _ = catch_unwind(AssertUnwindSafe(|| self.send(leaving, report_due)));
    }

    /// Sends this, or a report alone.
    fn send(&self, leaving: Option<Leaving>, report_due: ReportDue) {
        // Limits may have come while it waited.
        let (leaving, limited) = leaving.map_or((None, None), |leaving| without_limited(leaving, &self.queue.limits()));
        if let Some(limited) = limited {
            self.losses.add(Cause::RatelimitBackoff, &limited);
        }
        let envelope = leaving.and_then(|leaving| self.scrubbed(leaving));
        let lost = envelope.as_ref().map(losses_of);
        // What has no items that can be seen is raw, and takes no more.
        let takes_report = envelope.as_ref().is_none_or(|envelope| envelope.items().next().is_some());
        let unreported = if report_due && takes_report { self.losses.take() } else { Vec::new() };
        let mut envelope = envelope.unwrap_or_default();
        let bytes = catch_unwind(AssertUnwindSafe(|| {
            if !unreported.is_empty() {
                envelope.add_item(report(&unreported));
            }
            written(envelope)
        }));
        let result = match bytes {
            Ok(Some(bytes)) if is_empty(&bytes) => Ok(()),
            Ok(Some(bytes)) => self.post(&bytes),
            _ => Err(Cause::Internal),
        };
        if let Err(cause) = result {
            if let Some(lost) = lost {
                self.losses.add(cause, &lost);
            }
            self.losses.put_back(unreported);
        }
    }

    fn scrubbed(&self, leaving: Leaving) -> Option<Envelope> {
        let Some(boundary) = &self.boundary else { return Some(leaving.envelope) };
        let lost = losses_of(&leaving.envelope);
        let scrubbed = catch_unwind(AssertUnwindSafe(|| leaving.scrubbed(boundary, &self.losses.dropped)));
        scrubbed.unwrap_or_else(|_| {
            self.losses.add(Cause::Internal, &lost);
            None
        })
    }

    fn post(&self, bytes: &[u8]) -> Result<(), Cause> {
        let timeout = self.queue.time_for_one(self.timeout);
        let answer = catch_unwind(AssertUnwindSafe(|| self.post.send(bytes, timeout)));
        let answer = answer.unwrap_or_default().ok_or(Cause::NetworkError)?;
        let (limits, retry_after) = (answer.limits.as_deref(), answer.retry_after.as_deref());
        self.queue.update_limits(|held| held.update(Instant::now(), answer.status, limits, retry_after));
        match answer.status {
            200..=299 => Ok(()),
            429 => Err(Cause::RateLimited),
            _ => Err(Cause::SendError),
        }
    }

    /// The envelope without what the client wants to have reported of its losses. They are sent with our own, now and then.
    fn without_report(&self, envelope: Envelope) -> (Option<Envelope>, bool) {
        if !envelope.items().any(|item| matches!(item, EnvelopeItem::ClientReport(_))) {
            return (Some(envelope), false);
        }
        let mut news = false;
        let mut rest = Envelope::new().with_headers(envelope.headers().clone());
        for item in envelope.into_items() {
            match item {
                EnvelopeItem::ClientReport(report) => news |= self.losses.take_over(&report),
                item => rest.add_item(item),
            }
        }
        (rest.items().next().is_some().then_some(rest), news)
    }
}

/// What is left of it, and what is not. The SDK's own filter drops the envelope's headers, the dynamic sampling context with
/// them: this one keeps them.
fn without_limited(leaving: Leaving, limits: &Limits) -> (Option<Leaving>, Option<Vec<ItemLoss>>) {
    let now = Instant::now();
    if !limits.any(now) {
        return (Some(leaving), None);
    }
    if leaving.envelope.items().next().is_none() {
        // Raw. Nobody knows what is in it.
        let held = limits.all_until(now).is_some();
        return if held { (None, Some(Vec::new())) } else { (Some(leaving), None) };
    }
    let Leaving { envelope, conclusion } = leaving;
    let mut rest = Envelope::new().with_headers(envelope.headers().clone());
    let mut limited = Vec::new();
    let mut attachments = Vec::new();
    let mut event_is_held = false;
    for item in envelope.into_items() {
        let held = limits.hold(&item, now);
        event_is_held |= held && matches!(item, EnvelopeItem::Event(_) | EnvelopeItem::Transaction(_));
        match item {
            item if held => limited.extend(item.losses()),
            EnvelopeItem::Attachment(_) => attachments.push(item),
            item => rest.add_item(item),
        }
    }
    for attachment in attachments {
        // Without their event they are nothing.
        if event_is_held {
            limited.extend(attachment.losses());
        } else {
            rest.add_item(attachment);
        }
    }
    let rest = rest.items().next().is_some().then_some(Leaving { envelope: rest, conclusion });
    (rest, (!limited.is_empty()).then_some(limited))
}

fn losses_of(envelope: &Envelope) -> Vec<ItemLoss> {
    envelope.losses().collect()
}

/// Whether there is nothing but headers.
fn is_empty(bytes: &[u8]) -> bool {
    bytes.iter().position(|byte| *byte == b'\n').is_none_or(|end| end + 1 == bytes.len())
}
