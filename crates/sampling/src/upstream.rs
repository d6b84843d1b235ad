use std::{fmt, net::IpAddr};

use ipnet::{IpNet, Ipv4Net};
use tower_telemetry_core::BuildError;

/// Whose word counts when a caller says that it traces a request, or that it does not.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Upstream {
    /// A "no" is heeded, and a "yes" is only one more request: anybody can send one. The default.
    #[default]
    Lower,
    /// Every caller's. For services that strangers cannot reach.
    Always,
    /// Nobody's. For services at the edge.
    Never,
    /// That of callers from these networks; for others it is as with [`Lower`](Self::Lower). See [`from`](Self::from).
    From(Networks),
}

/// Networks and single addresses.
#[derive(Clone, Debug)]
pub struct Networks(Box<[IpNet]>);

impl Upstream {
    /// Trusts the callers from these networks (`10.0.0.0/8`) and addresses (`::1`).
    ///
    /// The caller is the peer of the connection, as [`RequestHead::peer`](tower_telemetry_core::RequestHead::peer) finds it. A
    /// header such as `X-Forwarded-For` is anybody's word, and not asked.
    pub fn from<T: AsRef<str>>(networks: impl IntoIterator<Item = T>) -> Result<Self, BuildError> {
        Ok(Self::From(Networks::new("trusted network", networks)?))
    }

    /// What counts of the caller's word.
    pub(crate) fn heed(&self, said: Option<bool>, peer: impl FnOnce() -> Option<IpAddr>) -> Option<bool> {
        let said = said?;
        let trusts = match self {
            Self::Never => return None,
            Self::Always => true,
            Self::Lower => false,
            // A "no" counts in any case.
            Self::From(networks) => said && peer().is_some_and(|peer| networks.contain(peer)),
        };
        (trusts || !said).then_some(said)
    }
}

impl Networks {
    /// Networks (`10.0.0.0/8`) and addresses (`::1`). `what` is what an error calls them, before their number.
    pub fn new<T: AsRef<str>>(what: &str, networks: impl IntoIterator<Item = T>) -> Result<Self, BuildError> {
        let networks = networks.into_iter().enumerate().map(|(i, text)| {
            let text = text.as_ref();
            let address = || text.parse::<IpAddr>().ok().map(|address| IpNet::from(address.to_canonical()));
            let network = text.parse::<IpNet>().ok().map(canonical).or_else(address);
            let expected = "a network such as 10.0.0.0/8, or an address such as ::1";
            network.ok_or_else(|| BuildError::value(format!("{what} {}", i + 1), text, expected))
        });
        Ok(Self(networks.collect::<Result<_, _>>()?))
    }

    /// Whether the address is in one of them.
    pub fn contain(&self, address: IpAddr) -> bool {
        // An IPv4 caller of a socket that listens on both.
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

impl fmt::Display for Networks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, network) in self.0.iter().enumerate() {
            let comma = if i == 0 { "" } else { ", " };
            write!(f, "{comma}{network}")?;
        }
        Ok(())
    }
}

/// A network of IPv4 addresses in their IPv6 form, as what it is.
fn canonical(network: IpNet) -> IpNet {
    match (network.addr().to_canonical(), network.prefix_len().checked_sub(96)) {
        (IpAddr::V4(address), Some(len)) if network.addr().is_ipv6() => {
            Ipv4Net::new(address, len).map_or(network, IpNet::from)
        }
        _ => network,
    }
}
