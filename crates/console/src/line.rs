use std::{
    fmt::{self, Write as _},
    time::SystemTime,
};

use sentry_core::protocol::{Context, EnvelopeItem, Event, Map, Transaction};

/// Longer names and messages are cut, in characters.
const MAX_TEXT: usize = 200;

/// One line for an item, without the line's end.
pub(crate) fn line(item: &EnvelopeItem) -> String {
    match item {
        EnvelopeItem::Event(event) => event_line(event),
        EnvelopeItem::Transaction(transaction) => transaction_line(transaction),
        EnvelopeItem::SessionUpdate(_) => "session update".into(),
        EnvelopeItem::SessionAggregates(_) => "session aggregates".into(),
        EnvelopeItem::Attachment(attachment) => {
            format!("attachment {} {} B", Text(&attachment.filename), attachment.buffer.len())
        }
        EnvelopeItem::MonitorCheckIn(_) => "monitor check-in".into(),
        EnvelopeItem::ClientReport(_) => "client report".into(),
        EnvelopeItem::ItemContainer(container) => format!("{} {}", container.len(), container.ty()),
        _ => "item of another kind".into(),
    }
}

fn transaction_line(transaction: &Transaction<'_>) -> String {
    let mut line = format!("transaction {}", Text(transaction.name.as_deref().unwrap_or("without a name")));
    if let Some(Context::Trace(trace)) = transaction.contexts.get("trace")
        && let Some(status) = &trace.status
    {
        let _ = write!(line, ", {status}");
    }
    let end = transaction.timestamp.unwrap_or_else(SystemTime::now);
    let millis = end.duration_since(transaction.start_timestamp).unwrap_or_default().as_secs_f64() * 1000.0;
    let _ = write!(line, ", {millis:.1} ms, spans {}", transaction.spans.len());
    push_trace(&mut line, &transaction.contexts);
    line
}

fn event_line(event: &Event<'_>) -> String {
    let mut line = format!("event {}", event.level);
    if let Some(exception) = event.exception.last() {
        let _ = write!(line, " {}: {}", Text(&exception.ty), Text(exception.value.as_deref().unwrap_or_default()));
    } else if let Some(message) = &event.message {
        let _ = write!(line, " {}", Text(message));
    }
    if let Some(transaction) = &event.transaction {
        let _ = write!(line, ", in {}", Text(transaction));
    }
    push_trace(&mut line, &event.contexts);
    line
}

fn push_trace(line: &mut String, contexts: &Map<String, Context>) {
    if let Some(Context::Trace(trace)) = contexts.get("trace") {
        let _ = write!(line, ", trace {}", trace.trace_id);
    }
}

/// Text from elsewhere: on one line, without control characters, and not too long.
struct Text<'a>(&'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for char in self.0.chars().take(MAX_TEXT) {
            f.write_char(if char.is_control() { ' ' } else { char })?;
        }
        if self.0.chars().nth(MAX_TEXT).is_some() { f.write_str("…") } else { Ok(()) }
    }
}
