use super::{
    case::{Case, Entry, Secret},
    draw::Draw,
    encode, harmless,
};

/// A template of cases: `‹pw›` is a secret, `‹pw|url›` the same encoded, `‹pw#1›` one that comes again, `‹=ada›` a text
/// that must stay, and `«uuid»` something harmless, which must stay too, `«-user»` something that need not.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Form(pub(crate) &'static str, pub(crate) Entry, pub(crate) &'static str);

pub(crate) fn fill(draw: &mut Draw, kind: &str, entry: Entry, template: &str) -> Case {
    draw.again.clear();
    let mut case = Case { kind: kind.to_owned(), entry, input: vec![], secrets: vec![], keep: vec![] };
    let mut rest = template;
    while let Some(start) = rest.find(['‹', '«']) {
        case.input.extend_from_slice(&rest.as_bytes()[..start]);
        let is_secret = rest[start..].starts_with('‹');
        let open = if is_secret { '‹' } else { '«' };
        let inner = &rest[start + open.len_utf8()..];
        let (inner, after) = inner.split_once(if is_secret { '›' } else { '»' }).expect("a template closes its marks");
        rest = after;
        let text = match inner.strip_prefix('=') {
            Some(literal) => keep(&mut case, literal.to_owned()),
            None if is_secret => secret(&mut case, draw, inner),
            None => match inner.strip_prefix('-') {
                Some(inner) => harmless::filler(draw, inner),
                None => {
                    let text = harmless::filler(draw, inner);
                    keep(&mut case, text)
                }
            },
        };
        case.input.extend_from_slice(text.as_bytes());
    }
    case.input.extend_from_slice(rest.as_bytes());
    case
}

fn keep(case: &mut Case, text: String) -> String {
    case.keep.push(text.clone());
    text
}

fn secret(case: &mut Case, draw: &mut Draw, mark: &str) -> String {
    let (drawn, encodings) = mark.split_once('|').unwrap_or((mark, ""));
    let (kind, label) = drawn.split_once('#').unwrap_or((drawn, ""));
    let (text, known) = match draw.again.get(label) {
        Some(found) => found.clone(),
        None => draw.secret(kind),
    };
    if !label.is_empty() {
        draw.again.insert(label.to_owned(), (text.clone(), known));
    }
    let encoded = encodings.split('|').fold(text.clone(), |text, encoding| encode(&text, encoding));
    case.secrets.push(Secret { text, encoded: encoded.clone(), known });
    encoded
}

pub(crate) fn encode(text: &str, encoding: &str) -> String {
    match encoding {
        "" => text.to_owned(),
        "url" => encode::percent(text),
        "form" => encode::form(text),
        "json" => encode::json(text),
        "u" => encode::unicode_escapes(text),
        "html" => encode::html(text),
        "b64" => encode::base64(text),
        "sql" => text.replace('\'', "''"),
        encoding => panic!("no encoding {encoding}"),
    }
}
