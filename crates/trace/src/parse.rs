use http::{HeaderMap, HeaderName, HeaderValue};
use tower_telemetry_core::{Parent, SpanId, TraceContext, TraceId};

/// The W3C's limit for what must be passed on.
const MAX_BAGGAGE: usize = 8192;

// A name that is a text is parsed each time it is looked for.
static SENTRY_TRACE: HeaderName = HeaderName::from_static("sentry-trace");
static TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
static BAGGAGE: HeaderName = HeaderName::from_static("baggage");

/// The caller's trace, if its headers tell of a valid one. Where both are there, Sentry's own header is the more exact.
pub(crate) fn trace_context(headers: &HeaderMap) -> Option<TraceContext> {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let (trace_id, parent) =
        text(&SENTRY_TRACE).and_then(sentry_trace).or_else(|| text(&TRACEPARENT).and_then(traceparent))?;
    Some(TraceContext::child(trace_id, parent, baggage(headers)))
}

/// All of it: each proxy may have added a header of its own.
fn baggage(headers: &HeaderMap) -> Option<HeaderValue> {
    let mut values = headers.get_all(&BAGGAGE).iter();
    let first = values.next()?;
    if values.next().is_none() {
        return Some(first).filter(|value| value.len() <= MAX_BAGGAGE).cloned();
    }
    let all: Vec<_> = headers.get_all(&BAGGAGE).iter().map(HeaderValue::as_bytes).collect();
    let all = Some(all.join(&b","[..])).filter(|all| all.len() <= MAX_BAGGAGE);
    HeaderValue::from_bytes(&all?).ok()
}

/// `{trace id}-{span id}`, with `-1` or `-0` if the caller has decided.
///
/// Source: <https://develop.sentry.dev/sdk/telemetry/traces/#header-sentry-trace>
fn sentry_trace(text: &str) -> Option<(TraceId, Parent)> {
    let mut parts = text.trim().split('-');
    let trace_id = TraceId::parse(parts.next()?)?;
    let span_id = SpanId::parse(parts.next()?)?;
    let sampled = match parts.next() {
        None | Some("") => None,
        Some("1") => Some(true),
        Some("0") => Some(false),
        Some(_) => return None,
    };
    parts.next().is_none().then_some((trace_id, Parent::new(span_id, sampled)))
}

/// `{version}-{trace id}-{span id}-{flags}`, all in lower-case hex. Later versions may have more behind it.
///
/// Source: <https://www.w3.org/TR/trace-context/#traceparent-header>
fn traceparent(text: &str) -> Option<(TraceId, Parent)> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    let mut parts = text.split('-');
    let version = hex_byte(parts.next()?)?;
    let trace_id = TraceId::parse(parts.next()?)?;
    let span_id = SpanId::parse(parts.next()?)?;
    let flags = hex_byte(parts.next()?)?;
    let known_length = version != 0 || parts.next().is_none();
    (version != 0xff && known_length).then_some((trace_id, Parent::new(span_id, Some(flags & 1 == 1))))
}

fn hex_byte(text: &str) -> Option<u8> {
    let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    digits.then(|| u8::from_str_radix(text, 16).ok()).flatten()
}
