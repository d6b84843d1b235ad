//! Chains of proxies as they come, against a walk that is simple enough to be believed.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use proptest::{collection::vec, prelude::*};
use tower_telemetry_core::AddressDisclosure;
use tower_telemetry_user::{ProxyHeaders, Token, UserSource, Users};

use super::asked::{request, told};

const PROXY: &str = "10.0.0.1";

#[derive(Clone, Debug)]
enum Hop {
    Address(IpAddr),
    Unreadable(&'static str),
}

fn hop() -> impl Strategy<Value = Hop> {
    let trusted = any::<[u8; 3]>().prop_map(|[a, b, c]| IpAddr::V4(Ipv4Addr::new(10, a, b, c)));
    let mapped = any::<[u8; 3]>().prop_map(|[a, b, c]| IpAddr::V6(Ipv4Addr::new(10, a, b, c).to_ipv6_mapped()));
    let any_v4 = any::<u32>().prop_map(|bits| IpAddr::V4(Ipv4Addr::from_bits(bits)));
    let any_v6 = any::<u128>().prop_map(|bits| IpAddr::V6(Ipv6Addr::from_bits(bits)));
    let unreadable =
        prop::sample::select(vec!["", "unknown", "_hidden", "10.0.0", "10.0.0.1.1", "10.0.0.1:x", "fe80::1%1"]);
    prop_oneof![
        6 => trusted.prop_map(Hop::Address),
        3 => mapped.prop_map(Hop::Address),
        1 => any_v4.prop_map(Hop::Address),
        1 => any_v6.prop_map(Hop::Address),
        1 => unreadable.prop_map(Hop::Unreadable),
    ]
}

/// The walk, from the right.
fn reference(hops: &[Hop]) -> Option<IpAddr> {
    let mut proxies = hops.iter().rev().take(33).collect::<Vec<_>>();
    let is_too_long = proxies.len() == 33;
    if is_too_long {
        proxies.pop();
    }
    for hop in &proxies {
        match hop {
            Hop::Unreadable(_) => return None,
            Hop::Address(address) => match address.to_canonical() {
                IpAddr::V4(v4) if v4.octets()[0] == 10 => {}
                stranger => return Some(stranger),
            },
        }
    }
    match proxies.last() {
        Some(Hop::Address(first)) if !is_too_long => Some(first.to_canonical()),
        _ => None,
    }
}

fn plain(hop: &Hop, with_port: bool) -> String {
    match hop {
        Hop::Address(IpAddr::V6(address)) if with_port => format!("[{address}]:443"),
        Hop::Address(address) if with_port => format!("{address}:443"),
        Hop::Address(address) => address.to_string(),
        Hop::Unreadable(text) => (*text).to_owned(),
    }
}

fn element(hop: &Hop, style: u8) -> String {
    let node = match hop {
        Hop::Address(IpAddr::V6(address)) => format!("[{address}]"),
        other => plain(other, false),
    };
    match style % 4 {
        0 => format!("for=\"{node}\""),
        1 => format!("proto=https;For=\"{node}\";by=_us"),
        2 => format!("FOR=\"{node}{}\"", if matches!(hop, Hop::Address(_)) { ":443" } else { "" }),
        _ => format!("for=\"{node}\"; host=\"example.com;a=b\""),
    }
}

/// The elements in lines, of which each has one more than this says.
fn lines(elements: &[String], sizes: &[usize]) -> Vec<String> {
    let (mut rest, mut lines) = (elements, Vec::new());
    for size in sizes.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (line, more) = rest.split_at((size + 1).min(rest.len()));
        lines.push(line.join(if size % 2 == 0 { ", " } else { ",\t" }));
        rest = more;
    }
    lines
}

fn users() -> Users {
    Users::new().trusted_proxies(["10.0.0.0/8"]).expect("a network").address(AddressDisclosure::Whole)
}

fn walked(name: &'static str, lines: &[String]) -> Option<IpAddr> {
    let headers: Vec<_> = lines.iter().map(|line| (name, line.as_bytes())).collect();
    told(&users(), request(Some(PROXY), &headers)).address
}

/// Everything that reads what callers send.
fn all_sources() -> Users {
    let proxy_headers = ProxyHeaders::new().attribute("role", "x-role").expect("a name");
    let token = Token::bearer().header("x-token").expect("a name");
    users().attributes(["role"]).sources([
        UserSource::proxy_headers_of(proxy_headers),
        UserSource::token(Token::bearer()),
        UserSource::token(token),
        UserSource::basic(),
    ])
}

proptest! {
    #[test]
    fn x_forwarded_for_leads_where_it_should(
        hops in vec(hop(), 1..40),
        ports in vec(any::<bool>(), 40),
        sizes in vec(0..4_usize, 1..5),
    ) {
        let elements: Vec<_> = hops.iter().zip(ports).map(|(hop, with_port)| plain(hop, with_port)).collect();
        prop_assert_eq!(walked("x-forwarded-for", &lines(&elements, &sizes)), reference(&hops));
    }

    #[test]
    fn forwarded_leads_where_it_should(
        hops in vec(hop(), 1..40),
        styles in vec(any::<u8>(), 40),
        sizes in vec(0..4_usize, 1..5),
    ) {
        let elements: Vec<_> = hops.iter().zip(styles).map(|(hop, style)| element(hop, style)).collect();
        prop_assert_eq!(walked("forwarded", &lines(&elements, &sizes)), reference(&hops));
    }

    /// Whatever a caller writes, and lets a proxy quote, the element that the proxy itself has written counts.
    #[test]
    fn nothing_to_the_left_counts(forged in "[ -~]{0,60}") {
        let header = format!("{forged}, for=192.0.2.60;host=\"{}\"", forged.replace('\\', "\\\\").replace('"', "\\\""));
        let told = walked("forwarded", &[header]);
        prop_assert!(told.is_none_or(|address| address.to_string() == "192.0.2.60"), "{told:?}");
        let told = walked("x-forwarded-for", &[format!("{forged}, 192.0.2.60")]);
        prop_assert_eq!(told, "192.0.2.60".parse().ok());
    }

    #[test]
    fn no_bytes_panic_or_are_told_at_length(
        values in vec(vec(any::<u8>().prop_filter("not in headers", |byte| *byte >= 32 && *byte != 127), 0..300), 8),
        scheme in prop::sample::select(vec!["", "Bearer ", "Basic ", "bearer a.", "Basic  "]),
    ) {
        let names = [
            "x-forwarded-for", "forwarded", "x-forwarded-user", "x-forwarded-preferred-username", "x-forwarded-email",
            "x-role", "x-token", "authorization",
        ];
        let values: Vec<_> = values.iter().map(|value| [scheme.as_bytes(), value].concat()).collect();
        let headers: Vec<_> = names.into_iter().zip(values.iter().map(Vec::as_slice)).collect();
        for peer in [Some(PROXY), Some("203.0.113.7"), None] {
            let told = told(&all_sources(), request(peer, &headers));
            for text in [&told.id, &told.username, &told.email, &told.name].into_iter().flatten() {
                prop_assert!(text.as_str().chars().count() <= 128 && !text.as_str().contains(char::is_control));
            }
        }
    }
}
