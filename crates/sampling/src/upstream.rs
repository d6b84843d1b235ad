use std::net::IpAddr;

use tower_telemetry_core::{BuildError, Networks};

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
