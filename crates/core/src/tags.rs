use std::{
    borrow::Cow,
    sync::{Mutex, OnceLock, PoisonError},
};

/// What the handler says of an exchange, by name.
#[derive(Default)]
pub(crate) struct Tags(OnceLock<Mutex<Vec<Tag>>>);

type Tag = (Cow<'static, str>, Cow<'static, str>);

/// More than these are dropped.
const MAX_TAGS: usize = 32;

/// In characters. Source: <https://develop.sentry.dev/sdk/data-model/event-payloads/#optional-attributes>
const MAX_NAME: usize = 200;
const MAX_VALUE: usize = 200;

impl Tags {
    pub(crate) fn set(&self, name: Cow<'static, str>, value: Cow<'static, str>) {
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':' | '-');
        if name.is_empty() || name.len() > MAX_NAME || !name.chars().all(is_name) {
            return;
        }
        let value = sane(value);
        let mut tags = self.0.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, old)) = tags.iter_mut().find(|(other, _)| *other == name) {
            *old = value;
        } else if tags.len() < MAX_TAGS {
            tags.push((name, value));
        }
    }

    pub(crate) fn all(&self) -> Vec<Tag> {
        self.0.get().map(|tags| tags.lock().unwrap_or_else(PoisonError::into_inner).clone()).unwrap_or_default()
    }
}

/// In one line, and no longer than it may be.
fn sane(value: Cow<'static, str>) -> Cow<'static, str> {
    if value.len() <= MAX_VALUE && !value.contains(char::is_control) {
        return value;
    }
    value.chars().filter(|c| !c.is_control()).take(MAX_VALUE).collect::<String>().into()
}
