use http::{HeaderMap, HeaderName, HeaderValue};

/// Longer ones are nobody's, in bytes.
const MAX_CREDENTIALS: usize = 8192;

/// The credentials that a header holds, if it is there once. Their bytes are shared.
pub(super) fn credentials(headers: &HeaderMap, name: &HeaderName) -> Option<HeaderValue> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().filter(|_| values.next().is_none())?;
    (value.len() <= MAX_CREDENTIALS).then(|| value.clone())
}

/// What stands behind the scheme.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc9110#section-11.4>
pub(super) fn after<'a>(value: &'a HeaderValue, scheme: &str) -> Option<&'a [u8]> {
    let (start, rest) = value.as_bytes().split_at_checked(scheme.len())?;
    let rest = rest.strip_prefix(b" ").filter(|_| start.eq_ignore_ascii_case(scheme.as_bytes()))?;
    Some(rest.trim_ascii())
}
