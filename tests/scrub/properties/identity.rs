//! What is no secret stays, and what was scrubbed stays scrubbed.

use std::borrow::Cow;

use proptest::{
    prelude::{any, prop_assert, prop_assert_eq, proptest},
    sample::select,
};
use serde_json::Value;
use tower_telemetry_scrub::{Body, Described, Scrubber};

use super::{
    super::corpus::{self, Entry},
    config, standard,
    text::{CONTENT_TYPES, NAMES, bytes, content_type, harmless, place, troubled},
};

const ENCODINGS: &[Option<&[u8]>] = &[None, Some(b"gzip"), Some(b"identity"), Some(b"\xff"), Some(b"")];

fn entries() -> impl Iterator<Item = Entry> {
    let bodies = CONTENT_TYPES.iter().map(|content_type| Entry::body(content_type));
    let named = NAMES.iter().flat_map(|name| [Entry::Header(name), Entry::Value(name)]);
    [Entry::Text, Entry::Bytes, Entry::Query, Entry::Url, Entry::UNTYPED].into_iter().chain(bodies).chain(named)
}

/// A body that cannot be shown is described, and a description is not scrubbed again.
fn shown(entry: Entry, scrubber: &Scrubber, input: &[u8]) -> Option<Vec<u8>> {
    if let Entry::Body { content_type, cut } = entry {
        let body = Body { bytes: input, cut, content_type: content_type.map(str::as_bytes), ..Body::default() };
        return match scrubber.body(&body) {
            Described::Text(text) => Some(text.into_owned().into_bytes()),
            _ => None,
        };
    }
    Some(entry.run(scrubber, input))
}

/// That the second is the first, but for texts, and for what a marker replaces.
fn differs_only_in_what_is_replaced(before: &Value, after: &Value) -> bool {
    match (before, after) {
        (Value::Array(before), Value::Array(after)) => {
            before.len() == after.len()
                && before.iter().zip(after).all(|(before, after)| differs_only_in_what_is_replaced(before, after))
        }
        (Value::Object(before), Value::Object(after)) if before.keys().eq(after.keys()) => {
            before.values().zip(after.values()).all(|(before, after)| differs_only_in_what_is_replaced(before, after))
        }
        (before, Value::String(after)) => before == after.as_str() || after.contains('['),
        (before, after) => before == after || after.is_object(),
    }
}

#[test]
fn scrubbing_the_corpus_twice_changes_nothing() {
    let scrubber = standard();
    for case in corpus::secrets().iter().chain(&corpus::harmless()) {
        let Some(once) = shown(case.entry, &scrubber, &case.input) else { continue };
        let twice = case.entry.run(&scrubber, &once);
        let input = String::from_utf8_lossy(&case.input);
        assert_eq!(
            String::from_utf8_lossy(&once),
            String::from_utf8_lossy(&twice),
            "of {input} through {:?}",
            case.entry
        );
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn scrubbing_twice_changes_nothing(input in bytes()) {
        let scrubber = standard();
        for entry in entries() {
            let Some(once) = shown(entry, &scrubber, &input) else { continue };
            let Some(twice) = shown(entry, &scrubber, &once) else { continue };
            prop_assert_eq!(String::from_utf8_lossy(&once), String::from_utf8_lossy(&twice), "through {:?}", entry);
        }
    }

    #[test]
    fn nothing_panics(
        input in bytes(),
        content_type in content_type(),
        cut in any::<bool>(),
        length in any::<Option<u64>>(),
        encoding in select(ENCODINGS),
        kind in bytes(),
    ) {
        let scrubber = standard();
        for entry in entries() {
            entry.run(&scrubber, &input);
        }
        for content_type in [content_type.map(str::as_bytes), Some(&kind[..])] {
            let _ = scrubber.body(&Body { bytes: &input, cut, length, content_type, content_encoding: encoding });
        }
        let _ = scrubber.hides(&String::from_utf8_lossy(&kind));
        let _ = scrubber.value(&String::from_utf8_lossy(&kind), &String::from_utf8_lossy(&input));
        let _ = scrubber.header(&String::from_utf8_lossy(&kind), &input);
    }

    #[test]
    fn utf8_stays_utf8(input in troubled()) {
        let scrubber = standard();
        prop_assert!(str::from_utf8(&scrubber.bytes(input.as_bytes())).is_ok());
        for name in NAMES {
            prop_assert!(str::from_utf8(&scrubber.header(name, input.as_bytes())).is_ok());
        }
    }

    #[test]
    fn bytes_that_are_text_are_scrubbed_as_text(input in troubled()) {
        let scrubber = standard();
        let text = scrubber.text(&input);
        prop_assert_eq!(text.as_bytes(), &*scrubber.bytes(input.as_bytes()));
    }

    #[test]
    fn harmless_text_is_borrowed(text in harmless()) {
        let scrubber = standard();
        prop_assert_eq!(&scrubber.text(&text), &text);
        prop_assert!(matches!(scrubber.text(&text), Cow::Borrowed(_)), "{:?} was copied", text);
        prop_assert!(matches!(scrubber.bytes(text.as_bytes()), Cow::Borrowed(_)));
        prop_assert!(matches!(scrubber.value("note", &text), Cow::Borrowed(_)));
        prop_assert!(matches!(scrubber.header("accept", text.as_bytes()), Cow::Borrowed(_)));
        let body = Body { bytes: text.as_bytes(), content_type: Some(b"text/plain"), ..Body::default() };
        let Described::Text(shown) = scrubber.body(&body) else { panic!("a text was not shown") };
        prop_assert_eq!(&shown, &text);
        prop_assert!(matches!(shown, Cow::Borrowed(_)));
    }

    #[test]
    fn harmless_json_is_borrowed((before, after) in place(), text in harmless()) {
        let scrubber = standard();
        let json = format!("{before}{{\"note\": {}}}{after}", serde_json::to_string(&text).expect("a string is JSON"));
        let body = Body { bytes: json.as_bytes(), content_type: Some(b"application/json"), ..Body::default() };
        let Described::Text(shown) = scrubber.body(&body) else { panic!("JSON was not shown") };
        prop_assert_eq!(&shown, &json);
        prop_assert!(matches!(shown, Cow::Borrowed(_)));
    }

    #[test]
    fn harmless_queries_are_borrowed(query in "([a-f]{1,6}=[a-p0-9+]{0,6}&?){0,6}") {
        let scrubber = standard();
        prop_assert!(matches!(scrubber.query(&query), Cow::Borrowed(_)), "{:?} was copied", query);
        let url = format!("https://a.example/users/17?{query}");
        prop_assert!(matches!(scrubber.url(&url), Cow::Borrowed(_)), "{:?} was copied", url);
    }

    #[test]
    fn json_stays_json((before, after) in place(), key in troubled(), text in troubled(), number in any::<f64>()) {
        let scrubber = standard();
        let quoted = |text: &str| serde_json::to_string(text).expect("a string is JSON");
        let json = format!("{before}{{{}:{},\"x\":{number:?},{}:null}}{after}", quoted(&key), quoted(&text), quoted("password"));
        let Ok(parsed) = serde_json::from_str::<Value>(&json) else { return Ok(()) };
        for entry in [Entry::JSON, Entry::Text, Entry::UNTYPED] {
            let output = entry.run(&scrubber, json.as_bytes());
            let output = String::from_utf8_lossy(&output);
            let Ok(scrubbed) = serde_json::from_str::<Value>(&output) else { panic!("{json} became {output}") };
            prop_assert!(differs_only_in_what_is_replaced(&parsed, &scrubbed), "{} became {}", json, output);
        }
    }
}
