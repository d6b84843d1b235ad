use sentry::protocol::{IpAddress, User, value::Value};
use tower_telemetry_core::{User as Known, UserAttribute};

/// What Sentry calls a user's full name.
pub(crate) const NAME: &str = "name";

/// Said of what is only the caller's word: `false`.
pub(crate) const VERIFIED: &str = "verified";

/// The user as Sentry has it.
///
/// Source: <https://develop.sentry.dev/sdk/data-model/event-payloads/user/>
pub(crate) fn to_protocol(user: &Known) -> User {
    let mut shown = User {
        id: user.id.as_ref().map(ToString::to_string),
        username: user.username.as_ref().map(ToString::to_string),
        email: user.email.as_ref().map(ToString::to_string),
        ip_address: user.address.map(IpAddress::Exact),
        ..User::default()
    };
    for (name, value) in &user.attributes {
        let value = match value {
            UserAttribute::Flag(flag) => Value::from(*flag),
            UserAttribute::Number(number) => Value::from(*number),
            text => Value::from(text.to_string()),
        };
        shown.other.insert(name.to_string(), value);
    }
    if let Some(name) = &user.name {
        shown.other.insert(NAME.into(), name.to_string().into());
    }
    if user.unverified {
        shown.other.insert(VERIFIED.into(), false.into());
    }
    shown
}
