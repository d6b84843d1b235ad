use std::{fmt, net::IpAddr};

use ipnet::{IpNet, Ipv4Net};

use crate::BuildError;

/// Networks and single addresses: those of whom something is believed, say, or to whom something is shown.
#[derive(Clone, Debug, Default)]
pub struct Networks(Box<[IpNet]>);

impl Networks {
    /// Networks (`10.0.0.0/8`) and addresses (`::1`). `what` is what an error calls them, before the number of the one that is
    /// neither.
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

    /// Whether one of them holds this address, in whichever form it comes: a socket that listens for both versions sees
    /// IPv4 addresses in their IPv6 form.
    pub fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
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
