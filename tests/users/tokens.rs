//! Tokens and basic credentials: labels that are bounded, and never more.

use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD},
};
use tower_telemetry_core::{Disclosure, User};
use tower_telemetry_user::{Token, UserSource, Users};

use super::asked::{names, request, told};

const HEADER: &str = r#"{"alg":"none"}"#;

fn bearer(users: &Users, credentials: &[u8]) -> User {
    (*told(users, request(None, &[("authorization", credentials)]))).clone()
}

fn by_token() -> Users {
    Users::new().sources([UserSource::token(Token::bearer())])
}

fn encoded(payload: impl AsRef<[u8]>) -> String {
    let part = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
    format!("Bearer {}.{}.c2ln", part(HEADER.as_bytes()), part(payload.as_ref()))
}

fn id_of(payload: impl AsRef<[u8]>) -> Option<String> {
    names(&bearer(&by_token(), encoded(payload).as_bytes())).0
}

#[test]
fn the_claims_are_told_as_unverified() {
    let payload = r#"{"sub":"7","preferred_username":"ada","email":"ada@example.com","name":"Ada L","admin":true}"#;
    let told = bearer(&by_token(), encoded(payload).as_bytes());
    assert_eq!(names(&told), (Some("7".into()), Some("ada".into())));
    assert!(told.unverified && told.email.is_none() && told.name.is_none() && told.attributes.is_empty());

    let told = bearer(&by_token().personal(Disclosure::Disclosed), encoded(payload).as_bytes());
    assert_eq!(told.email.map(|email| email.to_string()).as_deref(), Some("ada@example.com"));
    // Not asked, not read.
    assert_eq!(bearer(&Users::new(), encoded(payload).as_bytes()), User::default());
    // A mapping cannot verify it either.
    let token = Token::bearer().map(|claims| {
        let mut user = User::new(claims.number("n")?).with_staff(claims.flag("staff")?);
        user.unverified = false;
        Some(user)
    });
    let users = Users::new().sources([UserSource::token(token)]).attributes([User::IS_STAFF]);
    let told = bearer(&users, encoded(r#"{"n":-7,"staff":true}"#).as_bytes());
    assert_eq!((told.id, told.unverified, told.attributes.len()), (Some((-7_i64).into()), true, 1));
}

#[test]
fn a_token_that_is_not_as_it_should_be_names_nobody() {
    let deep = |levels: usize| format!(r#"{{"sub":"7","x":{}1{}}}"#, "[".repeat(levels), "]".repeat(levels));
    let claims = |count: usize| {
        let others: Vec<_> = (1..count).map(|i| format!(r#""c{i}":{i}"#)).collect();
        format!(r#"{{"sub":"7",{}}}"#, others.join(","))
    };
    let good: [String; 7] = [
        r#"{"sub":"7"}"#.into(),
        r#" { "sub" : "7" , "x" : null, "y": [1, {"sub": "8"}], "z": {"sub": "8"}, "f": 1.5 } "#.into(),
        r#"{"alg":"none","sub":"7"}"#.into(),
        r#"{"sub":"7","exp":1}"#.into(),
        r#"{"sub":"7","big":18446744073709551615,"bigger":1e300}"#.into(),
        deep(2_000),
        claims(64),
    ];
    for payload in good {
        assert_eq!(id_of(&payload).as_deref(), Some("7"), "{payload:.60}");
    }
    let bad: [String; 24] = [
        String::new(),
        "{}".into(),
        "[]".into(),
        "7".into(),
        "null".into(),
        r#""sub""#.into(),
        r#"{"sub":"7""#.into(),
        r#"{"sub":"7"} x"#.into(),
        r#"{"sub":"7"}{"sub":"8"}"#.into(),
        // Claims that stand there twice.
        r#"{"sub":"7","sub":"8"}"#.into(),
        r#"{"sub":"7","sub":"7"}"#.into(),
        r#"{"sub":"7","s\u0075b":"8"}"#.into(),
        r#"{"sub":"7","x":1,"x":2}"#.into(),
        // Of types that an id is not.
        r#"{"sub":7}"#.into(),
        r#"{"sub":18446744073709551615}"#.into(),
        r#"{"sub":true}"#.into(),
        r#"{"sub":null}"#.into(),
        r#"{"sub":["7"]}"#.into(),
        r#"{"sub":{"id":"7"}}"#.into(),
        r#"{"sub":""}"#.into(),
        r#"{"sub":"\u0000\n \u001b"}"#.into(),
        r#"{"sub":"\ud800"}"#.into(),
        deep(9_000),
        claims(65),
    ];
    for payload in bad {
        assert_eq!(id_of(&payload), None, "{payload:.60}");
    }
    assert_eq!(id_of(b"{\"sub\":\"\xff\"}"), None);
    assert_eq!(id_of(b"\xef\xbb\xbf{\"sub\":\"7\"}"), None);
}

#[test]
fn a_token_has_three_parts_and_8_kib() {
    let payload = BASE64_URL_SAFE_NO_PAD.encode(r#"{"sub":"7"}"#);
    let users = by_token();
    let id = |credentials: &str| names(&bearer(&users, credentials.as_bytes())).0;
    for good in [
        format!("Bearer e30.{payload}.c2ln"),
        format!("bEARER   e30.{payload}.c2ln "),
        // The signature is not looked at, nor is the header.
        format!("Bearer .{payload}."),
        format!("Bearer !.{payload}.!"),
        format!("Bearer e30.{}.", BASE64_URL_SAFE.encode(r#"{"sub":"7"}"#)),
        format!("Bearer e30.{payload}.{}", "x".repeat(8_000)),
    ] {
        assert_eq!(id(&good).as_deref(), Some("7"), "{good:.80}");
    }
    for bad in [
        format!("e30.{payload}.c2ln"),
        format!("Bearere30.{payload}.c2ln"),
        format!("Token e30.{payload}.c2ln"),
        format!("Basic e30.{payload}.c2ln"),
        format!("Bearer e30.{payload}"),
        format!("Bearer {payload}"),
        format!("Bearer e30.{payload}.c2ln.x"),
        // Encrypted.
        format!("Bearer e30.{payload}.a.b.c"),
        format!("Bearer e30.{payload}!.c2ln"),
        format!("Bearer e30.{payload} .c2ln"),
        // Standard base64, which differs.
        format!("Bearer e30.{}.c2ln", BASE64_STANDARD.encode(r#"{"sub":"7","x":"???>>>"}"#)),
        "Bearer ..".into(),
        "Bearer".into(),
        "Bearer ".into(),
        String::new(),
        format!("Bearer e30.{payload}.{}", "x".repeat(8_200)),
        format!("Bearer e30.{payload}.{}", "x".repeat(1 << 20)),
        format!("Bearer {}", "x.".repeat(1 << 19)),
    ] {
        assert_eq!(id(&bad), None, "{bad:.80}");
    }
    let huge = format!(r#"{{"sub":"7","x":"{}"}}"#, "x".repeat(1 << 20));
    assert_eq!(id(&encoded(huge)), None);
    let twice = format!("Bearer e30.{payload}.");
    let headers: [(_, &[u8]); 2] = [("authorization", twice.as_bytes()); 2];
    assert_eq!(told(&users, request(None, &headers)).id, None, "which of the two would count?");
}

#[test]
fn what_a_token_says_is_cut_and_cleaned() {
    let payload = format!(r#"{{"sub":"a\nb\u202e{}","preferred_username":"  ada\u0007  "}}"#, "x".repeat(4_000));
    let (id, username) = names(&bearer(&by_token(), encoded(payload).as_bytes()));
    assert_eq!(id, Some(format!("ab{}", "x".repeat(126))));
    assert_eq!(username.as_deref(), Some("ada"));
}

#[test]
fn a_token_may_stand_elsewhere() {
    let token = Token::bearer().header("x-amzn-oidc-data").expect("a name");
    let users = Users::new().sources([UserSource::token(token)]);
    let payload = BASE64_URL_SAFE_NO_PAD.encode(r#"{"sub":"7"}"#);
    for credentials in [format!("e30.{payload}.c2ln"), format!("Bearer e30.{payload}.c2ln")] {
        let head = request(None, &[("x-amzn-oidc-data", credentials.as_bytes())]);
        assert_eq!(names(&told(&users, head)).0.as_deref(), Some("7"));
    }
    let error = Token::bearer().header("not a name").expect_err("it has spaces");
    assert!(error.to_string().contains("not a name") && error.to_string().contains("x-amzn-oidc-data"), "{error}");
}

#[test]
fn basic_credentials_give_the_username_alone() {
    let users = Users::new().sources([UserSource::basic()]);
    let basic = |text: &[u8]| format!("Basic {}", BASE64_STANDARD.encode(text));
    let name = |credentials: &str| {
        let told = bearer(&users, credentials.as_bytes());
        assert!(told.id.is_none() && (told.username.is_none() || told.unverified), "{credentials:.80}");
        names(&told).1
    };
    let good: [(&[u8], &str); 6] = [
        (b"ada:lovelace", "ada"),
        (b"ada:", "ada"),
        (b"ada:a:b:c", "ada"),
        ("ad\u{e4}:x".as_bytes(), "ad\u{e4}"),
        (b"a\nda\x00:x", "ada"),
        (b"  ada :x", "ada"),
    ];
    for (text, expected) in good {
        assert_eq!(name(&basic(text)).as_deref(), Some(expected));
    }
    assert_eq!(name(&format!("basic {}", BASE64_STANDARD_NO_PAD.encode("ada:x"))).as_deref(), Some("ada"));
    assert_eq!(name(&basic(&[b"x".repeat(5_000), b":y".to_vec()].concat())), Some("x".repeat(128)));
    for bad in [
        basic(b""),
        basic(b":"),
        basic(b":password"),
        basic(b"ada"),
        basic(b"\xff\xfe:x"),
        basic(b"\n\t:x"),
        "Basic".into(),
        "Basic ada:lovelace".into(),
        "Basic YWRhOmxvdmVsYWNl!".into(),
        basic(&[b"x".repeat(1 << 20), b":y".to_vec()].concat()),
        basic(b"ada:lovelace").replace("Basic", "Bearer"),
    ] {
        assert_eq!(name(&bad), None, "{bad:.80}");
    }
}
