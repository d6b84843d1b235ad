use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How much of a caller's IP address is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AddressDisclosure {
    /// Nothing.
    Off,
    /// The network: the first 24 bits of an IPv4 address, also of one inside a 6to4 address, the first 48 of an IPv6 address.
    Cut,
    /// All of it.
    Whole,
}

impl AddressDisclosure {
    /// What is told of this address. An IPv4 address in its IPv6 form is what it is: IPv4.
    pub fn of(self, address: IpAddr) -> Option<IpAddr> {
        match (self, address.to_canonical()) {
            (Self::Off, _) => None,
            (Self::Cut, IpAddr::V4(address)) => Some(Ipv4Addr::from_bits(address.to_bits() & (!0 << 8)).into()),
            (Self::Cut, IpAddr::V6(address)) => {
                // 6to4 has an IPv4 address in there, which is cut as one.
                let cut = if address.segments()[0] == 0x2002 { 88 } else { 80 };
                Some(Ipv6Addr::from_bits(address.to_bits() & (!0 << cut)).into())
            }
            (Self::Whole, address) => Some(address),
        }
    }
}
