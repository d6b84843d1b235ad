use std::{fmt, sync::Arc};

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use http::{HeaderMap, HeaderName, HeaderValue, header::AUTHORIZATION};
use tower_telemetry_core::{BuildError, User, UserClaim};

use super::{
    Claims, asked,
    credentials::{after, credentials},
};

/// Where a token is, and what its claims say of the user.
///
/// It is a JSON Web Token. Its payload is decoded when something is to be told of the user, and **nothing of it is
/// verified**, neither signature nor expiry nor issuer: whoever sends it can write there what it likes. So it is told as
/// unverified.
///
/// A token of more than 8 KiB, one that is no JSON Web Token or is encrypted, and one with a claim that stands there twice
/// names nobody. Source: [RFC 7519](https://www.rfc-editor.org/rfc/rfc7519#section-4)
#[derive(Clone)]
#[must_use]
pub struct Token {
    header: HeaderName,
    map: Arc<Map>,
}

type Map = dyn Fn(&Claims) -> Option<User> + Send + Sync;

const BASE64_URL: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

impl Token {
    /// The bearer token of the `Authorization` header. `sub` is the id, `preferred_username` the username, `email` and `name` are
    /// what they say.
    pub fn bearer() -> Self {
        Self { header: AUTHORIZATION, map: Arc::new(standard) }
    }

    /// The header that holds the token, behind `Bearer ` or alone. Default: `Authorization`.
    pub fn header(mut self, header: &str) -> Result<Self, BuildError> {
        let expected = "a header's name such as x-amzn-oidc-data";
        self.header = header.parse().map_err(|_| BuildError::value("a token's header", header, expected))?;
        Ok(self)
    }

    /// What the claims say of the user, in place of the standard.
    ///
    /// ```
    /// # use tower_telemetry_core::User;
    /// # use tower_telemetry_user::Token;
    /// let token = Token::bearer().map(|claims| {
    ///     let user = User::new(claims.text("oid")?);
    ///     Some(match claims.text("tid") {
    ///         Some(tenant) => user.with_tenant(tenant),
    ///         None => user,
    ///     })
    /// });
    /// # let _ = token;
    /// ```
    pub fn map(mut self, map: impl Fn(&Claims) -> Option<User> + Send + Sync + 'static) -> Self {
        self.map = Arc::new(map);
        self
    }

    pub(crate) fn ask(&self, headers: &HeaderMap) -> Option<UserClaim> {
        // Elsewhere a token needs no word before it.
        let alone = self.header != AUTHORIZATION;
        let value = credentials(headers, &self.header).filter(|value| alone || after(value, "bearer").is_some())?;
        let map = self.map.clone();
        Some(asked(move || map(&claims(&value)?).map(User::as_unverified)))
    }
}

fn standard(claims: &Claims) -> Option<User> {
    let mut user = User::default();
    user.id = claims.text("sub");
    user.username = claims.text("preferred_username");
    user.email = claims.text("email");
    user.name = claims.text("name");
    (!user.is_nobody()).then_some(user)
}

/// The payload: the second of three parts. An encrypted token has five.
fn claims(value: &HeaderValue) -> Option<Claims> {
    let token = after(value, "bearer").unwrap_or(value.as_bytes());
    let mut parts = token.split(|&byte| byte == b'.');
    let (_, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
    let payload = BASE64_URL.decode(payload).ok().filter(|_| parts.next().is_none())?;
    serde_json::from_slice(&payload).ok()
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("header", &self.header).finish_non_exhaustive()
    }
}
