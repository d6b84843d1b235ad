use http::{HeaderMap, HeaderName, HeaderValue, header};
use smallvec::SmallVec;

/// Headers that say nothing of the caller's secrets, by the length of their names. The others are not shown, not even by name.
static SHOWN: [&[&str]; 31] = [
    &[],
    &[],
    &["te"],
    &["dnt"],
    &["date", "host"],
    &["range"],
    &["accept", "expect", "pragma"],
    &["referer", "trailer", "upgrade"],
    &["priority"],
    &["save-data", "sec-ch-ua"],
    &["connection", "user-agent"],
    &[],
    &["content-type"],
    &["accept-ranges", "cache-control", "grpc-encoding"],
    &["accept-charset", "content-length", "sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site", "sec-fetch-user"],
    &["accept-encoding", "accept-language"],
    &["content-encoding", "content-language", "sec-ch-ua-mobile", "x-forwarded-port", "x-requested-with"],
    &["if-modified-since", "transfer-encoding", "x-forwarded-proto"],
    &["sec-ch-ua-platform"],
    &["if-unmodified-since"],
    &["grpc-accept-encoding"],
    &[],
    &[],
    &[],
    &[],
    &["upgrade-insecure-requests"],
    &[],
    &[],
    &[],
    &["access-control-request-method"],
    &["access-control-request-headers"],
];

/// Those that most requests have: the standard's names are told apart by one byte.
static USUAL: [(HeaderName, &str); 7] = [
    (header::HOST, "host"),
    (header::USER_AGENT, "user-agent"),
    (header::ACCEPT, "accept"),
    (header::ACCEPT_ENCODING, "accept-encoding"),
    (header::ACCEPT_LANGUAGE, "accept-language"),
    (header::CONTENT_TYPE, "content-type"),
    (header::CONTENT_LENGTH, "content-length"),
];

/// No more are shown.
const MAX_SHOWN: usize = 64;

/// Those that may be shown of a request, shared with it and not copied. So many are usual, and need no memory of their own.
pub(crate) type Shown = SmallVec<[(&'static str, HeaderValue); 6]>;

pub(crate) fn shown(headers: &HeaderMap) -> Shown {
    let usual = |name: &HeaderName| USUAL.iter().find(|(usual, _)| usual == name).map(|(_, text)| *text);
    let shown = headers.iter().filter_map(|(name, value)| {
        let name = usual(name).or_else(|| known(name.as_str()))?;
        Some((name, value.clone()))
    });
    shown.take(MAX_SHOWN).collect()
}

fn known(name: &str) -> Option<&'static str> {
    SHOWN.get(name.len())?.iter().find(|known| **known == name).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_ones_are_among_them_by_their_own_names() {
        assert!(USUAL.iter().all(|(name, text)| name == text && known(text).is_some()));
    }

    #[test]
    fn each_stands_at_its_length_and_is_a_headers_name() {
        for (length, names) in SHOWN.iter().enumerate() {
            assert!(names.iter().all(|name| name.len() == length && known(name).is_some()), "{names:?}");
            assert!(names.iter().all(|name| name.parse::<HeaderName>().is_ok_and(|header| header == *name)));
        }
        for name in [
            "authorization",
            "cookie",
            "x-api-key",
            "forwarded",
            "x-forwarded-for",
            "origin",
            "baggage",
            "grpc-timeout",
        ] {
            assert!(known(name).is_none(), "{name}");
        }
    }
}
