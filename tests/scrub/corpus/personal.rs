use super::{case::Known, draw::Draw};

const HOSTS: &[&str] =
    &["example.com", "mail.example.co.uk", "example.org", "firma.example.de", "xn--bcher-kva.example", "ex-ample.io"];

pub(crate) fn secret(draw: &mut Draw, kind: &str) -> Option<(String, Known)> {
    let text = match kind {
        "email" => return Some(email(draw)),
        "emailidn" => {
            let local = draw.word();
            let least = local.len() + 4;
            return Some((format!("{local}@bücher.example"), Known::Shape(least)));
        }
        "ip4" => ip4(draw),
        "ip6" => ip6(draw),
        "ip6mapped" => format!("::ffff:{}", ip4(draw)),
        _ => return None,
    };
    // Before its end an address could be anything.
    let least = text.len();
    Some((text, Known::Shape(least)))
}

fn email(draw: &mut Draw) -> (String, Known) {
    let (first, family) = (draw.word(), draw.word());
    let local = match draw.rng.u8(..7) {
        0 => first,
        1 => format!("{first}.{family}"),
        2 => format!("{first}+{family}"),
        3 => format!("{first}_{family}{}", draw.digits(2)),
        4 => format!("{first}-{family}"),
        5 => format!("{}.{}", &first[..1], family.to_uppercase()),
        _ => format!("{first}.{family}+tag{}", draw.digits(2)),
    };
    let least = local.len() + 2;
    (format!("{local}@{}", draw.pick(HOSTS)), Known::Shape(least))
}

/// Of the networks for documentation, private use and the rest: anything but loopback.
fn ip4(draw: &mut Draw) -> String {
    let prefix =
        *draw.pick(&["203.0.113", "198.51.100", "192.168.17", "10.42.3", "172.20.9", "84.113.207", "151.101.65"]);
    format!("{prefix}.{}", draw.rng.u8(10..254))
}

fn ip6(draw: &mut Draw) -> String {
    let spec = *draw.pick(&[
        "2001:db8:{x4}:{x4}:{x4}:{x4}:{x4}:{x4}",
        "2001:db8::{x4}:{x4}",
        "2001:db8:85a3::8a2e:370:{x4}",
        "fe80::{x4}:{x4}:fe{x2}:{x4}",
        "2a02:8109:{x4}:{x4}::1",
        "fd{x2}:{x4}:{x4}::{x4}",
    ]);
    // A group does not begin with a zero, as addresses are written.
    draw.spec(spec).split(':').map(|group| group.strip_prefix('0').unwrap_or(group)).collect::<Vec<_>>().join(":")
}
