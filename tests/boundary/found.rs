//! What goes because of how it looks, wherever it stands.

use sentry::{
    Envelope,
    protocol::{DynamicSamplingContext, EnvelopeHeaders, EnvelopeItem},
};
use tower_telemetry_scrub::Pii;
use tower_telemetry_sentry::Boundary;

use super::{
    items,
    places::{NAMED, TEXTS},
    support::{scrubbed, scrubbed_item, through, wire},
};

const SHAPES: [&str; 2] = ["ada@example.com", "ghp_16C7e42F292c6912E7710c838347Ae178B4a"];

/// Whether it is there, in either way that a URL writes it.
fn holds(wire: &str, shape: &str) -> bool {
    wire.contains(shape) || wire.contains(&shape.replace('@', "%40"))
}

#[test]
fn it_goes_from_every_text() {
    for (place, make) in TEXTS {
        for shape in SHAPES {
            let item = make(shape.to_owned());
            let before = wire(&item.clone().into());
            assert!(holds(&before, shape), "{place}: {before}");
            let after = wire(&scrubbed_item(item).into());
            assert!(!holds(&after, shape), "{place}: {after}");
        }
    }
}

#[test]
fn it_goes_from_every_map() {
    for (place, make) in NAMED {
        for shape in SHAPES {
            for item in [make("note", shape.into()), make(shape, 1.into()), make("note", serde_json::json!([[shape]]))]
            {
                let after = wire(&scrubbed_item(item).into());
                assert!(!holds(&after, shape), "{place}: {after}");
            }
        }
    }
}

#[test]
fn it_goes_from_raw_envelopes() {
    for (place, make) in TEXTS {
        for shape in SHAPES {
            let typed: Envelope = make(shape.to_owned()).into();
            let raw = Envelope::from_bytes_raw(wire(&typed).into_bytes()).expect("any bytes will do");
            let after = scrubbed(raw).map(|envelope| wire(&envelope)).unwrap_or_default();
            assert!(!holds(&after, shape), "{place}: {after}");
        }
    }
}

#[test]
fn a_card_need_not_be_text() {
    for item in [
        items::event(|event| _ = event.extra.insert("note".into(), 4_111_111_111_111_111_u64.into())),
        items::event(|event| {
            _ = event.extra.insert("note".into(), serde_json::json!([{ "a": 4_111_111_111_111_111_u64 }]));
        }),
    ] {
        let EnvelopeItem::Event(event) = scrubbed_item(item) else { panic!("it is another item") };
        // The envelope has times and ids beside it, with any digits.
        let after = format!("{:?}", event.extra);
        assert!(!after.contains("4111"), "{after}");
    }
}

#[test]
fn it_goes_from_the_transactions_name_in_the_trace_header() {
    let trace = DynamicSamplingContext::new().with_transaction("GET /users/ada@example.com".into()).with_sampled(true);
    let mut envelope = Envelope::new().with_headers(EnvelopeHeaders::new().with_trace(trace));
    envelope.add_item(items::transaction(|_| ()));
    let after = wire(&scrubbed(envelope).expect("it is left"));
    assert!(!after.contains("ada@") && after.contains(r#""sampled":"true""#), "{after}");
}

#[test]
fn cookies_keep_their_names() {
    let item = items::transaction(|transaction| {
        let request = transaction.request.get_or_insert_default();
        request.cookies = Some("session=0123456789abcdef; theme=dark".into());
        request.headers.insert("Authorization".into(), "Basic YWRhOmh1bnRlcjI=".into());
    });
    let after = wire(&scrubbed_item(item).into());
    assert!(after.contains("session=") && !after.contains("0123456789abcdef") && !after.contains("YWRhO"), "{after}");
}

#[test]
fn personal_data_may_leave_if_that_is_said() {
    let item = items::event(|event| {
        let user = serde_json::json!({ "email": "ada@example.com", "ip_address": "203.0.113.7" });
        event.user = serde_json::from_value(user).expect("a user");
        event.message = Some("ghp_16C7e42F292c6912E7710c838347Ae178B4a".into());
    });
    let envelope = through(Boundary::standard(Pii::Sent), item.into()).expect("it is left");
    let after = wire(&envelope);
    assert!(after.contains("ada@example.com") && after.contains("203.0.113.7") && !after.contains("ghp_"), "{after}");
}

#[test]
fn a_user_who_is_only_an_address_is_nobody() {
    let EnvelopeItem::SessionUpdate(session) = scrubbed_item(items::session(Some("ada@example.com".into()), None))
    else {
        panic!("it is a session")
    };
    assert_eq!(session.distinct_id, None);
}
