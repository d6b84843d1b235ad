use http::Method;
use regex::{Regex, RegexBuilder};

use super::{
    text::{Text, is_dot_segment},
    token::{Glob, Token},
};

/// What a pattern matches.
#[derive(Clone)]
pub(super) enum Matches {
    /// `**`.
    Everything,
    Segments(Box<[Token]>),
    Regex(Regex),
}

/// What should stand there instead.
type Expected = String;

/// In bytes. Nothing that people read is longer, and it bounds the depth of the index.
const MAX_LEN: usize = 1024;

/// In bytes, for a compiled regex and for its cache in each thread: room for any that fits a pattern, but not for `\w{99}{99}`.
const REGEX_SIZE: usize = 1 << 18;

const REGEX: &str = "re:";

const METHODS: [Method; 9] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::OPTIONS,
    Method::TRACE,
    Method::CONNECT,
];

pub(super) fn parse(text: &str) -> Result<(Option<Method>, Matches), Expected> {
    if text.len() > MAX_LEN {
        return Err(format!("at most {MAX_LEN} bytes, and these are {}", text.len()));
    }
    let (method, pattern) = match text.split_once(' ') {
        Some((method, pattern)) if !text.starts_with('/') && !text.starts_with(REGEX) => {
            (Some(parse_method(method)?), pattern)
        }
        _ => (None, text),
    };
    let matches = match pattern.strip_prefix(REGEX) {
        Some(regex) => Matches::Regex(parse_regex(regex)?),
        None => parse_path(pattern)?,
    };
    Ok((method, matches))
}

fn parse_method(text: &str) -> Result<Method, Expected> {
    if let Some(method) = METHODS.iter().find(|method| method.as_str().eq_ignore_ascii_case(text))
        && method.as_str() != text
    {
        return Err(format!("a pattern after {method}: methods are case-sensitive, and {text:?} is not that one"));
    }
    Method::from_bytes(text.as_bytes())
        .map_err(|_| format!("a pattern after one space and a method such as GET, which {text:?} is not"))
}

fn parse_regex(text: &str) -> Result<Regex, Expected> {
    if text.is_empty() {
        return Err("a regex after re:".into());
    }
    RegexBuilder::new(text).size_limit(REGEX_SIZE).dfa_size_limit(REGEX_SIZE).build().map_err(|error| {
        // A syntax error is shown with a drawing; its last line says what it is.
        let error = error.to_string();
        format!("a regex ({})", error.lines().last().unwrap_or_default())
    })
}

fn parse_path(text: &str) -> Result<Matches, Expected> {
    if text.is_empty() {
        return Err("a pattern such as /users/{id}, /assets/** or pkg.Service/*".into());
    }
    if text.chars().any(|char| char.is_control() || char.is_whitespace() || matches!(char, '?' | '#')) {
        return Err("a path without whitespace, control characters, ? and #".into());
    }
    if text == "**" {
        return Ok(Matches::Everything);
    }
    let rest = match text.strip_prefix('/') {
        Some(rest) => rest,
        None if is_grpc(text) => text,
        None => return Err("a path that begins with a slash, or a gRPC method such as pkg.Service/*".into()),
    };
    let mut tokens = Vec::new();
    let mut segments = match rest.strip_suffix('/').unwrap_or(rest) {
        "" if rest.is_empty() => None,
        rest => Some(rest.split('/')),
    }
    .into_iter()
    .flatten()
    .peekable();
    while let Some(segment) = segments.next() {
        let token = parse_segment(segment)?;
        if token == Token::CatchAll && segments.peek().is_some() {
            return Err(format!("a pattern with {segment} at its end, or ** in its place"));
        }
        // The second of two adds nothing.
        if token != Token::Deep || tokens.last() != Some(&token) {
            tokens.push(token);
        }
    }
    Ok(Matches::Segments(tokens.into()))
}

/// Whether it looks like `pkg.Service/Method`, with stars anywhere, or `pkg.Service/**`.
fn is_grpc(text: &str) -> bool {
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'*'))
    };
    text.split_once('/').is_some_and(|(service, method)| service != "**" && is_name(service) && is_name(method))
}

fn parse_segment(segment: &str) -> Result<Token, Expected> {
    if let Some(name) = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        let (name, token) = match name.strip_prefix('*') {
            Some(name) => (name, Token::CatchAll),
            None => (name, Token::Parameter),
        };
        if !name.is_empty() && !name.contains(['{', '}', '*']) {
            return Ok(token);
        }
    }
    if segment.contains(['{', '}']) {
        return Err(format!(
            "a pattern with {{name}} or {{*name}} as a whole segment, or * as a part of one, not {segment:?}"
        ));
    }
    if is_dot_segment(segment.as_bytes()) {
        return Err("a path without dot segments: no pattern matches those of a request".into());
    }
    let bytes = || Text::encoded(segment.as_bytes()).bytes().collect();
    match segment {
        "*" => Ok(Token::Any),
        "**" => Ok(Token::Deep),
        _ if segment.contains("**") => Err(format!("a pattern with ** as a whole segment, or *, not {segment:?}")),
        _ if segment.contains('*') => Ok(Token::Glob(Glob::new(bytes()))),
        _ => Ok(Token::Literal(bytes())),
    }
}
