//! What goes because of its name.

use sentry::{
    Envelope,
    protocol::{EnvelopeItem, Value},
};
use serde_json::json;
use tower_telemetry_core::{Disclosure, UserPolicy};
use tower_telemetry_scrub::Pii;
use tower_telemetry_sentry::Boundary;

use super::{
    items,
    places::NAMED,
    support::{SECRET, scrubbed, scrubbed_item, through, wire},
};

/// Values of all types with the secret, or the number that stands for it, in them.
fn values() -> [(Value, &'static str); 6] {
    [
        (json!(SECRET), SECRET),
        (json!([SECRET, [SECRET]]), SECRET),
        (json!({ "a": { "b": SECRET } }), SECRET),
        (json!({ SECRET: 1 }), SECRET),
        (json!(90_210_417), "90210417"),
        (json!(-9021.0417), "9021.0417"),
    ]
}

#[test]
fn a_value_of_any_type_goes_from_every_map() {
    for (place, make) in NAMED {
        for (value, secret) in values() {
            let item = make("password", value);
            let before = wire(&item.clone().into());
            assert!(before.contains(secret), "{place}: {before}");
            let after = wire(&scrubbed_item(item).into());
            assert!(!after.contains(secret), "{place}: {after}");
            assert!(after.contains("[Filtered]"), "{place}: {after}");
        }
    }
}

#[test]
fn a_value_stays_under_another_name() {
    for (place, make) in NAMED {
        for (value, secret) in values() {
            let item = make("colour", value);
            let after = wire(&scrubbed_item(item).into());
            assert!(after.contains(secret) && !after.contains("[Filtered]"), "{place}: {after}");
        }
    }
}

/// Neither the walk nor what comes after it may run out of stack, here a test thread's.
#[test]
fn nesting_without_end_is_cut() {
    // Not by `json!`, which recurses.
    let nest = |levels: usize, innermost: Value| {
        (0..levels).fold(innermost, |value, level| match level % 2 {
            0 => Value::Array(vec![value]),
            _ => Value::Object([("a".to_owned(), value)].into_iter().collect()),
        })
    };
    let extra = |value| items::event(|event| _ = event.extra.insert("deep".into(), value));
    let after = wire(&scrubbed_item(extra(nest(10_000, json!({ "password": SECRET })))).into());
    assert!(after.contains("[too deep]") && !after.contains(SECRET) && after.len() < 2_000, "{after}");

    let after = wire(&scrubbed_item(extra(nest(60, json!({ "password": SECRET, "colour": "red" })))).into());
    assert!(after.contains("[Filtered]") && after.contains("red") && !after.contains(SECRET), "{after}");

    let under_the_name = items::event(|event| _ = event.extra.insert("password".into(), nest(10_000, json!(SECRET))));
    let after = wire(&scrubbed_item(under_the_name).into());
    assert!(after.contains(r#""password":"[Filtered]""#), "{after}");
}

#[test]
fn a_raw_envelope_is_read_and_scrubbed() {
    for (place, make) in NAMED {
        let typed: Envelope = make("password", json!(SECRET)).into();
        let raw = Envelope::from_bytes_raw(wire(&typed).into_bytes()).expect("any bytes will do");
        let after = wire(&scrubbed(raw).unwrap_or_else(|| panic!("{place} is left")));
        assert!(!after.contains(SECRET) && after.contains("[Filtered]"), "{place}: {after}");
    }
}

#[test]
fn personal_data_of_a_user_is_withheld() {
    let user = json!({ "id": "7", "username": "ada", "email": "ada@example.com", "ip_address": "203.0.113.7" });
    let item = items::event(|event| event.user = serde_json::from_value(user).expect("a user"));
    let EnvelopeItem::Event(event) = scrubbed_item(item) else { panic!("it is an event") };
    let user = event.user.expect("a user");
    assert_eq!((user.id.as_deref(), user.username.as_deref()), (Some("7"), Some("ada")));
    assert_eq!(user.email, None);
    assert_eq!(user.ip_address.map(|address| address.to_string()).as_deref(), Some("203.0.113.0"), "its network");

    let mut session = items::session(None, None);
    session.attributes.ip_address = "203.0.113.7".parse().ok();
    let after = wire(&scrubbed_item(session).into());
    assert!(after.contains("203.0.113.0") && !after.contains("203.0.113.7"), "{after}");

    let log = items::log(|log| {
        log.attributes = ["user.id", "user.name", "user.email"].map(|name| (name.to_owned(), "ada".into())).into();
    });
    let after = wire(&scrubbed_item(log).into());
    assert!(after.contains("user.id") && after.contains("user.name") && !after.contains("user.email"), "{after}");
}

#[test]
fn of_a_user_only_what_the_policy_names_is_told_and_that_is_scrubbed() {
    let user = json!({ "id": "7", "name": "Ada L", "role": "ghp_16C7e42F292c6912E7710c838347Ae178B4a", "is_staff": true, "note": "x", "geo": { "city": "York" } });
    let told = |policy: UserPolicy| {
        let item = items::event(|event| event.user = serde_json::from_value(user.clone()).expect("a user"));
        let boundary = Boundary::standard(Pii::Withheld).users(policy);
        let EnvelopeItem::Event(event) =
            through(boundary, item.into()).expect("it is left").into_items().next().expect("one")
        else {
            panic!("it is an event")
        };
        serde_json::to_value(event.user).expect("JSON")
    };
    assert_eq!(told(UserPolicy::new()), json!({ "id": "7" }));
    let policy = UserPolicy::new().attributes(["role", "is_staff"]).name(Disclosure::Disclosed);
    assert_eq!(told(policy), json!({ "id": "7", "name": "Ada L", "role": "[token]", "is_staff": true }));
    let policy = UserPolicy::new().pseudonyms(|id| format!("{id}{id}"));
    assert_eq!(told(policy), json!({ "id": "anon-77-7777" }));
}
