use std::{borrow::Cow, fmt, sync::Arc};

use tower_telemetry_core::{AddressDisclosure, BuildError, Disclosure, Networks, ObserveLayer, UserPolicy};

use crate::{UserSource, UserTap, pseudonym};

/// Observer that finds out who makes each request. See the [crate docs](crate).
///
/// A clone costs two atomic increments.
#[derive(Clone, Default)]
#[must_use]
pub struct Users {
    pub(crate) shared: Arc<Shared>,
    pub(crate) policy: UserPolicy,
    /// Whether it is another than the default.
    pub(crate) has_policy: bool,
}

#[derive(Clone, Default)]
pub(crate) struct Shared {
    pub(crate) sources: Vec<UserSource>,
    pub(crate) proxies: Networks,
}

impl Users {
    /// Asks no source: a user is who the handler says, and an address the connection's.
    pub fn new() -> Self {
        Self::default()
    }

    /// Who is asked: the first that knows somebody counts. Default: none.
    pub fn sources(self, sources: impl IntoIterator<Item = UserSource>) -> Self {
        let sources = sources.into_iter().collect();
        self.with(|shared| shared.sources = sources)
    }

    /// The proxies whose word counts: networks (`10.0.0.0/8`) and addresses (`::1`), of the connections' other ends. Headers that
    /// name a user or an address are nobody's word when they come from elsewhere. Default: none.
    pub fn trusted_proxies<T: AsRef<str>>(self, networks: impl IntoIterator<Item = T>) -> Result<Self, BuildError> {
        let proxies = Networks::new("trusted proxy", networks)?;
        Ok(self.with(|shared| shared.proxies = proxies))
    }

    /// Whether e-mail addresses, full names and whole IP addresses are told, where nothing else is said of them. Default: they are
    /// withheld.
    pub fn personal(self, personal: Disclosure) -> Self {
        self.told(|policy| policy.personal(personal))
    }

    /// Whether usernames are told. Default: they are, unless ids are [pseudonyms](Self::pseudonyms).
    pub fn username(self, username: Disclosure) -> Self {
        self.told(|policy| policy.username(username))
    }

    /// Whether e-mail addresses are told. Default: as [`personal`](Self::personal) says.
    pub fn email(self, email: Disclosure) -> Self {
        self.told(|policy| policy.email(email))
    }

    /// Whether full names are told. Default: as [`personal`](Self::personal) says.
    pub fn name(self, name: Disclosure) -> Self {
        self.told(|policy| policy.name(name))
    }

    /// How much of callers' IP addresses is told. Default: the network, or all of it as [`personal`](Self::personal) says.
    pub fn address(self, address: AddressDisclosure) -> Self {
        self.told(|policy| policy.address(address))
    }

    /// The attributes that are told, such as [`User::ROLE`](tower_telemetry_core::User::ROLE). Default: none.
    pub fn attributes<N: Into<Cow<'static, str>>>(self, names: impl IntoIterator<Item = N>) -> Self {
        self.told(|policy| policy.attributes(names))
    }

    /// Tells a keyed hash of each id (HMAC-SHA-256, of which 128 bits are shown: `anon-`, the hash, and a seal of eight digits
    /// behind a `-`) in place of the id, so that affected users can be counted without being known. Usernames, e-mail
    /// addresses and names are then withheld, unless they are disclosed one by one. Who has the key can try ids out, so keep it
    /// as a secret. It has 16 bytes or more. Default: ids are told.
    pub fn pseudonyms(self, key: impl AsRef<[u8]>) -> Result<Self, BuildError> {
        let of = pseudonym::keyed(key.as_ref())?;
        Ok(self.told(|policy| policy.pseudonyms(of)))
    }

    /// What is told of users.
    pub fn policy(&self) -> &UserPolicy {
        &self.policy
    }

    /// A layer to stand inside an auth layer, for what that one leaves in the request's extensions. Where no layer outside observes
    /// the exchange it does nothing. See the [crate docs](crate#an-auth-layer-inside).
    pub fn tap(&self) -> ObserveLayer<UserTap> {
        ObserveLayer::new(UserTap::new(self.clone()))
    }

    fn told(self, change: impl FnOnce(UserPolicy) -> UserPolicy) -> Self {
        Self { policy: change(self.policy), has_policy: true, ..self }
    }

    fn with(mut self, change: impl FnOnce(&mut Shared)) -> Self {
        change(Arc::make_mut(&mut self.shared));
        self
    }
}

/// One line for people: who is asked, and what is told.
impl fmt::Display for Users {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("from the handler")?;
        for source in &self.shared.sources {
            write!(f, ", {source}")?;
            if source.needs_proxy() && self.shared.proxies.is_empty() {
                f.write_str(" (of nobody: no proxy is trusted)")?;
            }
        }
        write!(f, "; told are {}", self.policy)
    }
}

impl fmt::Debug for Users {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Users({self})")
    }
}
