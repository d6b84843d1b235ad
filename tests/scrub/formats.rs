//! What the output looks like, format by format.

use std::iter;

use tower_telemetry_scrub::{Body, Described, Scrub, Scrubber};

use super::corpus::Entry;

fn standard() -> Scrubber {
    Scrub::standard().build().expect("the standard rules are sound")
}

fn check(entry: Entry, table: &[(&str, &str)]) {
    let scrubber = standard();
    for (input, expected) in table {
        let output = entry.run(&scrubber, input.as_bytes());
        assert_eq!(String::from_utf8_lossy(&output), *expected, "of {input} through {entry:?}");
    }
}

#[test]
fn json() {
    let table = [
        (r#"{"user":"ada","password":"hunter2"}"#, r#"{"user":"ada","password":"[Filtered]"}"#),
        (r#"{ "password" : "hunter2" , "n" : 1 }"#, r#"{ "password" : "[Filtered]" , "n" : 1 }"#),
        (r#"{"pin":1234}"#, r#"{"pin":"[Filtered]"}"#),
        (r#"{"pin":-1.5e3,"n":1}"#, r#"{"pin":"[Filtered]","n":1}"#),
        (r#"{"passwords":["a","b"],"n":1}"#, r#"{"passwords":"[Filtered]","n":1}"#),
        (r#"{"credentials":{"a":{"b":["}"]}},"n":1}"#, r#"{"credentials":"[Filtered]","n":1}"#),
        (r#"{"password":"a\"b\\","n":1}"#, r#"{"password":"[Filtered]","n":1}"#),
        (r#"{"p\u0061ssword":"hunter2"}"#, r#"{"p\u0061ssword":"[Filtered]"}"#),
        (r#"{"password":"a","password":"b"}"#, r#"{"password":"[Filtered]","password":"[Filtered]"}"#),
        (r#"{"a":[{"b":{"apiKey":"x"}}]}"#, r#"{"a":[{"b":{"apiKey":"[Filtered]"}}]}"#),
        ("\u{feff}{\"token\":\"x\"}", "\u{feff}{\"token\":\"[Filtered]\"}"),
        ("{\"token\":\"x\"}\n{\"n\":1}\n", "{\"token\":\"[Filtered]\"}\n{\"n\":1}\n"),
        (r#"{"to":"ada@example.com"}"#, r#"{"to":"[email]"}"#),
        (r#"{"ip":"203.0.113.7","n":1}"#, r#"{"ip":"[ip]","n":1}"#),
        (r#"{"a":"{\"password\":\"x\",\"n\":1}"}"#, r#"{"a":"{\"password\":\"[Filtered]\",\"n\":1}"}"#),
        (r#"{"a": [1, 2.50, "é\n"], "b": null}"#, r#"{"a": [1, 2.50, "é\n"], "b": null}"#),
    ];
    for entry in [Entry::JSON, Entry::UNTYPED, Entry::Text, Entry::Bytes] {
        check(entry, &table);
    }
}

#[test]
fn json_of_names_and_values() {
    check(
        Entry::JSON,
        &[
            (
                r#"[{"name":"password","value":"x"},{"name":"page","value":"2"}]"#,
                r#"[{"name":"password","value":"[Filtered]"},{"name":"page","value":"2"}]"#,
            ),
            (r#"[{"value":"x","name":"password"}]"#, r#"[{"value":"[Filtered]","name":"password"}]"#),
            (r#"{"variables":{"password":"x"}}"#, r#"{"variables":{"password":"[Filtered]"}}"#),
        ],
    );
}

#[test]
fn forms_and_queries() {
    let table = [
        ("a=1&password=hunter2", "a=1&password=[Filtered]"),
        ("password=a+b%26c&a=1", "password=[Filtered]&a=1"),
        ("user[password]=x&user[name]=ada", "user[password]=[Filtered]&user[name]=ada"),
        ("user%5Bpassword%5D=x&a=1", "user%5Bpassword%5D=[Filtered]&a=1"),
        ("p%61ssword=x", "p%61ssword=[Filtered]"),
        ("a=1&&b=&token=x", "a=1&&b=&token=[Filtered]"),
        ("q=ada%40example.com&a=1", "q=[email]&a=1"),
        ("q=100%25&z=%zz", "q=100%25&z=%zz"),
    ];
    check(Entry::FORM, &table);
    check(Entry::Query, &table);
}

#[test]
fn urls() {
    check(
        Entry::Url,
        &[
            ("postgres://user:pass@host/db", "postgres://[credentials]@host/db"),
            ("redis://:pass@cache:6379/0", "redis://[credentials]@cache:6379/0"),
            ("https://a.example/x?page=2&token=x#top", "https://a.example/x?page=2&token=[Filtered]#top"),
            ("/x?api_key=x", "/x?api_key=[Filtered]"),
            ("https://a.example/#access_token=x&a=1", "https://a.example/#access_token=[Filtered]&a=1"),
            ("http://203.0.113.7:8080/x", "http://[ip]:8080/x"),
            ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x"),
            ("https://a.example/users/17?page=2", "https://a.example/users/17?page=2"),
        ],
    );
}

#[test]
fn headers() {
    check(Entry::Header("authorization"), &[("Bearer x", "[Filtered]"), ("Basic eDp5", "[Filtered]")]);
    check(Entry::Header("X-Api-Key"), &[("x", "[Filtered]")]);
    check(
        Entry::Header("Cookie"),
        &[
            ("session=x; theme=dark", "session=[Filtered]; theme=dark"),
            ("theme=dark; connect.sid=s%3Ax", "theme=dark; connect.sid=[Filtered]"),
            ("theme=dark", "theme=dark"),
        ],
    );
    check(
        Entry::Header("set-cookie"),
        &[
            ("session=x; Path=/; HttpOnly", "session=[Filtered]; Path=/; HttpOnly"),
            ("csrftoken=x; Max-Age=60", "csrftoken=[Filtered]; Max-Age=60"),
        ],
    );
    check(Entry::Header("x-forwarded-for"), &[("203.0.113.7, 198.51.100.2", "[ip], [ip]")]);
    check(Entry::Header("accept"), &[("text/html;q=0.9", "text/html;q=0.9")]);
    check(Entry::Header("location"), &[("/x?token=y&a=1", "/x?token=[Filtered]&a=1")]);
}

#[test]
fn text() {
    let key = format!("gh{}_{}", "p", "a1B2".repeat(9));
    let jwt = format!("eyJ{}.eyJ{}.{}", "hbGciOiJIUzI1NiJ9", "zdWIiOiIxIn0", "c2ln".repeat(8));
    let pem = format!("-----BEGIN {0}-----\n{1}\n-----END {0}-----", "RSA PRIVATE KEY", "MIIE".repeat(16));
    check(
        Entry::Text,
        &[
            ("login: password=hunter2 user=ada", "login: password=[Filtered] user=ada"),
            ("password: hunter2", "password: [Filtered]"),
            (r#"User { password: "hunter2", id: 1 }"#, r#"User { password: "[Filtered]", id: 1 }"#),
            ("{'password': 'hunter2', 'id': 1}", "{'password': '[Filtered]', 'id': 1}"),
            (&format!("sent Bearer {jwt} twice"), "sent Bearer [token] twice"),
            (&format!("key {key}, gone"), "key [token], gone"),
            (&format!("<{jwt}>"), "<[token]>"),
            (&format!("key:\n{pem}\nend"), "key:\n[private key]\nend"),
            ("to postgres://app:pw@db/x failed", "to postgres://[credentials]@db/x failed"),
            ("card 4111 1111 1111 1111 declined", "card [card] declined"),
            ("pay DE89 3704 0044 0532 0130 00 now", "pay [iban] now"),
            ("ssn 536-22-8841, ok", "ssn [ssn], ok"),
            ("mail <ada@example.com>.", "mail <[email]>."),
            ("from 203.0.113.7:4711", "from [ip]:4711"),
            ("from ::1 and 127.0.0.1", "from ::1 and 127.0.0.1"),
            ("GET /x?token=y&a=1 HTTP/1.1", "GET /x?token=[Filtered]&a=1 HTTP/1.1"),
        ],
    );
}

#[test]
fn multipart() {
    let part =
        |name: &str, value: &str| format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let body = |value| part("user", "ada") + &part("password", value) + "--b--\r\n";
    check(Entry::body("multipart/form-data; boundary=b"), &[(&body("hunter2"), &body("[Filtered]"))]);
}

#[test]
fn xml() {
    check(
        Entry::XML,
        &[
            ("<a><password>x</password><n>1</n></a>", "<a><password>[Filtered]</password><n>1</n></a>"),
            (r#"<a password="x" n="1"/>"#, r#"<a password="[Filtered]" n="1"/>"#),
        ],
    );
}

#[test]
fn what_is_cut_off_is_gone() {
    let json = Entry::Body { content_type: Some("application/json"), cut: true };
    let scrubber = standard();
    for (input, start) in [
        (r#"{"n":1,"password":"hunt"#, r#"{"n":1,"password":"#),
        (r#"{"n":1,"password":["#, r#"{"n":1,"password":"#),
        (r#"{"n":1,"password":"hunter\"#, r#"{"n":1,"password":"#),
        (r#"{"n":1,"pin":12"#, r#"{"n":1,"pin":"#),
    ] {
        let output = String::from_utf8_lossy(&json.run(&scrubber, input.as_bytes())).into_owned();
        let (kept, rest) = output.split_at_checked(start.len()).unwrap_or_default();
        assert_eq!(kept, start, "of {input}");
        assert!(!rest.contains("hunt") && !rest.contains("12"), "{output}");
    }
}

#[test]
fn deep_nesting_is_no_matter() {
    const DEPTH: usize = 10_000;
    let nested = |inner: &str| {
        let open: String = iter::repeat_n(r#"{"a":["#, DEPTH).collect();
        let close: String = iter::repeat_n("]}", DEPTH).collect();
        format!("{open}{inner}{close}")
    };
    let body = nested(r#"{"password":"hunter2"}"#);
    check(Entry::JSON, &[(&body, &nested(r#"{"password":"[Filtered]"}"#))]);
}

#[test]
fn compressed_bodies_are_described() {
    let scrubber = standard();
    let body = Body { bytes: b"\x1f\x8b\x08\0password=hunter2", length: Some(4711), ..Body::default() };
    for encoding in ["gzip", "deflate", "br", "zstd", "gzip, identity"] {
        let body = Body { content_encoding: Some(encoding.as_bytes()), content_type: Some(b"text/plain"), ..body };
        let Described::Kind(kind) = scrubber.body(&body) else { panic!("{encoding} was shown") };
        assert!(kind.contains("4711") && !kind.contains("hunter2"), "{kind}");
    }
    let plain = Body { bytes: b"a=1", content_encoding: Some(b"identity"), ..Body::default() };
    assert_eq!(scrubber.body(&plain), Described::Text("a=1".into()));
}
