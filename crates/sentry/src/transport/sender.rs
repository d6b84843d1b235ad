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
use crate::{dropped::Cause, mute};

/// Takes envelopes in, and sends them from threads of its own.
#[derive(Debug)]
pub(super) struct Sender {
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
        let (envelope, limited) = match envelope {
            Some(envelope) => without_limited(envelope, &self.queue.limits()),
            None => (None, Vec::new()),
        };
        if !limited.is_empty() {
            news |= self.losses.add(Cause::RatelimitBackoff, &limited);
        }
        if let Some(envelope) = envelope {
            let refused = match catch_unwind(AssertUnwindSafe(|| weigh(&envelope))) {
                Ok(bytes) => {
                    let refused = self.queue.push(Queued { envelope, bytes }).err();
                    refused.map(|queued| (Cause::QueueOverflow, queued.envelope))
                }
                Err(_) => Some((Cause::Internal, envelope)),
            };
            let Some((cause, envelope)) = refused else { return };
            news |= self.losses.add(cause, &losses_of(&envelope));
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
                        let Queued { envelope, bytes } = *queued;
                        self.send_or_survive(Some(envelope), report_due);
                        self.queue.done(ticket, bytes);
                    }
                    Task::Report(ticket) => {
                        self.send_or_survive(None, true);
                        self.queue.done(ticket, 0);
                    }
                    Task::End(left) => {
                        for queued in left {
                            self.losses.add(Cause::Shutdown, &losses_of(&queued.envelope));
                        }
                        return;
                    }
                }
            }
        });
    }

    fn send_or_survive(&self, envelope: Option<Envelope>, report_due: ReportDue) {
        // What panics is code of others: a recorder of metrics, say.
        let _ = catch_unwind(AssertUnwindSafe(|| self.send(envelope, report_due)));
    }

    /// Sends this, or a report alone.
    fn send(&self, envelope: Option<Envelope>, report_due: ReportDue) {
        let alone = envelope.is_none();
        // Limits may have come while it waited.
        let (envelope, limited) = without_limited(envelope.unwrap_or_default(), &self.queue.limits());
        if !limited.is_empty() {
            self.losses.add(Cause::RatelimitBackoff, &limited);
        }
        let Some(mut envelope) = envelope else { return };
        let losses = losses_of(&envelope);
        let unreported = if report_due { self.losses.take() } else { Vec::new() };
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
            if !alone {
                self.losses.add(cause, &losses);
            }
            self.losses.put_back(unreported);
        }
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
fn without_limited(envelope: Envelope, limits: &Limits) -> (Option<Envelope>, Vec<ItemLoss>) {
    let now = Instant::now();
    if !limits.any(now) {
        return (Some(envelope), Vec::new());
    }
    if envelope.items().next().is_none() {
        // Raw. Nobody knows what is in it.
        let held = limits.all_until(now).is_some();
        return (Some(envelope).filter(|_| !held), Vec::new());
    }
    let mut rest = Envelope::new().with_headers(envelope.headers().clone());
    let mut limited = Vec::new();
    let mut attachments = Vec::new();
    let mut has_event = false;
    for item in envelope.into_items() {
        let held = limits.hold(&item, now);
        has_event |= !held && matches!(item, EnvelopeItem::Event(_) | EnvelopeItem::Transaction(_));
        match item {
            item if held => limited.extend(item.losses()),
            EnvelopeItem::Attachment(_) => attachments.push(item),
            item => rest.add_item(item),
        }
    }
    for attachment in attachments {
        // Without their event they are nothing.
        if has_event {
            rest.add_item(attachment);
        } else {
            limited.extend(attachment.losses());
        }
    }
    (rest.items().next().is_some().then_some(rest), limited)
}

fn losses_of(envelope: &Envelope) -> Vec<ItemLoss> {
    envelope.losses().collect()
}

/// Whether there is nothing but headers.
fn is_empty(bytes: &[u8]) -> bool {
    bytes.iter().position(|byte| *byte == b'\n').is_none_or(|end| end + 1 == bytes.len())
}
