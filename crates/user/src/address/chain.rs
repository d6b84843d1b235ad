use std::net::{IpAddr, SocketAddr};

use http::{HeaderMap, HeaderName, HeaderValue, header::FORWARDED};
use tower_telemetry_core::Networks;

use super::forwarded;

/// What proxies wrote of those who came to them, each behind what the one before it wrote.
pub(crate) struct Chain {
    x_forwarded_for: Vec<HeaderValue>,
    forwarded: Vec<HeaderValue>,
}

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// More proxies than this stand in a row nowhere.
const MAX_HOPS: usize = 32;

/// Behind more lines than this there are more elements than hops.
const MAX_LINES: usize = MAX_HOPS + 1;

/// What is read of it at all, in bytes, from its end.
const MAX_READ: usize = 4096;

impl Chain {
    /// The chain, if there is one. The headers' values are shared.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        // A proxy appends to the last of them.
        let last = |name| {
            let mut values: Vec<_> = headers.get_all(name).iter().rev().take(MAX_LINES).cloned().collect();
            values.reverse();
            values
        };
        let chain = Self { x_forwarded_for: last(&X_FORWARDED_FOR), forwarded: last(&FORWARDED) };
        (!chain.x_forwarded_for.is_empty() || !chain.forwarded.is_empty()).then_some(chain)
    }

    /// The first from the right that is not trusted. Where both headers lead somewhere, it must be the same place.
    pub(crate) fn walk(&self, trusted: &Networks) -> Option<IpAddr> {
        let one = || walk(hops(&self.x_forwarded_for), trusted, plain);
        let other = || walk(hops(&self.forwarded), trusted, forwarded::node);
        match (self.x_forwarded_for.is_empty(), self.forwarded.is_empty()) {
            (false, true) => one(),
            (true, false) => other(),
            _ => one().filter(|address| other() == Some(*address)),
        }
    }
}

fn walk<'a>(
    hops: impl Iterator<Item = &'a [u8]>,
    trusted: &Networks,
    read: impl Fn(&str) -> Option<IpAddr>,
) -> Option<IpAddr> {
    let mut last = None;
    for (hop, text) in hops.enumerate() {
        if hop == MAX_HOPS {
            return None;
        }
        // Beyond one that cannot be read nobody knows who wrote what.
        let address = read(std::str::from_utf8(text).ok()?.trim())?.to_canonical();
        if !trusted.contain(address) {
            return Some(address);
        }
        last = Some(address);
    }
    // All of them are ours: the request began with the first.
    last
}

/// From the right. A value that is not read to its beginning ends in an element that cannot be read.
fn hops(values: &[HeaderValue]) -> impl Iterator<Item = &[u8]> {
    values.iter().rev().flat_map(|value| {
        let bytes = value.as_bytes();
        let read = match bytes.len().checked_sub(MAX_READ) {
            None => bytes,
            Some(cut) => {
                let end = &bytes[cut..];
                &end[end.iter().position(|&byte| byte == b',').unwrap_or(end.len())..]
            }
        };
        read.rsplit(|&byte| byte == b',')
    })
}

/// `203.0.113.7`, `203.0.113.7:4711`, `2001:db8::7`, `[2001:db8::7]:4711`.
pub(super) fn plain(text: &str) -> Option<IpAddr> {
    let unbracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    text.parse().ok().or_else(with_port).or_else(unbracketed)
}
