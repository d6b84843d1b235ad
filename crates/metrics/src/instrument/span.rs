use std::{borrow::Cow, fmt};

use tower_telemetry_scrub::Scrubber;
use tracing::{Span, field};

use super::{Label, kind::LabelSet, label::Value};

/// A span whose fields' names are known when the program is compiled, as `tracing` wants it.
macro_rules! open_span {
    ($span:literal, $op:expr, $name:expr, $($attribute:literal),* $(,)?) => {
        tracing::info_span!(
            target: "tower_telemetry::instrument",
            $span,
            "sentry.op" = $op,
            "sentry.name" = $name,
            "otel.name" = $name,
            "otel.status_code" = tracing::field::Empty,
            "error.type" = tracing::field::Empty,
            "tags.slow" = tracing::field::Empty,
            $($attribute = tracing::field::Empty,)*
        )
    };
}
pub(super) use open_span;

/// The name of a piece of work: what its labels say, else what it is.
pub(super) struct Name<'a, L> {
    pub(super) labels: &'a L,
    pub(super) op: &'static str,
    pub(super) scrubber: Option<&'a Scrubber>,
}

impl<'l, L: LabelSet<'l>> fmt::Display for Name<'_, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for label in self.labels.named().as_ref().iter().filter(|label| !label.is_absent()) {
            write!(f, "{separator}{}", Shown(label, self.scrubber))?;
            separator = " ";
        }
        if separator.is_empty() { f.write_str(self.op) } else { Ok(()) }
    }
}

/// A label's value as it may leave the process.
struct Shown<'a>(&'a Label<'a>, Option<&'a Scrubber>);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.value() {
            Value::Text(text) => f.write_str(&scrubbed(text, self.1)),
            _ => self.0.fmt(f),
        }
    }
}

pub(super) fn scrubbed<'a>(text: &'a str, scrubber: Option<&Scrubber>) -> Cow<'a, str> {
    match scrubber {
        Some(scrubber) => scrubber.text(text),
        None => Scrubber::default().text(text),
    }
}

/// Opens the span of a piece of work.
pub(super) fn open<'l, L: LabelSet<'l>>(
    labels: &L,
    op: &'static str,
    names: &'static [&'static str],
    scrubber: Option<&Scrubber>,
) -> Span {
    let span = labels.span(op, &field::display(Name { labels, op, scrubber }));
    record(&span, labels, names, scrubber, |_| true);
    span
}

/// Records the labels that are wanted, by their places.
pub(super) fn record<'l, L: LabelSet<'l>>(
    span: &Span,
    labels: &L,
    names: &'static [&'static str],
    scrubber: Option<&Scrubber>,
    wanted: impl Fn(usize) -> bool,
) {
    if span.is_disabled() {
        return;
    }
    let values = labels.values();
    let wanted = values.as_ref().iter().enumerate().filter(|(at, label)| wanted(*at) && !label.is_absent());
    if L::ATTRIBUTES.is_empty() {
        let pairs: Vec<_> = wanted.map(|(at, label)| format!("{}={}", names[at], Shown(label, scrubber))).collect();
        if !pairs.is_empty() {
            span.record("labels", pairs.join(" "));
        }
        return;
    }
    for (at, label) in wanted {
        let attribute = L::ATTRIBUTES[at];
        match label.value() {
            Value::Absent => {}
            Value::Fixed(fixed) => drop(span.record(attribute, fixed)),
            Value::Flag(flag) => drop(span.record(attribute, flag)),
            Value::Number(number) => drop(span.record(attribute, number)),
            Value::Text(text) => drop(span.record(attribute, &*scrubbed(text, scrubber))),
        }
    }
}
