//! Those who may know who makes a request, each with what it needs around the handler.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use http::{Extensions, HeaderMap, HeaderValue, Request};
use tower_telemetry::{RequestContext, User, UserSource, Users};
use tower_telemetry_user::{ClientCertificate, Token};

/// Says who is logged in, to layers and handlers that believe it.
pub(crate) const LOGIN: &str = "x-login";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// A layer outside leaves an extension.
    Outside,
    /// A layer inside does, with a tap inside that.
    Inside,
    /// The handler leaves an extension on its response.
    Response,
    /// A layer outside leaves a handle that nobody is logged into until the handler runs.
    Shared,
    /// The handler says it.
    Handler,
    /// A layer outside says it, before one of ours has seen the request.
    Early,
    Proxy,
    Certificate,
    Token,
    Basic,
    By,
}

/// What is told of a user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Who {
    pub(crate) id: Option<String>,
    pub(crate) username: Option<String>,
    pub(crate) unverified: bool,
}

#[derive(Clone)]
struct Account(u64);

/// Who is logged in, if anybody is.
#[derive(Clone, Default)]
struct Session(Arc<Mutex<Option<u64>>>);

impl From<&Account> for User {
    fn from(account: &Account) -> Self {
        user(account.0)
    }
}

impl Source {
    pub(crate) const ALL: [Self; 11] = [
        Self::Outside,
        Self::Inside,
        Self::Response,
        Self::Shared,
        Self::Handler,
        Self::Early,
        Self::Proxy,
        Self::Certificate,
        Self::Token,
        Self::Basic,
        Self::By,
    ];

    pub(crate) fn users(self) -> Users {
        let source = match self {
            Self::Outside | Self::Inside | Self::Response => UserSource::extension::<Account>(),
            Self::Shared => UserSource::extension_by(|session: &Session| session.user()),
            Self::Handler | Self::Early => return Users::new(),
            Self::Proxy => UserSource::proxy_headers(),
            Self::Certificate => UserSource::certificate(),
            Self::Token => UserSource::token(Token::bearer()),
            Self::Basic => UserSource::basic(),
            Self::By => UserSource::by(|head| login(head.headers).map(user)),
        };
        Users::new().sources([source]).trusted_proxies(["127.0.0.1"]).expect("an address")
    }

    /// What Ada's requests have, and nobody's have not.
    pub(crate) fn credentials(self) -> Vec<(&'static str, String)> {
        let ada = |name| (name, "ada".to_owned());
        match self {
            Self::Proxy => vec![("x-forwarded-user", "7".into()), ada("x-forwarded-preferred-username")],
            Self::Token => vec![(
                "authorization",
                // {"alg":"none"}.{"sub":"7","preferred_username":"ada"}
                "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiI3IiwicHJlZmVycmVkX3VzZXJuYW1lIjoiYWRhIn0.".into(),
            )],
            // ada:lovelace
            Self::Basic => vec![("authorization", "Basic YWRhOmxvdmVsYWNl".into())],
            _ => vec![(LOGIN, "7".into())],
        }
    }

    /// What is told of Ada.
    pub(crate) fn ada(self) -> Who {
        let id = match self {
            Self::Basic => None,
            Self::Certificate => Some("CN=ada, O=Analytical".into()),
            _ => Some("7".into()),
        };
        Who { id, username: Some("ada".into()), unverified: matches!(self, Self::Token | Self::Basic) }
    }

    /// What is outside of our layer.
    pub(crate) fn arrive<B>(self, mut request: Request<B>) -> Request<B> {
        let login = login(request.headers());
        let extensions = request.extensions_mut();
        match (self, login) {
            (Self::Shared, _) => _ = extensions.insert(Session::default()),
            (Self::Outside, Some(id)) => _ = extensions.insert(Account(id)),
            (Self::Early, Some(id)) => RequestContext::of(extensions).set_user(user(id)),
            (Self::Certificate, Some(_)) => _ = extensions.insert(ClientCertificate::new(CERTIFICATE.clone())),
            _ => {}
        }
        request
    }

    /// What is inside of it.
    pub(crate) fn enter<B>(self, mut request: Request<B>) -> Request<B> {
        if let (Self::Inside, Some(id)) = (self, login(request.headers())) {
            request.extensions_mut().insert(Account(id));
        }
        request
    }

    /// What the handler does as soon as it knows the user.
    pub(crate) fn sign_in(self, headers: &HeaderMap, extensions: &Extensions) -> Box<dyn Fn() + Send + Sync> {
        let (login, session) = (login(headers), extensions.get::<Session>().cloned());
        let cx = RequestContext::from_extensions(extensions);
        Box::new(move || match (self, login, &session) {
            (Self::Handler, Some(id), _) => cx.set_user(user(id)),
            (Self::Shared, id, Some(session)) => *session.0.lock().unwrap_or_else(PoisonError::into_inner) = id,
            _ => {}
        })
    }

    /// What it does with its response.
    pub(crate) fn leave(self, headers: &HeaderMap, response: &mut Extensions) {
        if let (Self::Response, Some(id)) = (self, login(headers)) {
            response.insert(Account(id));
        }
    }
}

impl Session {
    fn user(&self) -> Option<User> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).map(user)
    }
}

/// Ada's: made once, since that is slow.
static CERTIFICATE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut params = rcgen::CertificateParams::default();
    params.distinguished_name.push(rcgen::DnType::OrganizationName, "Analytical");
    params.distinguished_name.push(rcgen::DnType::CommonName, "ada");
    let key = rcgen::KeyPair::generate().expect("a key");
    params.self_signed(&key).expect("a certificate").der().to_vec()
});

fn user(id: u64) -> User {
    User::new(id).with_username("ada").with_email("ada@example.com")
}

fn login(headers: &HeaderMap<HeaderValue>) -> Option<u64> {
    headers.get(LOGIN)?.to_str().ok()?.parse().ok()
}
