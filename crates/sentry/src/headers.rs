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

/// No more are shown.
const MAX_SHOWN: usize = 64;

/// Those that may be shown of a request, shared with it and not copied. So many are usual, and need no memory of their own.
pub(crate) type Shown = SmallVec<[(&'static str, HeaderValue); 6]>;

pub(crate) fn shown(headers: &HeaderMap) -> Shown {
    let mut shown = Shown::new();
    for (name, value) in headers {
        if let Some(name) = known(name)
            && shown.len() < MAX_SHOWN
        {
            shown.push((name, value.clone()));
        }
    }
    shown
}

fn known(name: &HeaderName) -> Option<&'static str> {
    // Those that most requests have are told apart by a byte.
    match *name {
        header::HOST => Some("host"),
        header::USER_AGENT => Some("user-agent"),
        header::ACCEPT => Some("accept"),
        header::ACCEPT_ENCODING => Some("accept-encoding"),
        header::ACCEPT_LANGUAGE => Some("accept-language"),
        header::CONTENT_TYPE => Some("content-type"),
        header::CONTENT_LENGTH => Some("content-length"),
        header::AUTHORIZATION | header::COOKIE => None,
        _ => listed(name.as_str()),
    }
}

fn listed(name: &str) -> Option<&'static str> {
    // Most that are not listed differ in the first byte already.
    let first = name.as_bytes().first();
    SHOWN.get(name.len())?.iter().find(|listed| listed.as_bytes().first() == first && **listed == name).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_ones_are_known_as_the_list_has_them() {
        for name in [
            header::HOST,
            header::USER_AGENT,
            header::ACCEPT,
            header::ACCEPT_ENCODING,
            header::ACCEPT_LANGUAGE,
            header::CONTENT_TYPE,
            header::CONTENT_LENGTH,
            header::AUTHORIZATION,
            header::COOKIE,
        ] {
            assert_eq!(known(&name), listed(name.as_str()), "{name}");
        }
    }

    #[test]
    fn each_stands_at_its_length_and_is_a_headers_name() {
        for (length, names) in SHOWN.iter().enumerate() {
            assert!(names.iter().all(|name| name.len() == length && listed(name).is_some()), "{names:?}");
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
            assert!(listed(name).is_none(), "{name}");
        }
    }
}
