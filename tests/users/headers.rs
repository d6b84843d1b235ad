//! Headers by which proxies name users, and others would like to.

use tower_telemetry_core::{Disclosure, User, UserAttribute};
use tower_telemetry_user::{ProxyHeaders, UserSource, Users};

use super::asked::{names, request, told};

const PROXY: &str = "10.0.0.1";

fn users() -> Users {
    Users::new().sources([UserSource::proxy_headers()]).trusted_proxies(["10.0.0.0/8", "fd00::/8"]).expect("networks")
}

#[test]
fn only_a_trusted_proxy_names_users() {
    let forged: [(_, &[u8]); 2] = [("x-forwarded-user", b"7"), ("x-auth-request-email", b"ada@example.com")];
    let id = |users: Users, peer| names(&told(&users, request(peer, &forged))).0;
    for peer in ["10.0.0.1", "10.255.255.255", "::ffff:10.0.0.1", "fd12::1"] {
        assert_eq!(id(users(), Some(peer)).as_deref(), Some("7"), "{peer}");
        assert_eq!(id(Users::new().sources([UserSource::proxy_headers()]), Some(peer)), None, "nobody is trusted");
        assert_eq!(id(Users::new(), Some(peer)), None, "nobody is asked");
    }
    for peer in
        [Some("11.0.0.1"), Some("9.255.255.255"), Some("::ffff:11.0.0.1"), Some("fe00::1"), Some("::10.0.0.1"), None]
    {
        assert_eq!(id(users(), peer), None, "{peer:?}");
    }
    // Who stands in the chain is not who is at the other end.
    let mut headers = forged.to_vec();
    headers.push(("x-forwarded-for", b"10.0.0.1"));
    assert_eq!(names(&told(&users(), request(Some("203.0.113.7"), &headers))).0, None);
}

#[test]
fn the_headers_of_oauth2_proxy_are_read() {
    let all = users().personal(Disclosure::Disclosed);
    let tell = |headers: &[(&'static str, &[u8])]| {
        let told = told(&all, request(Some(PROXY), headers));
        (names(&told), told.email.as_ref().map(ToString::to_string))
    };
    let ada = || ((Some("7".into()), Some("ada".into())), Some("ada@example.com".into()));
    for family in ["x-forwarded", "x-auth-request"] {
        let name = |what| -> &'static str { Box::leak(format!("{family}-{what}").into_boxed_str()) };
        let headers: [(_, &[u8]); 3] =
            [(name("user"), b"7"), (name("preferred-username"), b"ada"), (name("email"), b"ada@example.com")];
        assert_eq!(tell(&headers), ada());
    }
    assert_eq!(tell(&[("x-forwarded-email", b"ada@example.com")]).1, ada().1, "it may be all there is");
}

#[test]
fn headers_that_contradict_each_other_name_nobody() {
    let cases: [&[(&'static str, &[u8])]; 5] = [
        &[("x-forwarded-user", b"7"), ("x-forwarded-user", b"8")],
        &[("x-forwarded-user", b"7"), ("x-forwarded-user", b"7")],
        &[("x-forwarded-user", b"7"), ("x-auth-request-user", b"8")],
        // A second one does not let another in its place.
        &[("x-forwarded-user", b"7"), ("x-forwarded-user", b"8"), ("x-auth-request-user", b"9")],
        &[
            ("x-forwarded-user", b"7"),
            ("x-forwarded-preferred-username", b"a"),
            ("x-auth-request-preferred-username", b"b"),
        ],
    ];
    for headers in cases {
        assert_eq!(names(&told(&users(), request(Some(PROXY), headers))), (None, None), "{headers:?}");
    }
    let same: [(_, &[u8]); 2] = [("x-forwarded-user", b"7"), ("x-auth-request-user", b"7")];
    assert_eq!(names(&told(&users(), request(Some(PROXY), &same))).0.as_deref(), Some("7"));
}

#[test]
fn values_are_bounded() {
    let id = |value: &[u8]| names(&told(&users(), request(Some(PROXY), &[("x-forwarded-user", value)]))).0;
    assert_eq!(id(b" 7 ").as_deref(), Some("7"));
    assert_eq!(id("\u{e4}da\u{2028}\u{202e}".as_bytes()).as_deref(), Some("\u{e4}da"));
    assert_eq!(id(&[b'x'; 256]), Some("x".repeat(128)));
    assert_eq!(id("\u{1f600}".repeat(64).as_bytes()), Some("\u{1f600}".repeat(64)));
    for bad in
        [b"".as_slice(), b" ", b"\t", b"\xff", b"7\xff", &[b'x'; 257], &vec![b'x'; 1 << 20], "\u{202e}".as_bytes()]
    {
        assert_eq!(id(bad), None, "{:?}", &bad[..bad.len().min(10)]);
    }
}

#[test]
fn names_of_ones_own_take_the_place_of_the_usual() {
    let headers =
        ProxyHeaders::new().id("X-Remote-User").expect("a name").attribute("role", "x-groups").expect("a name");
    let users = Users::new().sources([UserSource::proxy_headers_of(headers)]).attributes([User::ROLE]);
    let users = users.trusted_proxies([PROXY]).expect("an address");
    let sent: [(_, &[u8]); 3] = [("x-remote-user", b"7"), ("x-forwarded-user", b"8"), ("x-groups", b"admin")];
    let user = told(&users, request(Some(PROXY), &sent));
    assert_eq!(names(&user).0.as_deref(), Some("7"));
    assert_eq!(user.attributes, [("role".into(), UserAttribute::from("admin"))]);
    let doubled: [(_, &[u8]); 3] = [("x-remote-user", b"7"), ("x-groups", b"admin"), ("x-groups", b"root")];
    assert!(told(&users, request(Some(PROXY), &doubled)).attributes.is_empty());
    assert_eq!(names(&told(&users, request(Some(PROXY), &[("x-groups", b"admin")]))), (None, None));
    for wrong in ["", "a b", "x:y", "\u{e4}"] {
        let errors = [ProxyHeaders::new().id(wrong), ProxyHeaders::new().attribute("role", wrong)];
        for error in errors.map(|refused| refused.expect_err("it is no name")) {
            assert!(error.to_string().contains("x-remote-user"), "{error}");
        }
    }
}
