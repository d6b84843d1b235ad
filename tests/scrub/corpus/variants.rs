//! The same cases in other clothes: inside other formats, among other bytes, and cut off.

use super::{
    case::{Case, Entry, Known},
    draw::Draw,
    encode,
};

/// Adds to cases the same ones wrapped, and cut.
pub(crate) fn add(cases: &mut Vec<Case>, draw: &mut Draw) {
    wrap_some(cases, draw, 40);
    let mut cuts = vec![];
    for case in cases.iter().filter(|case| !case.kind.ends_with("/late")) {
        if draw.chance(40) {
            cuts.extend(cut(case, draw));
        }
    }
    break_some(cases, draw);
    cases.extend(cuts);
}

/// Adds some again, with bytes around them that are no text.
fn break_some(cases: &mut Vec<Case>, draw: &mut Draw) {
    let mut broken = vec![];
    for case in cases.iter().filter(|case| case.entry.takes_bytes() && !matches!(case.entry, Entry::Header(_))) {
        if draw.chance(15) {
            let input = [b"\xff\xfe ", &case.input[..], b"\xc3"].concat();
            broken.push(Case { kind: format!("not UTF-8: {}", family(&case.kind)), input, ..case.clone() });
        }
    }
    cases.extend(broken);
}

/// Adds this percentage of the texts again, wrapped.
pub(crate) fn wrap_some(cases: &mut Vec<Case>, draw: &mut Draw, percent: u8) {
    let mut wrapped = vec![];
    for case in cases.iter().filter(|case| case.entry == Entry::Text) {
        if draw.chance(percent) {
            wrapped.extend(wrap(case, draw));
        }
    }
    cases.extend(wrapped);
}

/// What a logger, a queue or an error page does to a message.
fn wrap(case: &Case, draw: &mut Draw) -> Option<Case> {
    let input = str::from_utf8(&case.input).ok()?;
    let (name, entry, before, encoding, after): (_, _, _, fn(&str) -> String, _) = match draw.rng.u8(..8) {
        0..3 => ("json string", Entry::JSON, r#"{"level":"error","msg":""#, encode::json, r#"","line":42}"#),
        3 => ("json in text", Entry::Text, r#"event={"kind":"log","data":[""#, encode::json, r#""]} flushed"#),
        4 => ("json twice", Entry::JSON, r#"{"payload":"{\"message\":\""#, twice, r#"\",\"n\":1}"}"#),
        5 => ("query", Entry::Query, "from=app&msg=", encode::percent, "&page=2"),
        6 => ("xml", Entry::XML, "<event><message>", encode::html, "</message><n>1</n></event>"),
        _ => (
            "lines",
            Entry::PLAIN,
            "2026-03-01T10:00:00Z INFO started\n",
            str::to_owned,
            "\n2026-03-01T10:00:01Z INFO done\n",
        ),
    };
    let mut wrapped = Case { kind: format!("in {name}: {}", family(&case.kind)), entry, ..case.clone() };
    wrapped.input = format!("{before}{}{after}", encoding(input)).into_bytes();
    wrapped.secrets.iter_mut().for_each(|secret| secret.encoded = encoding(&secret.encoded));
    Some(wrapped)
}

fn twice(text: &str) -> String {
    encode::json(&encode::json(text))
}

fn family(kind: &str) -> &str {
    kind.split(['/', ':']).next().unwrap_or(kind)
}

/// The case up to some byte, as often inside a secret as anywhere, with those secrets that could be known by then.
fn cut(case: &Case, draw: &mut Draw) -> Option<Case> {
    let declared = matches!(case.entry, Entry::Body { .. });
    let at = if draw.chance(60) {
        let secret = draw.pick(&case.secrets);
        let start = find(&case.input, secret.encoded.as_bytes(), 0)?;
        start + draw.rng.usize(1..=secret.encoded.len())
    } else {
        draw.rng.usize(1..=case.input.len())
    };
    let mut cut = Case { kind: format!("cut: {}", family(&case.kind)), secrets: vec![], keep: vec![], ..case.clone() };
    cut.input.truncate(at);
    if !case.entry.takes_bytes() && str::from_utf8(&cut.input).is_err() {
        return None;
    }
    if let Entry::Body { cut, .. } = &mut cut.entry {
        *cut = true;
    }
    let mut from = 0;
    for secret in &case.secrets {
        let start = find(&case.input, secret.encoded.as_bytes(), from)?;
        from = start + 1;
        let shown = at.saturating_sub(start).min(secret.encoded.len());
        let is_whole = shown == secret.encoded.len();
        let is_plain = secret.encoded == secret.text;
        let must_go = match secret.known {
            Known::Userinfo(_) if at > start + shown => true,
            Known::Userinfo(least) => is_plain && declared && shown >= least,
            _ if is_whole => true,
            Known::Name => shown >= 4,
            Known::Prefix(prefix) => is_plain && shown >= prefix + 8,
            Known::Shape(least) => is_plain && declared && shown >= least,
        };
        if must_go {
            let shown =
                String::from_utf8_lossy(&secret.encoded.as_bytes()[..shown]).trim_end_matches('\u{fffd}').to_owned();
            let mut secret = secret.clone();
            if !is_whole {
                secret.text.clone_from(&shown);
                secret.encoded = shown;
            }
            cut.secrets.push(secret);
        }
    }
    (!cut.secrets.is_empty()).then_some(cut)
}

fn find(text: &[u8], needle: &[u8], from: usize) -> Option<usize> {
    text[from..].windows(needle.len().max(1)).position(|window| window == needle).map(|place| place + from)
}
