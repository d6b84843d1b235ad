use std::{borrow::Cow, iter};

use tower_telemetry_core::Endpoint;
use tower_telemetry_scrub::Scrubber;

/// Cards have more digits, and tokens more letters.
pub(crate) const SHORT: usize = 11;

/// Shorter words are names rather than tokens.
const MIN_TOKEN: usize = 16;

/// The path as it may be shown: `/users/7`, `/reset/[token]`.
///
/// A path has no names that say what is secret in it, but for those of the route's parameters: what such a one holds goes by the
/// parameter's name. What looks random goes in any case, for a link that resets a password is a password; UUIDs stay.
pub(crate) fn shown<'a>(path: &'a str, endpoint: Option<&Endpoint>, scrubber: &Scrubber) -> Cow<'a, str> {
    let template = endpoint.filter(|endpoint| endpoint.is_route()).map_or("", Endpoint::as_str);
    // As most are: nothing but a parameter's name can say that there is a secret in it.
    let is_plain_path = || !scrubber.has_patterns() && is_plain(path);
    if is_plain_path() && !parameters(template).any(|name| scrubber.hides(name).is_some()) {
        return Cow::Borrowed(path);
    }
    let hides = |name: Option<&str>, segment: &str| match name {
        _ if is_random(segment) => true,
        Some(name) if is_plain(segment) && !scrubber.has_patterns() => scrubber.hides(name).is_some(),
        Some(name) => scrubber.value(name, segment) != segment,
        None => false,
    };
    let segments = || path.split('/').zip(names(template, path, scrubber).chain(iter::repeat(None)));
    if !segments().any(|(segment, name)| hides(name, segment)) {
        return Cow::Borrowed(path);
    }
    let shown = segments().map(|(segment, name)| match name {
        _ if !hides(name, segment) => segment.to_owned(),
        Some(name) => format!("[{name}]"),
        None => "[token]".to_owned(),
    });
    Cow::Owned(shown.collect::<Vec<_>>().join("/"))
}

/// Whether no segment can be anything by how it looks: each is a short number, or a short word without one.
pub(crate) fn is_plain(path: &str) -> bool {
    let is_number = |segment: &[u8]| segment.iter().all(u8::is_ascii_digit);
    let is_word = |segment: &[u8]| segment.iter().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_'));
    let mut segments = path.as_bytes().split(|byte| *byte == b'/');
    segments.all(|segment| segment.len() <= SHORT && (is_number(segment) || is_word(segment)))
}

/// The parameter's name for each segment of the path that is one. None, if the path is not one of the template's: a router within
/// may have seen another.
fn names<'a>(template: &'a str, path: &str, scrubber: &Scrubber) -> impl Iterator<Item = Option<&'a str>> {
    let matches = |(template, segment): (&str, &str)| template == segment || parameters(template).next().is_some();
    let rest = template.rsplit('/').next().is_some_and(|last| last.starts_with("{*"));
    let same_length = template.split('/').count() == path.split('/').count();
    let fits = (rest || same_length) && template.split('/').zip(path.split('/')).all(matches);
    let name = |segment| {
        // Of more than one in a segment, the one that says that there is a secret in it.
        let secret = parameters(segment).find(|name| scrubber.hides(name).is_some());
        secret.or_else(|| parameters(segment).next())
    };
    Some(template).filter(|_| fits).into_iter().flat_map(|template| template.split('/')).map(name)
}

/// The names of a template's parameters: `id` of `{id}`, which may have something before or behind it. What is behind a `{*rest}`
/// has many segments, and no name.
fn parameters(template: &str) -> impl Iterator<Item = &str> {
    template.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0.trim_start_matches('*')))
}

/// Whether there is a long word in which letters and digits, or small letters and capitals, change about as in a token. In the
/// words of `how-to-install-rust-1-89-on-linux` and of `GetAccountSettings2` they do not.
fn is_random(segment: &str) -> bool {
    let words = segment.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_');
    words.into_iter().filter(|word| word.len() >= MIN_TOKEN && !is_uuid(word)).any(|word| {
        let changes = word.as_bytes().windows(2).filter(|pair| match pair {
            [a, b] if a.is_ascii_digit() => b.is_ascii_alphabetic(),
            [a, b] if a.is_ascii_alphabetic() => b.is_ascii_digit() || a.is_ascii_lowercase() && b.is_ascii_uppercase(),
            _ => false,
        });
        word.bytes().any(|byte| byte.is_ascii_digit()) && changes.count() * 5 >= word.len()
    })
}

fn is_uuid(word: &str) -> bool {
    word.len() == 36
        && word.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_of_a_path() {
        const HEX: &str = "9f86d081884c7d659a2feaa0c55ad015";
        for (template, path, wanted) in [
            ("", "/", "/"),
            ("/users/{id}", "/users/7", "/users/7"),
            ("/users/{id}", "/users/ada", "/users/ada"),
            ("/users/{id}", "/users/ada@example.com", "/users/[id]"),
            (
                "/users/{id}",
                "/users/0190b5a4-7c1e-7d3a-8f00-2b1c9d8e7f60",
                "/users/0190b5a4-7c1e-7d3a-8f00-2b1c9d8e7f60",
            ),
            ("/users/{id}", &format!("/users/{HEX}"), "/users/[id]"),
            ("/reset/{token}", "/reset/hunter2", "/reset/[token]"),
            ("/reset/{user}-{token}", "/reset/ada-hunter", "/reset/[token]"),
            ("/files/{*rest}", &format!("/files/a/{HEX}/b.txt"), "/files/a/[token]/b.txt"),
            ("/v1/password-reset", "/v1/password-reset", "/v1/password-reset"),
            // Not this router's own path.
            ("/api/users/{id}", "/users/7", "/users/7"),
            ("", "/blog/how-to-install-rust-1-89-on-linux", "/blog/how-to-install-rust-1-89-on-linux"),
            ("", "/helloworld.Greeter/GetAccountSettings2", "/helloworld.Greeter/GetAccountSettings2"),
            ("", &format!("/no/such/{HEX}"), "/no/such/[token]"),
            ("", "/s/x7Fq-9dKw_2mZ8aP4c", "/s/[token]"),
        ] {
            let endpoint = (!template.is_empty()).then(|| Endpoint::route(template));
            assert_eq!(shown(path, endpoint.as_ref(), &Scrubber::default()), wanted, "{template} {path}");
        }
    }
}
