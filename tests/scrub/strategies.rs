//! What becomes of what is found, strategy by strategy.

use tower_telemetry_scrub::{HashKey, Scrub, Scrubber, Shape, Strategy};

const KEY: &str = "a key of more than 16 bytes";

/// Each shape, an example of it, and what takes its place.
const SHAPES: [(Shape, &str, &str); 8] = [
    (Shape::Token, "eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2lnbmF0dXJl", "[token]"),
    (Shape::PrivateKey, "-----BEGIN PRIVATE KEY-----MIIEvQ-----END PRIVATE KEY-----", "[private key]"),
    (Shape::Credentials, "postgres://ada:hunter2@db/app", "postgres://[credentials]@db/app"),
    (Shape::Card, "4111 1111 1111 1111", "[card]"),
    (Shape::Iban, "DE89 3704 0044 0532 0130 00", "[iban]"),
    (Shape::Ssn, "123-45-6789", "[ssn]"),
    (Shape::Email, "ada@example.com", "[email]"),
    (Shape::Ip, "203.0.113.7", "[ip]"),
];

fn with(shape: Shape, strategy: Strategy) -> Scrubber {
    Scrub::standard().shape(shape, strategy).build().expect("sound rules")
}

fn named(strategy: Strategy) -> Scrubber {
    Scrub::standard().named(strategy).build().expect("sound rules")
}

fn hash(key: &str) -> Strategy {
    Strategy::Hash(HashKey::new(key))
}

/// What the replacing of a shape leaves around it.
fn around(replaced: &str) -> (&str, &str, &str) {
    let start = replaced.find('[').expect("it is replaced");
    let end = replaced.find(']').expect("it is replaced") + 1;
    (&replaced[..start], &replaced[start..end], &replaced[end..])
}

