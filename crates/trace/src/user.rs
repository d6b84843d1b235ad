use std::sync::Arc;

use tower_telemetry_core::{RequestContext, User, UserAttribute, UserText};
use tower_telemetry_scrub::Scrubber;
use tracing::{Span, field::display};

/// What is told of the user, for as long as it is kept.
pub(crate) type Hook = Arc<dyn Fn(&User) + Send + Sync>;

/// Has the user recorded as soon as it is known, so that what is logged from then on tells of it.
pub(crate) fn record_when_known(span: &Span, scrubber: &Scrubber, cx: &RequestContext) -> Hook {
    let (span, scrubber) = (span.clone(), scrubber.clone());
    let hook: Hook = Arc::new(move |user| record(&span, &scrubber, user));
    cx.on_user(&hook);
    hook
}

/// Source: <https://opentelemetry.io/docs/specs/semconv/registry/attributes/user/>
fn record(span: &Span, scrubber: &Scrubber, user: &User) {
    for (field, text) in [("user.id", &user.id), ("user.name", &user.username)] {
        if let Some(text) = text.as_ref().and_then(|text| shown(text, scrubber)) {
            span.record(field, text);
        }
    }
    if let Some(email) = &user.email {
        span.record("user.email", shown_email(email, scrubber));
    }
    if let Some(name) = &user.name {
        span.record("user.full_name", scrubber.text(&name.as_str()).as_ref());
    }
    if let Some(address) = user.address {
        span.record("client.address", display(address));
    }
    if user.unverified {
        span.record("user.verified", false);
    }
    let mut others = Vec::new();
    for (name, value) in &user.attributes {
        let value = match value {
            UserAttribute::Text(text) => scrubber.value(name, &text.as_str()).into_owned(),
            value => value.to_string(),
        };
        if name == User::ROLE {
            span.record("user.roles", value);
        } else {
            others.push(format!("{name}={value}"));
        }
    }
    if !others.is_empty() {
        span.record("user.attributes", others.join(" "));
    }
}

/// An id or a username, unless the rules find something in it: the same word in the place of many ids would make one user of
/// them all.
pub(crate) fn shown(text: &UserText, scrubber: &Scrubber) -> Option<String> {
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
