//! What rules mean, told as plainly as can be: each pattern is tried in its order, recursively.

use http::Method;
use tower_telemetry_core::Target;

pub(super) fn find(patterns: &[String], method: &Method, target: Target<'_>) -> Option<usize> {
    patterns.iter().position(|pattern| matches(pattern, method, target))
}

/// The regexes that are tried are plain texts.
pub(super) fn matches(pattern: &str, method: &Method, target: Target<'_>) -> bool {
    let (wanted, pattern) = pattern.split_once(' ').map_or((None, pattern), |(method, rest)| (Some(method), rest));
    let (text, is_template) = match target {
        Target::Template(text) => (text, true),
        Target::Path(text) => (text, false),
    };
    if wanted.is_some_and(|wanted| wanted != method.as_str()) {
        return false;
    }
    if let Some(regex) = pattern.strip_prefix("re:") {
        return text.contains(regex);
    }
    let Some(rest) = text.strip_prefix('/') else { return pattern == "**" };
    let dots = |segment: &str| matches!(segment.replace("%2e", ".").replace("%2E", ".").as_str(), "." | "..");
    if pattern == "**" || (!is_template && rest.split('/').any(dots)) {
        return pattern == "**";
    }
    let (pattern, target) = (segments(pattern.strip_prefix('/').unwrap_or(pattern)), segments(rest));
    all_match(&pattern, &target, is_template)
}

fn segments(rest: &str) -> Vec<Vec<u8>> {
    let mut segments: Vec<_> = rest.split('/').map(decoded).collect();
    if segments.last().is_some_and(Vec::is_empty) {
        segments.pop();
    }
    segments
}

fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let code = after.get(..2).and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        match code {
            Some(code) if *first == b'%' && code >= 0x80 => {
                bytes.push(code);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    bytes
}

fn all_match(pattern: &[Vec<u8>], target: &[Vec<u8>], is_template: bool) -> bool {
    match pattern {
        [] => target.is_empty(),
        [deep, rest @ ..] if deep == b"**" => (0..=target.len()).any(|n| all_match(rest, &target[n..], is_template)),
        [last] if last.starts_with(b"{*") => {
            if is_template {
                target.len() == 1 && target[0].starts_with(b"{*")
            } else {
                !target.is_empty()
            }
        }
        [first, rest @ ..] => {
            target.first().is_some_and(|segment| one_matches(first, segment, is_template))
                && all_match(rest, &target[1..], is_template)
        }
    }
}

fn one_matches(pattern: &[u8], segment: &[u8], is_template: bool) -> bool {
    let is_braced = is_template && segment.starts_with(b"{") && segment.ends_with(b"}");
    match pattern {
        b"*" => !(segment.is_empty() || is_braced && segment.starts_with(b"{*")),
        [b'{', ..] => !segment.is_empty() && (!is_template || (is_braced && !segment.starts_with(b"{*"))),
        _ => {
            // A parameter becomes one thing that only stars match.
            let mut shown = segment.to_vec();
            if let (true, Some(open), Some(close)) = (
                is_template,
                segment.iter().position(|byte| *byte == b'{'),
                segment.iter().rposition(|byte| *byte == b'}'),
            ) {
                shown.splice(open..=close, [0]);
            }
            glob(pattern, &shown)
        }
    }
}

fn glob(pattern: &[u8], text: &[u8]) -> bool {
    match pattern {
        [] => text.is_empty(),
        [b'*', rest @ ..] => (0..=text.len()).any(|n| glob(rest, &text[n..])),
        [first, rest @ ..] => text.first() == Some(first) && glob(rest, &text[1..]),
    }
}
