use std::net::IpAddr;

use super::chain::plain;

/// The address behind `for=` in one element of a `Forwarded` header: `for=192.0.2.60;proto=http`, `For="[2001:db8::17]:4711"`.
///
/// What is not read to its end as the grammar has it is no element, but what a comma in a quoted text has cut off: a caller
/// may have had a hand in that text, such as the `host` that it asked for.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc7239#section-4>
pub(super) fn node(element: &str) -> Option<IpAddr> {
    let (mut node, mut rest) = (None, element);
    loop {
        let (name, value) = rest.split_once('=')?;
        let (value, behind) = value_of(value)?;
        if !name.trim().bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return None;
        }
        if name.trim().eq_ignore_ascii_case("for") && node.replace(value).is_some() {
            return None;
        }
        match behind.trim_start().strip_prefix(';') {
            Some(more) => rest = more,
            None if behind.trim().is_empty() => break,
            None => return None,
        }
    }
    plain(without_obfuscated_port(node?))
}

/// A token or the text between two quotes, and what stands behind it. Square brackets and colons should be quoted, and often
/// are not.
fn value_of(text: &str) -> Option<(&str, &str)> {
    if let Some(quoted) = text.strip_prefix('"') {
        let mut is_escaped = false;
        let end = quoted.find(|c| {
            let is_end = c == '"' && !is_escaped;
            is_escaped = c == '\\' && !is_escaped;
            is_end
        })?;
        return Some((&quoted[..end], &quoted[end + 1..]));
    }
    let end = text.find(|c: char| c == ';' || c.is_whitespace()).unwrap_or(text.len());
    let (token, rest) = text.split_at(end);
    (!token.is_empty() && !token.contains(['"', '\\', '='])).then_some((token, rest))
}

/// `192.0.2.43:_gazonk`: the port may be hidden, and so may the address, which is then none.
fn without_obfuscated_port(node: &str) -> &str {
    match node.rsplit_once(":_") {
        Some((address, port)) if port.bytes().all(|c| c.is_ascii_alphanumeric() || b"._-".contains(&c)) => address,
        _ => node,
    }
}
