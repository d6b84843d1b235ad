use std::borrow::Cow;

use sentry::protocol::{Log, LogAttribute, Map, Metric, Unit};

use super::walk::Walk;

/// What the SDK says of the program. A release can look like an e-mail address.
const PROGRAM: [&str; 5] =
    ["sentry.environment", "sentry.release", "sentry.sdk.name", "sentry.sdk.version", "sentry.trace.parent_span_id"];

impl Walk<'_> {
    pub(super) fn log(&self, log: &mut Log) {
        let Log { level: _, body, trace_id: _, timestamp: _, severity_number: _, attributes } = log;
        self.text(body);
        self.attributes(attributes);
        self.keys(attributes);
    }

    pub(super) fn metric(&self, metric: &mut Metric) {
        let Metric { r#type: _, name, value: _, timestamp: _, trace_id: _, span_id: _, unit, attributes } = metric;
        self.text_cow(name);
        // The others are units that everybody knows.
        if let Some(Unit::Other(unit)) = unit {
            self.text_cow(unit);
        }
        self.attributes(attributes);
        if attributes.keys().any(|name| self.new_key(name).is_some()) {
            let entries = std::mem::take(attributes).into_iter();
            *attributes = entries.map(|(name, value)| (self.new_key(&name).map_or(name, Cow::Owned), value)).collect();
        }
    }

    fn attributes<N: AsRef<str> + Ord>(&self, attributes: &mut Map<N, LogAttribute>) {
        self.user_attributes(attributes);
        for (name, LogAttribute(value)) in attributes.iter_mut() {
            if !PROGRAM.contains(&name.as_ref()) && !Self::is_of_user(name.as_ref()) {
                self.value(name.as_ref(), value);
            }
        }
    }
}
