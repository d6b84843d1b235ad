use std::borrow::Cow;

use tower_telemetry_scrub::{Body, Described, Scrubber};

use super::encode;

/// Which method a text goes through.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Entry {
    Text,
    Bytes,
    Header(&'static str),
    Query,
    Url,
    Value(&'static str),
    Body { content_type: Option<&'static str>, cut: bool },
}

impl Entry {
    pub(crate) const fn body(content_type: &'static str) -> Self {
        Self::Body { content_type: Some(content_type), cut: false }
    }

    pub(crate) const JSON: Self = Self::body("application/json");
    pub(crate) const FORM: Self = Self::body("application/x-www-form-urlencoded");
    pub(crate) const XML: Self = Self::body("application/xml");
    pub(crate) const PLAIN: Self = Self::body("text/plain; charset=utf-8");
    pub(crate) const UNTYPED: Self = Self::Body { content_type: None, cut: false };

    pub(crate) fn takes_bytes(self) -> bool {
        matches!(self, Self::Bytes | Self::Header(_) | Self::Body { .. })
    }

    pub(crate) fn run(self, scrubber: &Scrubber, input: &[u8]) -> Vec<u8> {
        let text = String::from_utf8_lossy(input);
        match self {
            Self::Text => owned(scrubber.text(&text)),
            Self::Bytes => scrubber.bytes(input).into_owned(),
            Self::Header(name) => scrubber.header(name, input).into_owned(),
            Self::Query => owned(scrubber.query(&text)),
            Self::Url => owned(scrubber.url(&text)),
            Self::Value(name) => owned(scrubber.value(name, &text)),
            Self::Body { content_type, cut } => {
                let content_type = content_type.map(str::as_bytes);
                match scrubber.body(&Body { bytes: input, cut, content_type, ..Body::default() }) {
                    Described::Text(text) => owned(text),
                    Described::Kind(kind) => kind.into_bytes(),
                    other => panic!("{other:?} is new: what does it show?"),
                }
            }
        }
    }
}

fn owned(text: Cow<'_, str>) -> Vec<u8> {
    text.into_owned().into_bytes()
}

/// What makes it a secret, so how much of it must be there before it can be known as one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Known {
    /// A name stands before it: at once.
    Name,
    /// Its prefix, this long: with eight characters more.
    Prefix(usize),
    /// Its form: from this length, and only if it is said that the text is cut.
    Shape(usize),
    /// The `@` behind it, or, from this length, that it is said that the text is cut.
    Userinfo(usize),
}

#[derive(Clone, Debug)]
pub(crate) struct Secret {
    pub(crate) text: String,
    /// As it stands in the input.
    pub(crate) encoded: String,
    pub(crate) known: Known,
}

#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) kind: String,
    pub(crate) entry: Entry,
    pub(crate) input: Vec<u8>,
    pub(crate) secrets: Vec<Secret>,
    /// What must be in the output.
    pub(crate) keep: Vec<String>,
}

impl Case {
    /// Which secrets, and which neighbours of them, are not as they should be in this output.
    pub(crate) fn failures(&self, output: &[u8]) -> (Vec<&Secret>, Vec<&str>) {
        let shown = views(output);
        let rest = views(&self.without_secrets());
        let leaks = self.secrets.iter().filter(|secret| secret.leaks(&shown, &rest)).collect();
        let lost = self.keep.iter().map(String::as_str).filter(|keep| !contain(&shown, keep)).collect();
        (leaks, lost)
    }

    /// What a scrubber that knows everything would leave.
    pub(crate) fn without_secrets(&self) -> Vec<u8> {
        let text = String::from_utf8_lossy(&self.input).into_owned();
        self.secrets.iter().fold(text, |text, secret| text.replace(&secret.encoded, "\0")).into_bytes()
    }
}

impl Secret {
    /// Whether six characters in a row of it show, at its beginning four, which are not in the rest of the text anyway.
    fn leaks(&self, shown: &[String], rest: &[String]) -> bool {
        let is_out = |piece: &str| contain(shown, piece) && !contain(rest, piece);
        [&self.text, &self.encoded].into_iter().any(|form| {
            let begins = self.known == Known::Name && form.chars().nth(4).is_some() && is_out(pieces(form, 4)[0]);
            begins || pieces(form, 6).into_iter().any(is_out)
        })
    }
}

/// Each run of this many characters; all of a shorter text.
fn pieces(text: &str, length: usize) -> Vec<&str> {
    let starts: Vec<usize> = text.char_indices().map(|(start, _)| start).chain([text.len()]).collect();
    if starts.len() <= length + 1 {
        return vec![text];
    }
    starts.windows(length + 1).map(|run| &text[run[0]..run[length]]).collect()
}

/// The text as it is, and as its readers would decode it.
fn views(text: &[u8]) -> Vec<String> {
    let percent = encode::from_percent(text);
    let json = encode::from_json(text);
    let decoded = [
        encode::from_percent(&percent),
        encode::from_json(&json),
        encode::from_json(&percent),
        encode::from_html(text),
        percent,
        json,
        text.to_vec(),
    ];
    let mut views = decoded.map(|view| String::from_utf8_lossy(&view).into_owned()).to_vec();
    views.sort();
    views.dedup();
    views
}

fn contain(views: &[String], piece: &str) -> bool {
    views.iter().any(|view| view.contains(piece))
}
