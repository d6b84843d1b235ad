use http::{HeaderMap, HeaderName, HeaderValue};

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

/// Those that may be shown. Names and values are shared with the request, not copied.
pub(crate) fn shown(headers: &HeaderMap) -> Vec<(HeaderName, HeaderValue)> {
    let shown = headers.iter().filter(|(name, _)| is_shown(name.as_str())).take(MAX_SHOWN);
    shown.map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn is_shown(name: &str) -> bool {
    SHOWN.get(name.len()).is_some_and(|names| names.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_stands_at_its_length_and_is_a_headers_name() {
        for (length, names) in SHOWN.iter().enumerate() {
            assert!(names.iter().all(|name| name.len() == length && is_shown(name)), "{names:?}");
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
            assert!(!is_shown(name), "{name}");
        }
    }
}
