use sentry::{
    Envelope,
    protocol::{
        EnvelopeHeaders, EnvelopeItem, ItemContainer,
        value::{Value, from_value, to_value},
    },
};

use super::walk::Walk;
use crate::{
    conclusion::Conclusion,
    dropped::{Cause, Dropped},
    dynamic_sampling::Context,
};

/// The envelope as it may leave, if anything is left of it.
pub(super) fn scrub(
    envelope: Envelope,
    mut conclusion: Option<Box<Conclusion>>,
    walk: &Walk<'_>,
    dropped: &Dropped,
) -> Option<Envelope> {
    let envelope = if envelope.items().next().is_some() { envelope } else { read(&envelope, dropped)? };
    let mut scrubbed = match conclusion.as_mut().and_then(|conclusion| conclusion.sampling.take()) {
        // There is nothing in it that comes from elsewhere.
        Some(Context::Own(own)) => Envelope::new().with_headers(EnvelopeHeaders::new().with_trace(own)),
        Some(Context::Callers(callers)) => {
            let headers = envelope.headers().clone().with_trace(callers);
            with_headers_of(&Envelope::new().with_headers(headers), walk)
        }
        None => with_headers_of(&envelope, walk),
    };
    for mut item in envelope.into_items() {
        match scrub_item(&mut item, walk) {
            Ok(()) => {
                if let EnvelopeItem::Transaction(transaction) = &mut item
                    && let Some(conclusion) = conclusion.take()
                {
                    conclusion.add_to(transaction, walk);
                }
                scrubbed.add_item(item);
            }
            Err(cause) => dropped.item(cause, &item),
        }
    }
    scrubbed.items().next().is_some().then_some(scrubbed)
}

/// An envelope that shows no items is empty, or raw: bytes that nobody has looked at.
fn read(envelope: &Envelope, dropped: &Dropped) -> Option<Envelope> {
    let mut bytes = Vec::new();
    let parsed = envelope.to_writer(&mut bytes).is_ok().then(|| Envelope::from_slice(&bytes));
    match parsed {
        Some(Ok(envelope)) => envelope.items().next().is_some().then_some(envelope),
        _ => {
            dropped.item(Cause::Unreadable, &EnvelopeItem::Raw);
            None
        }
    }
}

fn scrub_item(item: &mut EnvelopeItem, walk: &Walk<'_>) -> Result<(), Cause> {
    match item {
        EnvelopeItem::Event(event) => walk.event(event),
        EnvelopeItem::Transaction(transaction) => walk.transaction(transaction),
        EnvelopeItem::SessionUpdate(session) => walk.session(session),
        EnvelopeItem::SessionAggregates(sessions) => walk.sessions(sessions),
        EnvelopeItem::MonitorCheckIn(check_in) => walk.check_in(check_in),
        EnvelopeItem::Attachment(attachment) => return walk.attachment(attachment),
        EnvelopeItem::ItemContainer(ItemContainer::Logs(logs)) => {
            for log in logs {
                walk.log(log);
            }
        }
        EnvelopeItem::ItemContainer(ItemContainer::Metrics(metrics)) => {
            for metric in metrics {
                walk.metric(metric);
            }
        }
        // Numbers, by names from closed sets.
        EnvelopeItem::ClientReport(_) => {}
        // What a later SDK sends is not sent before somebody has looked at what is in it.
        _ => return Err(Cause::Unknown),
    }
    Ok(())
}

/// Of all that the headers hold, the transaction's name alone may be text from elsewhere: the others are ids, and how the client or
/// that of a caller was set up. The SDK's own headers have no such name. They can only be read as JSON.
fn with_headers_of(envelope: &Envelope, walk: &Walk<'_>) -> Envelope {
    let headers = Envelope::new().with_headers(envelope.headers().clone());
    let mut json = Vec::with_capacity(256);
    let written = headers.to_writer(&mut json);
    if written.is_ok() && !String::from_utf8_lossy(&json).contains("\"transaction\":") {
        return headers;
    }
    let mut json = to_value(envelope.headers()).unwrap_or_default();
    if let Some(Value::String(name)) = json.get_mut("trace").and_then(|trace| trace.get_mut("transaction")) {
        walk.text(name);
    }
    Envelope::new().with_headers(from_value::<EnvelopeHeaders>(json).unwrap_or_default())
}
