use std::sync::{Arc, Mutex, PoisonError};

use tower_telemetry_core::{RequestContext, User, UserAttribute, UserText};
use tower_telemetry_scrub::Scrubber;
use tracing::Span;

/// What is told of the user, for as long as it is kept.
pub(crate) type Hook = Arc<dyn Fn(&User) + Send + Sync>;

/// The user as spans and logs have it.
///
/// Source: <https://opentelemetry.io/docs/specs/semconv/registry/attributes/user/>
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Shown {
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) full_name: Option<String>,
    pub(crate) roles: Option<String>,
    pub(crate) attributes: Option<String>,
    pub(crate) address: Option<String>,
    /// `false`, or nothing.
    pub(crate) verified: Option<bool>,
}

/// As [`tracing::info_span!`], with a place for each field of the user: a span records nothing else.
macro_rules! user_span {
    ($($fields:tt)*) => {
        tracing::info_span!(
            $($fields)*
            client.address = tracing::field::Empty,
            user.id = tracing::field::Empty,
            user.name = tracing::field::Empty,
            user.email = tracing::field::Empty,
            user.full_name = tracing::field::Empty,
            user.roles = tracing::field::Empty,
            user.attributes = tracing::field::Empty,
            user.verified = tracing::field::Empty,
        )
    };
}
pub(crate) use user_span;

/// Has the user recorded as soon as it is known, so that what is logged from then on tells of it.
pub(crate) fn record_when_known(span: &Span, scrubber: &Scrubber, cx: &RequestContext) -> Hook {
    let (span, scrubber, recorded) = (span.clone(), scrubber.clone(), Mutex::new(Shown::default()));
    let hook: Hook = Arc::new(move |user| {
        let mut recorded = recorded.lock().unwrap_or_else(PoisonError::into_inner);
        let shown = Shown::of(user, &scrubber);
        shown.record(&span, &recorded);
        *recorded = shown;
    });
    cx.on_user(&hook);
    hook
}

impl Shown {
    pub(crate) fn of(user: &User, scrubber: &Scrubber) -> Self {
        let mut shown = Self {
            id: user.id.as_ref().and_then(|text| unless_found(text, scrubber)),
            name: user.username.as_ref().and_then(|text| unless_found(text, scrubber)),
            email: user.email.as_ref().map(|email| shown_email(email, scrubber)),
            full_name: user.name.as_ref().map(|name| scrubber.text(&name.as_str()).into_owned()),
            roles: None,
            attributes: None,
            address: user.address.map(|address| address.to_string()),
            verified: user.unverified.then_some(false),
        };
        let mut others = Vec::new();
        for (name, value) in &user.attributes {
            let value = match value {
                UserAttribute::Text(text) => scrubber.value(name, &text.as_str()).into_owned(),
                value => value.to_string(),
            };
            if name == User::ROLE {
                shown.roles = Some(value);
            } else {
                others.push(format!("{name}={value}"));
            }
        }
        shown.attributes = (!others.is_empty()).then(|| others.join(" "));
        shown
    }

    /// Records what has changed: subscribers that format fields show each recording. What was said of another user is
    /// blanked, since a span forgets nothing.
    fn record(&self, span: &Span, before: &Self) {
        if self == before {
            return;
        }
        let new = |text: fn(&Self) -> &Option<String>| {
            let (text, before) = (text(self), text(before));
            (text != before).then(|| text.as_deref().unwrap_or_default())
        };
        tracing::record_all!(
            span,
            client.address = new(|shown| &shown.address).map(tracing::field::display),
            user.id = new(|shown| &shown.id),
            user.name = new(|shown| &shown.name),
            user.email = new(|shown| &shown.email),
            user.full_name = new(|shown| &shown.full_name),
            user.roles = new(|shown| &shown.roles),
            user.attributes = new(|shown| &shown.attributes),
            user.verified = (self.verified != before.verified).then(|| self.verified.unwrap_or(true)),
        );
    }
}

/// An id or a username, unless the rules find something in it: the same word in the place of many ids would make one user of
/// them all.
fn unless_found(text: &UserText, scrubber: &Scrubber) -> Option<String> {
    let text = text.as_str();
    (scrubber.text(&text) == text).then(|| text.into_owned())
}

/// What is told as an e-mail address is one, whatever the rules say of those elsewhere, and nothing else.
fn shown_email(email: &UserText, scrubber: &Scrubber) -> String {
    let email = email.as_str();
    match scrubber.text(&email) {
        word if word == "[email]" => email.into_owned(),
        other => other.into_owned(),
    }
}
