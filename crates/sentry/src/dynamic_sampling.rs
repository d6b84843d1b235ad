//! The dynamic sampling context of what is sent: the SDK makes one that knows neither the caller's, nor the rate that was really
//! applied. Source: <https://develop.sentry.dev/sdk/telemetry/traces/dynamic-sampling-context/>

use std::cell::RefCell;

use http::HeaderValue;
use sentry::{
    Client, Envelope,
    protocol::{
        DynamicSamplingContext, EnvelopeItem,
        value::{Map, Value, from_value},
    },
};
use tower_telemetry_core::TraceContext;

thread_local! {
    static CONTEXT: RefCell<Option<DynamicSamplingContext>> = const { RefCell::new(None) };
}

/// Runs `f`, whose transactions and events are sent with this context. The SDK hands them to the transport at once, on this very
/// thread, and gives no other way to say it.
pub(crate) fn with<R>(context: DynamicSamplingContext, f: impl FnOnce() -> R) -> R {
    struct Restore(Option<DynamicSamplingContext>);

    impl Drop for Restore {
        fn drop(&mut self) {
            CONTEXT.set(self.0.take());
        }
    }

    let _restore = Restore(CONTEXT.replace(Some(context)));
    f()
}

/// The envelope with the context that holds here, if it is of a kind that has one.
pub(crate) fn stamp(envelope: Envelope) -> Envelope {
    let Some(context) = CONTEXT.with_borrow(Clone::clone) else { return envelope };
    if !envelope.items().any(|item| matches!(item, EnvelopeItem::Transaction(_) | EnvelopeItem::Event(_))) {
        return envelope;
    }
    let headers = envelope.headers().clone().with_trace(context);
    envelope.with_headers(headers)
}

/// The context of this trace: the caller's as it came, if it sent one, else our own, of an exchange with this name that was
/// sampled at this rate.
pub(crate) fn context(trace: &TraceContext, client: &Client, rate: f64, name: &str) -> DynamicSamplingContext {
    trace.baggage.as_ref().and_then(frozen).unwrap_or_else(|| own(trace, client, rate, name))
}

/// The longest value that is taken over, in bytes. Sentry's longest, a release, has 200.
const MAX_VALUE: usize = 200;

/// The members whose key begins so are Sentry's.
const PREFIX: &str = "sentry-";

/// What a caller sends of it, as far as it makes sense. It is not changed or completed, so that all that belongs to a trace is
/// sampled alike.
fn frozen(baggage: &HeaderValue) -> Option<DynamicSamplingContext> {
    let mut fields = Map::new();
    for member in baggage.to_str().ok()?.split(',') {
        let member = member.split(';').next().unwrap_or_default();
        let Some((key, value)) = member.trim().strip_prefix(PREFIX).and_then(|field| field.split_once('=')) else {
            continue;
        };
        let Some(value) = decoded(value.trim()).filter(|value| is_sane(value)) else { continue };
        let (key, value) = (key.trim_end(), Value::from(value));
        let alone = Map::from_iter([(key.to_owned(), value.clone())]);
        if from_value::<DynamicSamplingContext>(alone.into()).is_ok_and(|known| known != DynamicSamplingContext::new())
        {
            fields.insert(key.to_owned(), value);
        }
    }
    // Without these two it is none.
    let complete = fields.contains_key("trace_id") && fields.contains_key("public_key");
    complete.then(|| from_value(fields.into()).ok()).flatten()
}

fn own(trace: &TraceContext, client: &Client, rate: f64, name: &str) -> DynamicSamplingContext {
    let options = client.options();
    #[expect(clippy::cast_possible_truncation, reason = "a rate needs no more digits")]
    let mut context = DynamicSamplingContext::new()
        .with_trace_id(trace.trace_id.to_bytes().into())
        .with_sample_rate(rate as f32)
        .with_sampled(true)
        .with_transaction(name.to_owned());
    if let Some(dsn) = client.dsn() {
        context = context.with_public_key(dsn.public_key().to_owned());
    }
    if let Some(org_id) = options.org_id.or_else(|| client.dsn()?.org_id()) {
        context = context.with_org_id(org_id);
    }
    if let Some(release) = &options.release {
        context = context.with_release(release.clone().into_owned());
    }
    if let Some(environment) = &options.environment {
        context = context.with_environment(environment.clone().into_owned());
    }
    context
}

/// Without percent-encoding. `None` if that is none, or hides what is no text.
fn decoded(value: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
                digit()? << 4 | digit()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

fn is_sane(value: &str) -> bool {
    !value.is_empty() && value.len() <= MAX_VALUE && !value.contains(char::is_control)
}
