//! What can be configured, and what is refused.

use tower_telemetry_scrub::{Body, BuildError, Described, HashKey, Pattern, Pii, Scrub, Scrubber, Shape, Strategy};

fn build(rules: Scrub) -> Scrubber {
    rules.build().expect("sound rules")
}

fn refused(rules: Scrub) -> String {
    let error: BuildError = rules.build().expect_err("unsound rules");
    assert_eq!(format!("{error:?}"), format!("BuildError({error})"), "it reads as well from a `main`");
    error.to_string()
}

#[test]
fn an_added_name_goes_in_all_spellings() {
    let scrubber = build(Scrub::standard().name("tax file"));
    for name in ["taxFile", "tax_file_2", "X-Tax-File", "TAX_FILE", "tax.file", "TaxFile", "my-tax-file-no", "taxfile"]
    {
        assert_eq!(scrubber.hides(name).as_deref(), Some("[Filtered]"), "{name}");
        assert_eq!(scrubber.text(&format!(r#"{{"{name}":"a b"}}"#)), format!(r#"{{"{name}":"[Filtered]"}}"#));
        assert_eq!(scrubber.query(&format!("{name}=ab&n=1")), format!("{name}=[Filtered]&n=1"));
        assert_eq!(scrubber.value(name, "ab"), "[Filtered]");
        assert_eq!(&*scrubber.header(name, b"ab"), b"[Filtered]");
    }
    for name in ["file", "tax", "tax_id", "syntax_filer", "file_tax"] {
        assert_eq!(scrubber.hides(name), None, "{name}");
    }
}

#[test]
fn an_allowed_name_stays_in_all_spellings_but_not_its_shapes() {
    let scrubber = build(Scrub::standard().allow("session token"));
    for name in ["sessionToken", "session_token", "Session-Token", "SESSION_TOKEN"] {
        assert_eq!(scrubber.hides(name), None, "{name}");
        assert_eq!(scrubber.value(name, "blue"), "blue");
        assert_eq!(scrubber.value(name, "ada@example.com"), "[email]");
        let text = format!(r#"{{"{name}":"blue","password":"x"}}"#);
        assert_eq!(scrubber.text(&text), format!(r#"{{"{name}":"blue","password":"[Filtered]"}}"#));
    }
    assert!(scrubber.hides("otherSessionToken").is_some(), "another name");
}

#[test]
fn names_have_strategies_of_their_own() {
    let scrubber = build(
        Scrub::standard()
            .name_as("colour", Strategy::ReplaceWith("grey".into()))
            .name_as("note", Strategy::Remove)
            .name_as("iban", Strategy::KeepLast(4))
            .name_as("client", Strategy::Network)
            .name_as("password hint", Strategy::Keep),
    );
    let input = r#"{"colour":"red","note":"x","iban":"DE89370400440532013000","client":"203.0.113.7","password":"x"}"#;
    let wanted = r#"{"colour":"grey","note":"","iban":"******************3000","client":"203.0.113.0/24","password":"[Filtered]"}"#;
    assert_eq!(scrubber.text(input), wanted);
    for (name, hidden) in [
        ("colour", Some("grey")),
        ("note", Some("")),
        ("iban", Some("[Filtered]")),
        ("password_hint", None),
        ("n", None),
    ] {
        assert_eq!(scrubber.hides(name).as_deref(), hidden, "{name}");
    }
}

#[test]
fn the_standards_names_have_a_strategy() {
    let removed = build(Scrub::standard().named(Strategy::Remove));
    assert_eq!(removed.text(r#"{"password":"x","n":1}"#), r#"{"password":"","n":1}"#);
    let kept = build(Scrub::standard().named(Strategy::Keep).name("colour"));
    assert_eq!(kept.text(r#"{"password":"x","colour":"y"}"#), r#"{"password":"x","colour":"[Filtered]"}"#);
    assert_eq!(kept.hides("password"), None);
}

#[test]
fn the_later_of_two_rules_counts() {
    let scrubber = build(Scrub::standard().name_as("tax", Strategy::Remove).name("tax"));
    assert_eq!(scrubber.value("tax", "x"), "[Filtered]");
    let scrubber = build(Scrub::standard().shape(Shape::Email, Strategy::Keep).shape(Shape::Email, Strategy::Remove));
    assert_eq!(scrubber.text("to ada@example.com now"), "to  now");
}

#[test]
fn presets_differ_in_personal_data() {
    let input = r#"{"password":"x","email":"ada@example.com","ip":"203.0.113.7","lastName":"Lovelace","phone":"1"}"#;
    let cases = [
        (
            Scrub::standard(),
            r#"{"password":"[Filtered]","email":"[email]","ip":"[ip]","lastName":"Lovelace","phone":"1"}"#,
        ),
        (
            Scrub::strict(),
            r#"{"password":"[Filtered]","email":"[Filtered]","ip":"[ip]","lastName":"[Filtered]","phone":"[Filtered]"}"#,
        ),
        (
            Scrub::secrets_only(),
            r#"{"password":"[Filtered]","email":"ada@example.com","ip":"203.0.113.7","lastName":"Lovelace","phone":"1"}"#,
        ),
        (
            Scrub::strict().pii(Pii::Sent),
            r#"{"password":"[Filtered]","email":"ada@example.com","ip":"203.0.113.7","lastName":"Lovelace","phone":"1"}"#,
        ),
        (
            Scrub::standard().pii(Pii::Sent).shape(Shape::Ip, Strategy::Network),
            r#"{"password":"[Filtered]","email":"ada@example.com","ip":"203.0.113.0/24","lastName":"Lovelace","phone":"1"}"#,
        ),
    ];
    for (rules, wanted) in cases {
        assert_eq!(build(rules.clone()).text(input), wanted, "{rules:?}");
    }
    assert_eq!(build(Scrub::standard()).pii(), Pii::Withheld);
    assert_eq!(build(Scrub::standard().pii(Pii::Sent)).pii(), Pii::Sent);
    assert_eq!(Scrubber::default().text(input), build(Scrub::default()).text(input));
}

#[test]
fn the_order_of_calls_does_not_matter() {
    type Call = fn(Scrub) -> Scrub;
    let calls: [Call; 6] = [
        |rules| rules.pii(Pii::Sent),
        |rules| rules.shape(Shape::Ip, Strategy::Network),
        |rules| rules.name("tax"),
        |rules| rules.allow("token"),
        |rules| rules.named(Strategy::Remove),
        |rules| rules.pattern(Pattern::new("k-[0-9]+")),
    ];
    let input = r#"{"tax":"x","token":"y","password":"z","ip":"203.0.113.7","mail":"ada@example.com","k":"k-17"}"#;
    let wanted = r#"{"tax":"[Filtered]","token":"y","password":"","ip":"203.0.113.0/24","mail":"ada@example.com","k":"[Filtered]"}"#;
    for first in 0..calls.len() {
        let rules = |calls: &mut dyn Iterator<Item = &Call>| calls.fold(Scrub::standard(), |rules, call| call(rules));
        let forwards = rules(&mut calls.iter().cycle().skip(first).take(calls.len()));
        let backwards = rules(&mut calls.iter().rev().cycle().skip(first).take(calls.len()));
        assert_eq!(build(forwards).text(input), wanted);
        assert_eq!(build(backwards).text(input), wanted);
    }
}

#[test]
fn patterns_are_looked_for_in_each_format() {
    let cases = [
        (Strategy::Replace, "[Filtered]"),
        (Strategy::ReplaceWith("K".into()), "K"),
        (Strategy::Remove, ""),
        (Strategy::KeepLast(2), "****17"),
    ];
    for (strategy, word) in cases {
        let pattern = |regex| Pattern::new(regex).strategy(strategy.clone());
        let scrubber = build(Scrub::standard().pattern(pattern("k-[0-9]{4}")).pattern(pattern("990017")));
        for (input, wanted) in [
            (r#"{"a":"the k-9917 one"}"#, r#"{"a":"the # one"}"#),
            (r#"{"a":"k-9917"}"#, r##"{"a":"#"}"##),
            (r#"{"a":[990017],"n":1}"#, r##"{"a":["#"],"n":1}"##),
            (r#"{"a":"line\nk-9917\n"}"#, r#"{"a":"line\n#\n"}"#),
            ("the k-9917 one", "the # one"),
            ("a=k-9917&n=1", "a=#&n=1"),
            ("a=k%2D9917&n=1", "a=#&n=1"),
        ] {
            let wanted = wanted.replace('#', word);
            // Of a number, a part has no place in JSON; of what was encoded, the encoding is masked as well.
            if matches!(strategy, Strategy::KeepLast(_)) && input.contains('%') {
                continue;
            }
            assert_eq!(scrubber.text(input), wanted, "{strategy:?} of {input}");
        }
    }
    let kept = build(Scrub::standard().pattern(Pattern::new("k-[0-9]+").strategy(Strategy::Keep)));
    assert_eq!(kept.text("the k-17 one"), "the k-17 one");
}

#[test]
fn a_bad_rule_is_refused_by_name_and_place() {
    let short = || Strategy::Hash(HashKey::new("fifteen letters"));
    let breaks = |text: &str| Strategy::ReplaceWith(text.to_owned());
    let good = || Pattern::new("k-[0-9]+");
    let mut many = Scrub::standard();
    for _ in 0..65 {
        many = many.pattern(good());
    }
    let mut names = Scrub::standard();
    for _ in 0..1001 {
        names = names.name("tax");
    }
    let cases: [(Scrub, &[&str]); 15] = [
        (Scrub::standard().pattern(good()).pattern(Pattern::new("k-[0-9")), &["pattern 2", "k-[0-9", "unclosed"]),
        (Scrub::standard().pattern(Pattern::new("a*")), &["pattern 1", "empty text"]),
        (Scrub::standard().pattern(Pattern::new("")), &["pattern 1", "empty text"]),
        (Scrub::standard().pattern(Pattern::new("a|$")), &["pattern 1", "empty text"]),
        (Scrub::standard().pattern(Pattern::new(r"\w{900}{900}")), &["pattern 1", "size limit"]),
        (many, &["patterns", "65", "64"]),
        (Scrub::standard().pattern(good().strategy(short())), &["pattern 1", "15 bytes", "16"]),
        (Scrub::standard().name("tax").name(""), &["name 2", "no letter"]),
        (Scrub::standard().name("_-1"), &["name 1", "\"_-1\"", "no letter"]),
        (Scrub::standard().allow("7"), &["allowed name 1", "no letter"]),
        (names, &["names", "1001", "1000"]),
        (Scrub::standard().name_as("tax", short()), &["name 1", "\"tax\"", "15 bytes"]),
        (Scrub::standard().named(short()), &["standard's names", "15 bytes"]),
        (Scrub::standard().shape(Shape::Email, short()), &["shape Email", "15 bytes"]),
        (Scrub::standard().shape(Shape::Ip, breaks("a\"b")), &["shape Ip", "break JSON"]),
    ];
    for (rules, wanted) in cases {
        let error = refused(rules);
        for wanted in wanted {
            assert!(error.contains(wanted), "{wanted} in {error}");
        }
    }
    for text in ["\"", "\\", "a\nb", "\0", "<b>", "a&b", "\u{7f}"] {
        refused(Scrub::standard().named(breaks(text)));
    }
    for text in ["", "x", "[gone]", "é", "***"] {
        build(Scrub::standard().named(breaks(text)));
    }
    build(Scrub::standard().named(Strategy::Hash(HashKey::new("sixteen letters!"))));
}

#[test]
fn no_key_is_shown() {
    let key = HashKey::new("correct horse battery");
    let rules = Scrub::standard().named(Strategy::Hash(key.clone())).shape(Shape::Ip, Strategy::Hash(key.clone()));
    let scrubber = build(rules.clone());
    for shown in [format!("{key:?}"), format!("{rules:?}"), format!("{rules:#?}"), format!("{scrubber:?}")] {
        assert!(!shown.contains("horse") && !shown.contains("99, 111, 114"), "{shown}");
    }
}

#[test]
fn a_scrubber_is_shared() {
    fn shared<T: Send + Sync + Clone + 'static>(_: &T) {}
    shared(&Scrubber::default());
    shared(&Scrub::default());
}

#[test]
fn a_body_that_is_no_text_is_described() {
    let png = b"\x89PNG\r\n\x1a\n\0\0".as_slice();
    let text = b"{\"password\":\"x\"}".as_slice();
    let body = |bytes, content_type, content_encoding| Body {
        bytes,
        cut: false,
        length: None,
        content_type,
        content_encoding,
    };
    let json = Some(b"application/json; charset=utf-8".as_slice());
    let cases = [
        (body(png, Some(b"image/png"), None), "[image/png, 10 bytes]"),
        (Body { length: Some(48_213), ..body(png, Some(b"image/png"), None) }, "[image/png, 48213 bytes]"),
        (Body { cut: true, ..body(png, None, None) }, "[binary, more than 10 bytes]"),
        (Body { cut: true, length: Some(99), ..body(png, None, None) }, "[binary, 99 bytes]"),
        // What it says of itself is wrong.
        (body(png, json, None), "[application/json, 10 bytes]"),
        (body(b"\x1f\x8b\x08\0\0\0", json, Some(b"gzip")), "[application/json, gzip, 6 bytes]"),
        (body(b"\x1f\x8b\x08\0\0\0", json, None), "[application/json, 6 bytes]"),
        (body(b"x\x9c\x01\x02", json, Some(b"deflate")), "[application/json, deflate, 4 bytes]"),
        (body(b"x\x9c\x01\x02", None, None), "[binary, 4 bytes]"),
        (body(b"\x0b\x02\x80hello", json, Some(b"br")), "[application/json, br, 8 bytes]"),
        (body(b"(\xb5/\xfd\0", json, Some(b"zstd")), "[application/json, zstd, 5 bytes]"),
        (body(b"%PDF-1.7", Some(b"application/pdf"), None), "[application/pdf, 8 bytes]"),
        (body(b"a\0b", None, None), "[binary, 3 bytes]"),
        // Nothing of a header's value but a media type is shown.
        (body(png, Some(b"\xff<script>"), None), "[binary, 10 bytes]"),
    ];
    for (body, wanted) in cases {
        assert_eq!(Scrubber::default().body(&body), Described::Kind(wanted.to_owned()), "{body:?}");
    }
    for encoding in [None, Some(b"identity".as_slice()), Some(b"".as_slice()), Some(b" Identity ".as_slice())] {
        let described = Scrubber::default().body(&body(text, json, encoding));
        assert_eq!(described, Described::Text(r#"{"password":"[Filtered]"}"#.into()));
    }
    let not_utf8 = body(b"caf\xe9 password=x", Some(b"text/plain"), None);
    assert_eq!(Scrubber::default().body(&not_utf8), Described::Text("caf\u{fffd} password=[Filtered]".into()));
    let cut = Body { cut: true, ..body(br#"{"n":1,"password":"hun"#, json, None) };
    assert_eq!(Scrubber::default().body(&cut), Described::Text(r#"{"n":1,"password":"[Filtered]"#.into()));
    let form = body(b"password=x%20y&n=1", Some(b"application/x-www-form-urlencoded"), None);
    assert_eq!(Scrubber::default().body(&form), Described::Text("password=[Filtered]&n=1".into()));
    assert_eq!(Scrubber::default().body(&Body::default()), Described::Text("".into()));
}
