use std::{fmt, net::IpAddr};

use tower_telemetry_core::{BuildError, Networks};

/// Who may scrape the metrics: judged by the peer of the connection, never by a header, which anybody could send.
///
/// Behind a proxy on the same machine everybody comes from loopback: name the networks then, or give the metrics
/// [an address of their own](crate::Builder::metrics_bind).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum MetricsAccess {
    /// Whoever can reach the address. The default where the environment is `development`, `dev`, `local` or `test`.
    Anyone,
    /// This machine. The default elsewhere: an unknown environment may be a public one.
    Loopback,
    /// These networks. Made by [`networks`](Self::networks).
    Networks(Networks),
}

/// What a request's peer is to the metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Allowed,
    Refused,
    /// The host does not tell who it is.
    Unknown,
}

impl MetricsAccess {
    /// Those from these networks (`10.0.0.0/8`) and addresses (`::1`), and nobody else.
    pub fn networks<T: AsRef<str>>(networks: impl IntoIterator<Item = T>) -> Result<Self, BuildError> {
        Ok(Self::Networks(Networks::new("network of those who may scrape", networks)?))
    }

    /// `all`, `loopback`, or networks and addresses with commas between them.
    pub(crate) fn parse(text: &str) -> Result<Self, BuildError> {
        match text.to_ascii_lowercase().as_str() {
            "all" => Ok(Self::Anyone),
            "loopback" => Ok(Self::Loopback),
            _ => Self::networks(text.split(',').map(|network| match network.trim() {
                // Beside others.
                "loopback" => "127.0.0.0/8",
                network => network,
            })),
        }
    }

    pub(crate) fn judge(&self, peer: Option<IpAddr>) -> Verdict {
        let allowed = match (self, peer) {
            (Self::Anyone, _) => true,
            (_, None) => return Verdict::Unknown,
            (Self::Loopback, Some(peer)) => peer.to_canonical().is_loopback(),
            (Self::Networks(networks), Some(peer)) => networks.contain(peer),
        };
        if allowed { Verdict::Allowed } else { Verdict::Refused }
    }
}

impl fmt::Display for MetricsAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anyone => f.write_str("anyone"),
            Self::Loopback => f.write_str("loopback"),
            Self::Networks(networks) => networks.fmt(f),
        }
    }
}