#[test]
fn shapes_are_replaced() {
    for (shape, text, replaced) in SHAPES {
        let (before, word, after) = around(replaced);
        let cases = [(Strategy::Replace, word), (Strategy::ReplaceWith("XX".into()), "XX"), (Strategy::Remove, "")];
        for (strategy, word) in cases {
            let scrubber = with(shape, strategy.clone());
            assert_eq!(scrubber.text(text), format!("{before}{word}{after}"), "{shape:?} {strategy:?}");
            let (json, wanted) =
                (format!(r#"{{"a":"see {text}","n":1}}"#), format!(r#"{{"a":"see {before}{word}{after}","n":1}}"#));
            assert_eq!(scrubber.text(&json), wanted, "{shape:?} {strategy:?}");
        }
        let kept = format!("see {text}");
        assert_eq!(with(shape, Strategy::Keep).text(&kept), kept, "{shape:?}");
    }
}

#[test]
fn a_number_becomes_a_string() {
    let json = r#"{"a":4111111111111111,"b":[4111111111111111,2]}"#;
    assert_eq!(with(Shape::Card, Strategy::Replace).text(json), r#"{"a":"[card]","b":["[card]",2]}"#);
    assert_eq!(with(Shape::Card, Strategy::Remove).text(json), r#"{"a":"","b":["",2]}"#);
    assert_eq!(
        with(Shape::Card, Strategy::KeepLast(4)).text(json),
        r#"{"a":"************1111","b":["************1111",2]}"#
    );
    assert_eq!(with(Shape::Card, Strategy::Keep).text(json), json);
    assert_eq!(named(Strategy::KeepLast(1)).text(r#"{"pin":1234}"#), r#"{"pin":"***4"}"#);
    assert_eq!(named(Strategy::Remove).text(r#"{"password":{"a":[1]},"n":1}"#), r#"{"password":"","n":1}"#);
}

#[test]
fn never_more_than_a_third_is_kept() {
    let cases = [
        (0, "hunter2", "*******"),
        (1, "hunter2", "******2"),
        (2, "hunter2", "*****r2"),
        (4, "hunter2", "*****r2"),
        (usize::MAX, "hunter2", "*****r2"),
        (4, "ab", "**"),
        (4, "abc", "**c"),
        (4, "abcdefghijkl", "********ijkl"),
        (5, "abcdefghijkl", "********ijkl"),
        // Characters, not bytes.
        (2, "пароль", "****ль"),
        (1, "日本語", "**語"),
    ];
    for (shown, value, wanted) in cases {
        let scrubber = named(Strategy::KeepLast(shown));
        assert_eq!(scrubber.value("password", value), wanted, "the last {shown} of {value}");
    }
}

#[test]
fn what_is_kept_breaks_nothing() {
    let scrubber = named(Strategy::KeepLast(4));
    let json = r#"{"password":"abcdefgh\"\"\"\"","n":1}"#;
    let output = scrubber.text(json);
    assert!(serde_json::from_str::<serde_json::Value>(&output).is_ok(), "{output}");
    let json = r#"{"password":{"a":"abc\"","b":[1,2]},"n":1}"#;
    let output = scrubber.text(json);
    assert!(serde_json::from_str::<serde_json::Value>(&output).is_ok(), "{output}");
    let form = scrubber.query("password=abcdefgh%26b%3D&n=1").into_owned();
    assert!(form.ends_with("&n=1") && form.matches(['&', '=']).count() == 3, "{form}");
    let xml = scrubber.text("<a><password>abcdefgh&lt;&gt;</password><n>1</n></a>").into_owned();
    assert!(xml.ends_with("</password><n>1</n></a>") && xml.matches(['<', '&']).count() == 6, "{xml}");
}

#[test]
fn a_hash_tells_values_apart() {
    let scrubber = named(hash(KEY));
    let of = |scrubber: &Scrubber, value: &str| scrubber.value("password", value).into_owned();
    let one = of(&scrubber, "hunter2");
    assert_eq!(one, of(&scrubber, "hunter2"), "equal values");
    assert_eq!(one, of(&named(hash(KEY)), "hunter2"), "in another process, too");
    assert_ne!(one, of(&scrubber, "hunter3"), "other values");
    assert_ne!(one, of(&named(hash("another key of 16 bytes")), "hunter2"), "another key");
    let digits = one.strip_prefix("[Filtered:").and_then(|rest| rest.strip_suffix(']')).expect("its form");
    assert!(digits.len() == 16 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()), "{digits}");
    let in_json = scrubber.text(r#"{"password":"hunter2"}"#).into_owned();
    assert_eq!(in_json, format!(r#"{{"password":"{one}"}}"#), "wherever it stands");
    assert_eq!(scrubber.query("password=hunter2"), format!("password={one}"));
    for (shape, text, replaced) in SHAPES {
        let hashed = with(shape, hash(KEY)).text(text).into_owned();
        let (before, word, after) = around(replaced);
        let head = format!("{before}{}:", word.trim_end_matches(']'));
        assert!(hashed.starts_with(&head) && hashed.ends_with(&format!("]{after}")), "{shape:?}: {hashed}");
    }
}

#[test]
fn an_address_is_cut_to_its_network() {
    let by_shape = with(Shape::Ip, Strategy::Network);
    let by_name = Scrub::standard().name_as("client", Strategy::Network).build().expect("sound rules");
    let cases = [
        ("203.0.113.7", "203.0.113.0/24"),
        ("198.51.100.255", "198.51.100.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("2001:db8::1", "2001:db8::/48"),
        ("::ffff:203.0.113.7", "203.0.113.0/24"),
    ];
    for (address, network) in cases {
        assert_eq!(by_shape.text(&format!("from {address} now")), format!("from {network} now"));
        assert_eq!(by_shape.text(&format!(r#"{{"a":"{address}"}}"#)), format!(r#"{{"a":"{network}"}}"#));
        assert_eq!(by_name.value("client", address), network);
    }
    for other in ["somewhere", "203.0.113", "300.1.1.1", "203.0.113.7:80"] {
        assert_eq!(by_name.value("client", other), "[Filtered]", "{other}");
    }
    assert_eq!(with(Shape::Email, Strategy::Network).text("to ada@example.com"), "to [email]");
}

#[test]
fn a_second_time_changes_nothing() {
    let strategies = [
        Strategy::Replace,
        Strategy::Keep,
        Strategy::ReplaceWith("XX".into()),
        Strategy::Remove,
        Strategy::KeepLast(4),
        hash(KEY),
        Strategy::Network,
    ];
    for strategy in strategies {
        for (shape, text, _) in SHAPES {
            let scrubber = with(shape, strategy.clone());
            for text in [text.to_owned(), format!(r#"{{"a":"{text}","n":1}}"#), format!("see {text} and more")] {
                let once = scrubber.text(&text).into_owned();
                assert_eq!(scrubber.text(&once), once, "{shape:?} {strategy:?} of {text}");
            }
        }
    }
}

#[test]
fn a_second_time_changes_nothing_by_name() {
    for strategy in [Strategy::Replace, Strategy::Keep, Strategy::Remove, hash(KEY)] {
        let scrubber = named(strategy.clone());
        for text in [
            r#"{"password":"hunter2","pin":1234,"n":{"token":["a"]}}"#,
            "password=hunter2&token=abc&n=1",
            "user ada, password: hunter2, token=abc",
            "<a><password>hunter2</password></a>",
        ] {
            let once = scrubber.text(text).into_owned();
            assert_eq!(scrubber.text(&once), once, "{strategy:?} of {text}");
        }
    }
}
