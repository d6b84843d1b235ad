//! The caller's address: the connection's, or what trusted proxies say of it.

use tower_telemetry_core::{AddressDisclosure, Disclosure};
use tower_telemetry_user::Users;

use super::asked::{request, told};

const PROXY: &str = "10.0.0.1";

fn users() -> Users {
    let proxies = ["10.0.0.0/8", "::1", "2001:db8:ffff::/48"];
    Users::new().trusted_proxies(proxies).expect("networks").address(AddressDisclosure::Whole)
}

/// What is told where the connection comes from there.
fn from(peer: Option<&str>, headers: &[(&'static str, &[u8])]) -> Option<String> {
    told(&users(), request(peer, headers)).address.map(|address| address.to_string())
}

#[test]
fn an_address_is_told_as_far_as_it_is_disclosed() {
    use AddressDisclosure::{Cut, Off, Whole};

    let cases = [
        ("203.0.113.7", "203.0.113.0"),
        ("255.255.255.255", "255.255.255.0"),
        ("::ffff:203.0.113.7", "203.0.113.0"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::"),
        ("fe80::1", "fe80::"),
        ("::1", "::"),
        // It holds 192.0.2.235.
        ("2002:c000:02eb::1", "2002:c000:200::"),
        // They hold IPv4 addresses further behind.
        ("64:ff9b::c000:2eb", "64:ff9b::"),
        ("::203.0.113.7", "::"),
    ];
    for (address, cut) in cases {
        let head = || request(Some(address), &[]);
        let tell = |users: Users| told(&users, head()).address.map(|address| address.to_string());
        let whole = address.parse::<std::net::IpAddr>().expect("an address").to_canonical().to_string();
        assert_eq!(tell(Users::new()).as_deref(), Some(cut), "{address}");
        assert_eq!(tell(Users::new().personal(Disclosure::Disclosed)), Some(whole.clone()), "{address}");
        assert_eq!(tell(Users::new().personal(Disclosure::Disclosed).address(Cut)).as_deref(), Some(cut), "{address}");
        assert_eq!(tell(Users::new().address(Whole)), Some(whole), "{address}");
        assert_eq!(tell(Users::new().personal(Disclosure::Disclosed).address(Off)), None, "{address}");
    }
}

#[test]
fn only_trusted_proxies_are_believed() {
    let forged: [(_, &[u8]); 2] = [("x-forwarded-for", b"203.0.113.7"), ("forwarded", b"for=203.0.113.7")];
    for peer in ["198.51.100.1", "11.0.0.1", "::ffff:198.51.100.1", "2001:db8:fffe::1", "::2"] {
        let canonical = peer.parse::<std::net::IpAddr>().expect("an address").to_canonical().to_string();
        for headers in [&forged[..1], &forged[1..], &forged] {
            assert_eq!(from(Some(peer), headers), Some(canonical.clone()));
            assert_eq!(from(None, headers), None, "nobody knows who says it");
        }
    }
    for peer in [PROXY, "::1", "::ffff:10.9.9.9", "2001:db8:ffff::1"] {
        for headers in [&forged[..1], &forged[1..], &forged] {
            assert_eq!(from(Some(peer), headers).as_deref(), Some("203.0.113.7"), "{peer}");
        }
        assert_eq!(from(Some(peer), &[]), Some(peer.trim_start_matches("::ffff:").to_owned()), "nobody has written");
    }
}

#[test]
fn a_chain_leads_to_the_first_that_is_not_trusted() {
    let cases: [(&str, Option<&str>); 28] = [
        ("203.0.113.7", Some("203.0.113.7")),
        ("203.0.113.7:4711", Some("203.0.113.7")),
        ("2001:db8::7", Some("2001:db8::7")),
        ("[2001:db8::7]", Some("2001:db8::7")),
        ("[2001:db8::7]:4711", Some("2001:db8::7")),
        ("::ffff:203.0.113.7", Some("203.0.113.7")),
        // What the caller itself has written stands to the left.
        ("1.1.1.1, 203.0.113.7", Some("203.0.113.7")),
        ("1.1.1.1, 203.0.113.7, 10.0.0.2", Some("203.0.113.7")),
        ("1.1.1.1,203.0.113.7 ,\t10.0.0.2,::ffff:10.0.0.3", Some("203.0.113.7")),
        ("garbage, 203.0.113.7, 10.0.0.2", Some("203.0.113.7")),
        ("10.0.0.3, 10.0.0.2", Some("10.0.0.3")),
        // Who wrote what is unknown beyond what cannot be read.
        ("203.0.113.7, unknown", None),
        ("203.0.113.7, garbage, 10.0.0.2", None),
        ("203.0.113.7, 10.0.0.2,", None),
        ("203.0.113.7,, 10.0.0.2", None),
        ("", None),
        (",", None),
        ("fe80::1%eth0", None),
        ("[fe80::1%eth0]:80", None),
        ("203.0.113.7:port", None),
        ("203.0.113.7:99999", None),
        ("203.0.113.256", None),
        ("0203.0.113.7", None),
        ("203.0.113", None),
        ("[203.0.113.7", None),
        ("2001:db8::7]", None),
        ("\"203.0.113.7\"", None),
        ("localhost", None),
    ];
    for (chain, expected) in cases {
        let header: [(_, &[u8]); 1] = [("x-forwarded-for", chain.as_bytes())];
        assert_eq!(from(Some(PROXY), &header).as_deref(), expected, "{chain:?}");
    }
    assert_eq!(from(Some(PROXY), &[("x-forwarded-for", b"203.0.113.7, \xff")]), None);
}

#[test]
fn forwarded_is_read_as_its_grammar_has_it() {
    let cases: [(&str, Option<&str>); 40] = [
        ("for=192.0.2.60;proto=http;by=203.0.113.43", Some("192.0.2.60")),
        ("for=192.0.2.60; proto=http", Some("192.0.2.60")),
        ("proto=http;for=192.0.2.60", Some("192.0.2.60")),
        ("For=\"192.0.2.60:4711\"", Some("192.0.2.60")),
        ("FOR=\"[2001:db8:cafe::17]:4711\"", Some("2001:db8:cafe::17")),
        ("for=\"[2001:db8:cafe::17]\"", Some("2001:db8:cafe::17")),
        ("for=\"192.0.2.43:_gazonk\"", Some("192.0.2.43")),
        ("for=\"[2001:db8:cafe::17]:_port.1-2\"", Some("2001:db8:cafe::17")),
        ("for=\"[::ffff:192.0.2.60]\"", Some("192.0.2.60")),
        ("for=1.1.1.1, for=192.0.2.60, for=10.0.0.2", Some("192.0.2.60")),
        ("for=192.0.2.60,for=10.0.0.2;host=\"a;b=c\"", Some("192.0.2.60")),
        ("for=192.0.2.60;host=\"a \\\" b\"", Some("192.0.2.60")),
        // As some proxies have it, though it should be quoted.
        ("for=192.0.2.60:4711", Some("192.0.2.60")),
        ("for=[2001:db8:cafe::17]", Some("2001:db8:cafe::17")),
        ("for=2001:db8:cafe::17", Some("2001:db8:cafe::17")),
        ("for=unknown", None),
        ("for=_hidden", None),
        ("for=_SEVKISEK", None),
        ("for=\"_hidden:80\"", None),
        ("for=192.0.2.60, for=_hidden", None),
        ("for=192.0.2.60, for=_hidden, for=10.0.0.2", None),
        ("for=192.0.2.60, for=unknown, for=10.0.0.2", None),
        ("for=192.0.2.60;for=192.0.2.61", None),
        ("for=192.0.2.60;proto", None),
        ("for=192.0.2.60;", None),
        ("for=192.0.2.60;;proto=http", None),
        ("for=", None),
        ("for=\"\"", None),
        ("for=\"192.0.2.60", None),
        ("for=192.0.2.60\"", None),
        ("for=\"192.0.2.60\"x", None),
        ("for=192.0.2.60 proto=http", None),
        ("for = 192.0.2.60", None),
        ("f\u{f6}r=192.0.2.60", None),
        ("proto=http", None),
        ("192.0.2.60", None),
        ("", None),
        // A comma in a quoted text is none to split at, and a caller may have written that text.
        ("for=192.0.2.60;host=\"x, for=6.6.6.6;y=\"", None),
        ("for=192.0.2.60;host=\"x, for=6.6.6.6\"", None),
        ("for=192.0.2.60;host=\"x\\\", for=6.6.6.6;y=\\\"\"", None),
    ];
    for (chain, expected) in cases {
        let header: [(_, &[u8]); 1] = [("forwarded", chain.as_bytes())];
        assert_eq!(from(Some(PROXY), &header).as_deref(), expected, "{chain:?}");
    }
}

#[test]
fn several_lines_are_one_chain() {
    for (name, ada, proxy) in
        [("x-forwarded-for", "203.0.113.7", "10.0.0.2"), ("forwarded", "for=203.0.113.7", "for=10.0.0.2")]
    {
        let lines = |lines: &[&str]| {
            let lines: Vec<_> = lines.iter().map(|line| (name, line.as_bytes())).collect();
            from(Some(PROXY), &lines)
        };
        let expected = Some("203.0.113.7".to_owned());
        assert_eq!(lines(&[ada, proxy]), expected);
        assert_eq!(lines(&["garbage", ada, proxy, proxy]), expected);
        assert_eq!(lines(&[&format!("{proxy}, {ada}"), proxy]), expected);
        assert_eq!(lines(&[ada, "garbage", proxy]), None);
        assert_eq!(lines(&[ada, ""]), None);
    }
}

#[test]
fn both_headers_must_say_the_same() {
    let both = |one: &str, other: &str| {
        from(Some(PROXY), &[("x-forwarded-for", one.as_bytes()), ("forwarded", other.as_bytes())])
    };
    assert_eq!(both("203.0.113.7", "for=203.0.113.7").as_deref(), Some("203.0.113.7"));
    assert_eq!(both("203.0.113.7, 10.0.0.2", "for=\"203.0.113.7:80\"").as_deref(), Some("203.0.113.7"));
    for (one, other) in [
        ("203.0.113.7", "for=203.0.113.8"),
        ("203.0.113.7", "for=unknown"),
        ("unknown", "for=203.0.113.7"),
        ("unknown", "for=unknown"),
        ("203.0.113.7", ""),
        ("", "for=203.0.113.7"),
    ] {
        assert_eq!(both(one, other), None, "{one} and {other}");
    }
}

#[test]
fn a_long_chain_is_not_followed_for_ever() {
    let chain = |trusted: usize| {
        let chain = std::iter::once("203.0.113.7").chain(std::iter::repeat_n("10.0.0.2", trusted));
        chain.collect::<Vec<_>>().join(", ")
    };
    let told = |text: &str| from(Some(PROXY), &[("x-forwarded-for", text.as_bytes())]);
    assert_eq!(told(&chain(31)).as_deref(), Some("203.0.113.7"));
    for trusted in [32, 33, 1_000, 100_000] {
        assert_eq!(told(&chain(trusted)), None, "{trusted}");
    }
    // As many as are read, and all are ours.
    let ours = |count| vec!["10.0.0.2"; count].join(",");
    assert_eq!((told(&ours(32)).as_deref(), told(&ours(33))), (Some("10.0.0.2"), None));
    // What is to the left of the first that is not trusted is the caller's, however much it is.
    let strangers = vec!["198.51.100.1"; 1_000].join(", ");
    assert_eq!(told(&format!("{strangers}, 203.0.113.7")).as_deref(), Some("203.0.113.7"));
    let lines: Vec<(_, &[u8])> = vec![("x-forwarded-for", b"10.0.0.2".as_slice()); 1_000];
    assert_eq!(from(Some(PROXY), &lines), None);
    // One element that is longer than what is read.
    assert_eq!(told(&format!("{}203.0.113.7", "0".repeat(1_000_000))), None);
    assert_eq!(told(&format!("{}, 10.0.0.2", " ".repeat(1_000_000))), None);
}
