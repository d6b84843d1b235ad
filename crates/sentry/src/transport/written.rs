use std::time::SystemTime;

use sentry::{
    Envelope,
    protocol::{Context, EnvelopeItem, Transaction},
};
use serde::Deserialize;

/// Where a transaction says what its name is taken from. Source:
/// <https://getsentry.github.io/sentry-conventions/attributes/sentry/>
pub(crate) const SOURCE: &str = "sentry.span.source";

/// The names that Sentry has for it. Source:
/// <https://develop.sentry.dev/sdk/data-model/event-payloads/transaction/#transaction-annotations>
const SOURCES: [&str; 6] = ["custom", "url", "route", "view", "component", "task"];

/// The envelope as it is sent. `None` if it cannot be written.
pub(super) fn written(envelope: Envelope) -> Option<Vec<u8>> {
    let source = envelope.items().find_map(|item| match item {
        EnvelopeItem::Transaction(transaction) => source(transaction),
        _ => None,
    });
    let headers = envelope.headers().clone().with_sent_at(SystemTime::now());
    let mut bytes = Vec::new();
    envelope.with_headers(headers).to_writer(&mut bytes).ok()?;
    // The SDK's transactions have no field for it, and without it Sentry takes each name for one of a kind.
    let annotated = source.and_then(|source| annotated(&bytes, source));
    Some(annotated.unwrap_or(bytes))
}

fn source(transaction: &Transaction<'_>) -> Option<&'static str> {
    let Some(Context::Trace(trace)) = transaction.contexts.get("trace") else { return None };
    let said = trace.data.get(SOURCE)?.as_str()?;
    SOURCES.into_iter().find(|source| *source == said)
}

#[derive(Deserialize)]
struct ItemHeader {
    r#type: String,
    length: usize,
}

/// A copy in which the transaction says it in `transaction_info`. Nothing of it is parsed but the items' headers.
fn annotated(envelope: &[u8], source: &str) -> Option<Vec<u8>> {
    let mut copy = Vec::with_capacity(envelope.len() + 64);
    let (headers, mut rest) = line(envelope)?;
    copy.extend_from_slice(headers);
    while !rest.is_empty() {
        let (head, after) = line(rest)?;
        let header: ItemHeader = serde_json::from_slice(head).ok()?;
        let (payload, after) = after.split_at_checked(header.length)?;
        match payload.strip_prefix(b"{") {
            Some(fields) if header.r#type == "transaction" => {
                let info = format!("{{\"transaction_info\":{{\"source\":\"{source}\"}},");
                let length = info.len() + fields.len();
                copy.extend_from_slice(format!("{{\"type\":\"transaction\",\"length\":{length}}}\n{info}").as_bytes());
                copy.extend_from_slice(fields);
            }
            _ => {
                copy.extend_from_slice(head);
                copy.extend_from_slice(payload);
            }
        }
        copy.push(b'\n');
        rest = after.strip_prefix(b"\n").unwrap_or(after);
    }
    Some(copy)
}

/// A line with its end, and what comes after it.
fn line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    Some(bytes.split_at(end + 1))
}
