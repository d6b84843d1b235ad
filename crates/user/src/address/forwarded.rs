use std::net::IpAddr;

use super::chain::plain;

/// The address behind `for=` in one element of a `Forwarded` header: `for=192.0.2.60;proto=http`, `For="[2001:db8::17]:4711"`.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc7239#section-4>
pub(super) fn node(element: &str) -> Option<IpAddr> {
    let mut nodes = element.split(';').filter_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then(|| value.trim())
    });
    let node = nodes.next().filter(|_| nodes.next().is_none())?;
    let unquoted = node.strip_prefix('"').and_then(|node| node.strip_suffix('"'));
    plain(unquoted.unwrap_or(node))
}
