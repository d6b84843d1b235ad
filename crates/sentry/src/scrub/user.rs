use std::net::IpAddr;

use sentry::protocol::{IpAddress, LogAttribute, Map, User, value::Value};
use tower_telemetry_core::{AddressDisclosure, User as Known, UserAttribute, UserText};

use super::walk::{Walk, changed};
use crate::user::{NAME, VERIFIED, to_protocol};

/// Where logs and metrics have what is told of a user.
const ATTRIBUTES: [&str; 6] =
    ["user.id", "user.name", "user.email", "user.full_name", "user.ip_address", "client.address"];

impl Walk<'_> {
    /// Whoever set it, and however: the policy decides on all of it.
    pub(super) fn user(&self, user: &mut Option<User>) {
        let Some(User { id, email, ip_address, username, other }) = user.take() else { return };
        let mut known = Known::default();
        known.id = id.map(Into::into);
        known.email = email.map(Into::into);
        known.username = username.map(Into::into);
        let auto = ip_address == Some(IpAddress::Auto);
        known.address = match ip_address {
            Some(IpAddress::Exact(address)) => Some(address),
            _ => None,
        };
        for (name, value) in other {
            match (name.as_str(), value) {
                (NAME, Value::String(name)) => known.name = Some(name.into()),
                (VERIFIED, value) => known.unverified = value == Value::Bool(false),
                // Names are there once, however many there are.
                (_, Value::String(text)) => known.attributes.push((name.into(), text.into())),
                (_, Value::Bool(flag)) => known.attributes.push((name.into(), flag.into())),
                (_, Value::Number(number)) if number.is_i64() => {
                    known.attributes.push((name.into(), number.as_i64().unwrap_or_default().into()));
                }
                _ => {}
            }
        }
        *user = self.shown_user(&known);
        // The ingest is to take the connection's, which is this service's own.
        if auto && self.policy.told_of_addresses() == AddressDisclosure::Whole {
            user.get_or_insert_default().ip_address = Some(IpAddress::Auto);
        }
    }

    /// What the policy tells of it, and the rules leave.
    pub(crate) fn shown_user(&self, user: &Known) -> Option<User> {
        self.told(user).map(|told| to_protocol(&told))
    }

    pub(super) fn address(&self, address: &mut Option<IpAddr>) {
        *address = address.and_then(|address| self.policy.told_of_addresses().of(address));
    }

    /// What the SDK adds of the user, whatever `send_default_pii` says.
    pub(super) fn user_attributes<N: AsRef<str> + Ord>(&self, attributes: &mut Map<N, LogAttribute>) {
        let text = |name: &str| match attributes.iter().find(|(other, _)| other.as_ref() == name)? {
            (_, LogAttribute(Value::String(text))) => Some(UserText::from(text.clone())),
            (_, LogAttribute(value)) => Some(value.to_string().into()),
        };
        let [id, username, email, name, ip, address] = ATTRIBUTES.map(text);
        let mut known = Known::default();
        (known.id, known.username, known.email, known.name) = (id, username, email, name);
        known.address = ip.or(address).and_then(|text| text.as_str().parse().ok());
        let told = self.told(&known).unwrap_or_default();
        let told_of = |name: &str| match name {
            "user.id" => told.id.as_ref().map(ToString::to_string),
            "user.name" => told.username.as_ref().map(ToString::to_string),
            "user.email" => told.email.as_ref().map(ToString::to_string),
            "user.full_name" => told.name.as_ref().map(ToString::to_string),
            _ => told.address.as_ref().map(ToString::to_string),
        };
        attributes.retain(|name, LogAttribute(value)| {
            if !ATTRIBUTES.contains(&name.as_ref()) {
                return true;
            }
            let told = told_of(name.as_ref());
            let is_told = told.is_some();
            *value = told.into();
            is_told
        });
    }

    /// Whether the attribute has been seen to.
    pub(super) fn is_of_user(name: &str) -> bool {
        ATTRIBUTES.contains(&name)
    }

    /// What the policy tells, and the rules leave of it.
    fn told(&self, user: &Known) -> Option<Known> {
        let mut told = self.policy.told(user)?;
        // The same word in the place of many ids would make one user of them all.
        told.id = told.id.filter(|id| self.is_clean(&id.as_str()));
        told.username = told.username.filter(|username| self.is_clean(&username.as_str()));
        // What is told as an e-mail address is one, whatever the rules say of those elsewhere, and nothing else.
        told.email = told.email.filter(|email| self.is_clean(&email.as_str()) || self.is_email(&email.as_str()));
        for text in [&mut told.name].into_iter().flatten() {
            if let Some(scrubbed) = changed(&text.as_str(), self.scrubber.text(&text.as_str())) {
                *text = scrubbed.into();
            }
        }
        for (name, value) in &mut told.attributes {
            if let UserAttribute::Text(text) = value
                && let Some(scrubbed) = changed(&text.as_str(), self.scrubber.value(name, &text.as_str()))
            {
                *value = scrubbed.into();
            }
        }
        (!told.is_nobody()).then_some(told)
    }

    fn is_clean(&self, text: &str) -> bool {
        self.new_key(text).is_none()
    }

    fn is_email(&self, text: &str) -> bool {
        self.scrubber.text(text) == "[email]"
    }
}
