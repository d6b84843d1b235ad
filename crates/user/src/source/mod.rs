mod basic;
#[cfg(feature = "certificate")]
mod certificate;
mod claims;
mod credentials;
mod extension;
mod proxy;
mod token;

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use http::Extensions;
use tower_telemetry_core::{RequestContext, RequestHead, User, UserClaim};

#[cfg(feature = "certificate")]
pub use self::certificate::ClientCertificate;
pub use self::{claims::Claims, proxy::ProxyHeaders, token::Token};

/// Somebody who may know who makes a request. See the [crate docs](crate#where-a-user-comes-from).
#[derive(Clone)]
pub struct UserSource(Kind);

#[derive(Clone)]
enum Kind {
    Extension(Arc<extension::Extension>),
    ProxyHeaders(Arc<ProxyHeaders>),
    Token(Token),
    Basic,
    #[cfg(feature = "certificate")]
    Certificate(Arc<certificate::Finder>),
    By(Arc<By>),
}

/// What came of asking a source.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Claimed {
    Nothing,
    /// Somebody, for certain: those behind it need not be asked.
    Certain,
    /// Somebody perhaps, which is worked out when it is wanted.
    Asked,
    /// Nobody yet.
    Watched,
}

type By = dyn Fn(&RequestHead<'_>) -> Option<User> + Send + Sync;

impl UserSource {
    /// What an auth layer left in the request's extensions as a `T`: looked at before the service is called, and, if there
    /// was none or it named nobody, again in the end: the same value, which may be a shared handle, and the response's
    /// extensions.
    ///
    /// It costs a look into the extensions and the conversion: with an id that is a number, and a username in an `Arc`, no copy.
    pub fn extension<T>() -> Self
    where
        T: Clone + Send + Sync + 'static,
        for<'a> User: From<&'a T>,
    {
        Self::extension_by(|value: &T| Some(User::from(value)))
    }

    /// As [`extension`](Self::extension), but `read` says who it is, if it is anybody. It is called for each request, so it must be
    /// quick, and must not block. It is not called again once it has named a user.
    ///
    /// ```
    /// # use tower_telemetry_core::User;
    /// # use tower_telemetry_user::UserSource;
    /// # #[derive(Clone)] struct Session { account: Option<u64> }
    /// let source = UserSource::extension_by(|session: &Session| session.account.map(User::new));
    /// # let _ = source;
    /// ```
    pub fn extension_by<T>(read: impl Fn(&T) -> Option<User> + Send + Sync + 'static) -> Self
    where
        T: Clone + Send + Sync + 'static,
    {
        Self(Kind::Extension(Arc::new(extension::Extension::new(read))))
    }

    /// The headers that oauth2-proxy and its like set; see [`ProxyHeaders`]. Only
    /// [trusted proxies](crate::Users::trusted_proxies) are asked.
    pub fn proxy_headers() -> Self {
        Self::proxy_headers_of(ProxyHeaders::new())
    }

    /// Headers by names of one's own, from [trusted proxies](crate::Users::trusted_proxies).
    pub fn proxy_headers_of(headers: ProxyHeaders) -> Self {
        Self(Kind::ProxyHeaders(Arc::new(headers)))
    }

    /// The claims of a bearer token, which are read but **not verified**: a label on what is told, never a permission.
    pub fn token(token: Token) -> Self {
        Self(Kind::Token(token))
    }

    /// The username of basic credentials, **not verified**. Never the password. Credentials of more than 8 KiB are nobody's.
    pub fn basic() -> Self {
        Self(Kind::Basic)
    }

    /// The subject of the certificate by which the client has proved who it is, which the host has left in the request's
    /// extensions as a [`ClientCertificate`]: the id is the whole subject but its e-mail addresses, the username the common
    /// name. Certificates of more than 16 KiB are nobody's.
    #[cfg(feature = "certificate")]
    pub fn certificate() -> Self {
        Self::certificate_of(|certificate: &ClientCertificate| Some(certificate.clone()))
    }

    /// As [`certificate`](Self::certificate), from whatever extension the host tells of its connections by. `find` is called when
    /// something is to be told. With tonic and one of its TLS features:
    ///
    /// ```
    /// # use tonic::transport::server::{TcpConnectInfo, TlsConnectInfo};
    /// # use tower_telemetry_user::{ClientCertificate, UserSource};
    /// let source = UserSource::certificate_of(|tls: &TlsConnectInfo<TcpConnectInfo>| {
    ///     Some(ClientCertificate::new(tls.peer_certs()?.first()?.to_vec()))
    /// });
    /// # let _ = source;
    /// ```
    #[cfg(feature = "certificate")]
    pub fn certificate_of<T>(find: impl Fn(&T) -> Option<ClientCertificate> + Send + Sync + 'static) -> Self
    where
        T: Clone + Send + Sync + 'static,
    {
        Self(Kind::Certificate(Arc::new(certificate::Finder::new(find))))
    }

    /// Whatever a function makes of the request's head. It is called for each request, before the service. What it takes from
    /// headers is anybody's word: see [`User::as_unverified`].
    pub fn by(by: impl Fn(&RequestHead<'_>) -> Option<User> + Send + Sync + 'static) -> Self {
        Self(Kind::By(Arc::new(by)))
    }

    pub(crate) fn needs_proxy(&self) -> bool {
        matches!(self.0, Kind::ProxyHeaders(_))
    }

    /// Whether it may know at the end what it does not know at the beginning.
    pub(crate) fn may_answer_later(&self) -> bool {
        matches!(self.0, Kind::Extension(_))
    }

    /// Whether layers further in may leave what it reads.
    pub(crate) fn may_answer_inside(&self) -> bool {
        !matches!(self.0, Kind::ProxyHeaders(_) | Kind::Token(_) | Kind::Basic)
    }

    /// Has it claim what it knows.
    #[inline]
    pub(crate) fn claim(
        &self,
        rank: usize,
        head: &RequestHead<'_>,
        from_proxy: &dyn Fn() -> bool,
        cx: &RequestContext,
    ) -> Claimed {
        let claim = match &self.0 {
            Kind::Extension(extension) => return extension.claim(head.extensions, rank, cx),
            Kind::ProxyHeaders(headers) => headers.ask(head.headers, from_proxy),
            Kind::Token(token) => token.ask(head.headers),
            Kind::Basic => basic::ask(head.headers),
            #[cfg(feature = "certificate")]
            Kind::Certificate(finder) => finder.ask(head.extensions),
            Kind::By(by) => by(head).map(UserClaim::Known),
        };
        let Some(claim) = claim else { return Claimed::Nothing };
        let is_certain = matches!(claim, UserClaim::Known(_));
        cx.claim_user(rank, claim);
        if is_certain { Claimed::Certain } else { Claimed::Asked }
    }

    pub(crate) fn read_extension(&self, extensions: &Extensions) -> Option<User> {
        match &self.0 {
            Kind::Extension(extension) => extension.read(extensions),
            _ => None,
        }
    }
}

/// What is worked out when something is to be told of the user.
fn asked(ask: impl Fn() -> Option<User> + Send + Sync + 'static) -> UserClaim {
    UserClaim::Asked(Box::new(once(ask)))
}

/// Remembers the answer. Nobody waits for another who asks: both work it out.
pub(crate) fn once<T: Clone>(ask: impl Fn() -> Option<T>) -> impl Fn() -> Option<T> {
    let answer = OnceLock::new();
    move || match answer.get() {
        Some(known) => Option::clone(known),
        None => {
            let found = ask();
            let _ = answer.set(found.clone());
            found
        }
    }
}

/// Its name, for people.
impl fmt::Display for UserSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            Kind::Extension(_) => "an extension",
            Kind::ProxyHeaders(_) => "a trusted proxy's headers",
            Kind::Token(_) => "a token's claims, unverified",
            Kind::Basic => "basic credentials, unverified",
            #[cfg(feature = "certificate")]
            Kind::Certificate(_) => "the client's certificate",
            Kind::By(_) => "a function",
        })
    }
}

impl fmt::Debug for UserSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UserSource({self})")
    }
}
