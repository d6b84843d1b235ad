use std::fmt::Write;

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// With padding.
pub(crate) fn base64(bytes: impl AsRef<[u8]>) -> String {
    let mut out = String::new();
    for chunk in bytes.as_ref().chunks(3) {
        let bits = chunk.iter().fold(0, |bits, &byte| bits << 8 | u32::from(byte)) << (8 * (3 - chunk.len()));
        for digit in 0..4 {
            if digit <= chunk.len() {
                out.push(BASE64[(bits >> (18 - 6 * digit) & 63) as usize].into());
            } else {
                out.push('=');
            }
        }
    }
    out
}

/// Without padding.
pub(crate) fn base64_url(bytes: impl AsRef<[u8]>) -> String {
    base64(bytes).trim_end_matches('=').replace('+', "-").replace('/', "_")
}

pub(crate) fn percent(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(byte.into());
        } else {
            write!(out, "%{byte:02X}").expect("a String takes all");
        }
    }
    out
}

/// As a browser sends a form: a space is a plus.
pub(crate) fn form(text: &str) -> String {
    percent(text).replace("%20", "+")
}

/// What stands between the quotes of a JSON string.
pub(crate) fn json(text: &str) -> String {
    let quoted = serde_json::to_string(text).expect("a string is JSON");
    quoted[1..quoted.len() - 1].to_owned()
}

/// As [`json`], with each character escaped.
pub(crate) fn unicode_escapes(text: &str) -> String {
    text.encode_utf16().fold(String::new(), |out, unit| out + &format!("\\u{unit:04x}"))
}

pub(crate) fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

pub(crate) fn from_percent(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&first, tail)) = rest.split_first() {
        let escaped = tail.get(..2).and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        match (first, escaped) {
            (b'%', Some(byte)) => {
                out.push(byte);
                rest = &tail[2..];
            }
            _ => {
                out.push(if first == b'+' { b' ' } else { first });
                rest = tail;
            }
        }
    }
    out
}

/// Takes one level of backslashes away.
pub(crate) fn from_json(bytes: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    let mut out = String::new();
    let mut rest = text.chars();
    while let Some(char) = rest.next() {
        if char != '\\' {
            out.push(char);
            continue;
        }
        match rest.next() {
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some('u') => {
                let hex = rest.as_str().get(..4).and_then(|hex| u32::from_str_radix(hex, 16).ok());
                out.extend(hex.map(|code| char::from_u32(code).unwrap_or('\u{fffd}')));
                rest.nth(3);
            }
            Some(char) => out.push(char),
            None => {}
        }
    }
    out.into_bytes()
}

pub(crate) fn from_html(bytes: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    let text = text.replace("&quot;", "\"").replace("&#34;", "\"").replace("&#39;", "'").replace("&apos;", "'");
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").into_bytes()
}
