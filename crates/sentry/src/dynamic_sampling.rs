//! The dynamic sampling context of what is sent: the SDK makes one that knows neither the caller's, nor the rate that was really
//! applied. Source: <https://develop.sentry.dev/sdk/telemetry/traces/dynamic-sampling-context/>

use http::HeaderValue;
use sentry::{
    Client,
    protocol::{
        DynamicSamplingContext, SampleRand,
        value::{Map, Value},
    },
};
use serde::Deserialize;
use tower_telemetry_core::TraceContext;

/// The dynamic sampling context of a trace.
#[derive(Clone, Debug)]
pub(crate) enum Context {
    /// The caller's, as it came: its transaction's name is text from elsewhere.
    Callers(DynamicSamplingContext),
    /// Made here, of what names and sets up this service.
    Own(DynamicSamplingContext),
}

impl Context {
    /// That of this trace: the caller's if it sent one, else our own: what the [client](of_client) says, of an exchange with
    /// this name that was sampled at this rate.
    pub(crate) fn of(
        trace: &TraceContext,
        clients: impl FnOnce() -> DynamicSamplingContext,
        rate: f32,
        name: String,
    ) -> Self {
        match trace.baggage.as_ref().and_then(callers) {
            Some(context) => Self::Callers(context),
            None => Self::Own(own(trace, clients(), rate, name)),
        }
    }
}

/// The longest value that is taken over, in bytes. Sentry's longest, a release, has 200.
const MAX_VALUE: usize = 200;

/// The members whose key begins so are Sentry's.
const PREFIX: &str = "sentry-";

/// What a caller sends of it, as far as it makes sense. It is not changed or completed, so that all that belongs to a trace is
/// sampled alike.
fn callers(baggage: &HeaderValue) -> Option<DynamicSamplingContext> {
    let members = baggage.to_str().ok()?.split(',').filter_map(|member| {
        let (key, value) = member.trim_start().strip_prefix(PREFIX)?.split(';').next()?.split_once('=')?;
        let value = decoded(value.trim()).filter(|value| is_sane(value))?;
        Some((key.trim_end().to_owned(), Value::from(value)))
    });
    let mut fields: Map<String, Value> = members.collect();
    let read = |fields: Map<String, Value>| {
        let fields = Value::from(fields);
        DynamicSamplingContext::deserialize(&fields).ok()
    };
    // Without these two it is none.
    if !fields.contains_key("trace_id") || !fields.contains_key("public_key") {
        return None;
    }
    read(fields.clone()).or_else(|| {
        // What alone makes no sense is left out.
        fields.retain(|key, value| read(Map::from_iter([(key.clone(), value.clone())])).is_some());
        fields.contains_key("trace_id").then(|| read(fields)).flatten()
    })
}

fn own(trace: &TraceContext, clients: DynamicSamplingContext, rate: f32, name: String) -> DynamicSamplingContext {
    let context = clients
        .with_trace_id(trace.trace_id.to_bytes().into())
        .with_sample_rate(rate)
        .with_sampled(true)
        .with_transaction(name);
    match SampleRand::try_from(trace.sample_rand()) {
        Ok(sample_rand) => context.with_sample_rand(sample_rand),
        Err(_) => context,
    }
}

/// What a client says in all of them.
pub(crate) fn of_client(client: &Client) -> DynamicSamplingContext {
    let options = client.options();
    let mut context = DynamicSamplingContext::new();
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
