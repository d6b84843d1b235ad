use std::borrow::Cow;

use sentry::protocol::{
    Map,
    value::{Map as Object, Value},
};

use super::walk::{Walk, changed};

/// Deeper ones are cut off there. Neither the SDK nor the ingest, which both recurse, could do much with them: the SDK's thread
/// would overflow its stack, and the ingest reads no deeper than 128.
const MAX_DEPTH: usize = 64;

/// Shorter numbers are no card's.
const MIN_CARD: u64 = 100_000_000_000;

impl Walk<'_> {
    /// Values by name.
    pub(super) fn values(&self, map: &mut Map<String, Value>) {
        for (name, value) in map.iter_mut() {
            self.value(name, value);
        }
        self.keys(map);
    }

    /// A value of any type. One without a name has the empty one.
    pub(crate) fn value(&self, name: &str, value: &mut Value) {
        match value {
            Value::Array(_) | Value::Object(_) => self.tree(name, value),
            _ => self.leaf(name, value),
        }
    }

    fn leaf(&self, name: &str, value: &mut Value) {
        match value {
            Value::String(text) if name.is_empty() => self.text(text),
            Value::String(text) => self.named(name, text),
            Value::Bool(_) | Value::Number(_) => {
                let hidden = self.hides(name).map(Cow::into_owned).or_else(|| self.card(value));
                if let Some(hidden) = hidden {
                    *value = hidden.into();
                }
            }
            Value::Null | Value::Array(_) | Value::Object(_) => {}
        }
    }

    /// A card's number need not be text.
    fn card(&self, value: &Value) -> Option<String> {
        let digits = value.as_u64().filter(|number| *number >= MIN_CARD)?.to_string();
        changed(&digits, self.scrubber.text(&digits))
    }

    fn hides(&self, name: &str) -> Option<Cow<'_, str>> {
        if name.is_empty() { None } else { self.scrubber.hides(name) }
    }

    /// Without recursion: a value can be nested deeper than the stack is.
    fn tree<'v>(&self, name: &'v str, value: &'v mut Value) {
        let mut open = vec![(name, value, 0)];
        while let Some((name, value, depth)) = open.pop() {
            let hidden = match value {
                Value::Array(_) | Value::Object(_) if depth == MAX_DEPTH => Some(Cow::Borrowed("[too deep]")),
                Value::Array(_) | Value::Object(_) => self.hides(name),
                _ => None,
            };
            if let Some(hidden) = hidden {
                dismantle(std::mem::replace(value, Value::String(hidden.into_owned())));
                continue;
            }
            match value {
                // What is in a list goes by the list's name.
                Value::Array(values) => open.extend(values.iter_mut().map(|value| (name, value, depth + 1))),
                Value::Object(object) => {
                    self.object_keys(object);
                    open.extend(object.iter_mut().map(|(name, value)| (name.as_str(), value, depth + 1)));
                }
                leaf => self.leaf(name, leaf),
            }
        }
    }

    fn object_keys(&self, object: &mut Object<String, Value>) {
        if object.keys().any(|name| self.new_key(name).is_some()) {
            let entries = std::mem::take(object).into_iter();
            *object = entries.map(|(name, value)| (self.new_key(&name).unwrap_or(name), value)).collect();
        }
    }
}

/// Takes a value apart, whose drop would recurse.
fn dismantle(value: Value) {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::Array(values) => open.extend(values),
            Value::Object(object) => open.extend(object.into_iter().map(|(_, value)| value)),
            _ => {}
        }
    }
}
