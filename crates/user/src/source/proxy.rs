use http::{HeaderMap, HeaderName, HeaderValue};
use tower_telemetry_core::{BuildError, User, UserClaim};

use super::asked;

/// The headers by which a proxy names the user. Only those of [trusted proxies](crate::Users::trusted_proxies) are read.
///
/// | | the first of these that is there |
/// |---|---|
/// | [id](Self::id) | `x-forwarded-user`, `x-auth-request-user` |
/// | [username](Self::username) | `x-forwarded-preferred-username`, `x-auth-request-preferred-username` |
/// | [e-mail address](Self::email) | `x-forwarded-email`, `x-auth-request-email` |
///
/// A header that comes twice, or says something else than the other one of its line, is nobody's word, and the whole is not
/// believed: a proxy that adds its own beside the caller's has not checked it. It should take out of requests all of these
/// headers that it does not set itself. Values are read up to 256 bytes, of UTF-8.
#[derive(Clone, Debug)]
#[must_use]
pub struct ProxyHeaders {
    id: Vec<HeaderName>,
    username: Vec<HeaderName>,
    email: Vec<HeaderName>,
    attributes: Vec<(&'static str, HeaderName)>,
}

/// Headers do not agree, or one comes twice.
struct Contradiction;

/// In bytes.
const MAX_VALUE: usize = 256;

impl ProxyHeaders {
    /// The headers that oauth2-proxy sets, on the request or by its `auth_request` answer.
    pub fn new() -> Self {
        let names = |what: &'static str, auth: &'static str| vec![name(what), name(auth)];
        Self {
            id: names("x-forwarded-user", "x-auth-request-user"),
            username: names("x-forwarded-preferred-username", "x-auth-request-preferred-username"),
            email: names("x-forwarded-email", "x-auth-request-email"),
            attributes: Vec::new(),
        }
    }

    /// The header that holds the id, in place of the usual ones.
    pub fn id(mut self, header: &str) -> Result<Self, BuildError> {
        self.id = vec![parsed(header)?];
        Ok(self)
    }

    /// The header that holds the username, in place of the usual ones.
    pub fn username(mut self, header: &str) -> Result<Self, BuildError> {
        self.username = vec![parsed(header)?];
        Ok(self)
    }

    /// The header that holds the e-mail address, in place of the usual ones.
    pub fn email(mut self, header: &str) -> Result<Self, BuildError> {
        self.email = vec![parsed(header)?];
        Ok(self)
    }

    /// A header that holds an attribute, such as `x-forwarded-groups` a [role](User::ROLE).
    pub fn attribute(mut self, attribute: &'static str, header: &str) -> Result<Self, BuildError> {
        self.attributes.push((attribute, parsed(header)?));
        Ok(self)
    }

    // The headers' values are shared, and read when they are wanted.
    pub(crate) fn ask(&self, headers: &HeaderMap, from_proxy: &dyn Fn() -> bool) -> Option<UserClaim> {
        let find = |names| only(headers, names).map(Option::<&_>::cloned);
        let (Ok(id), Ok(username), Ok(email)) = (find(&self.id), find(&self.username), find(&self.email)) else {
            return None;
        };
        if (id.is_none() && username.is_none() && email.is_none()) || !from_proxy() {
            return None;
        }
        let attributes = self.attributes.iter().filter_map(|(attribute, name)| {
            let value = only(headers, std::slice::from_ref(name)).ok()??;
            Some((*attribute, value.clone()))
        });
        let attributes: Vec<_> = attributes.collect();
        Some(asked(move || {
            let mut user = User::default();
            user.id = text(id.as_ref());
            user.username = text(username.as_ref());
            user.email = text(email.as_ref());
            if user.is_nobody() {
                return None;
            }
            Some(attributes.iter().fold(user, |user, (attribute, value)| match text::<String>(Some(value)) {
                Some(value) => user.with_attribute(*attribute, value),
                None => user,
            }))
        }))
    }
}

impl Default for ProxyHeaders {
    fn default() -> Self {
        Self::new()
    }
}

fn name(name: &'static str) -> HeaderName {
    HeaderName::from_static(name)
}

fn parsed(header: &str) -> Result<HeaderName, BuildError> {
    header.parse().map_err(|_| BuildError::value("a proxy's header", header, "a header's name such as x-remote-user"))
}

/// What these headers say, if one of them is there.
fn only<'a>(headers: &'a HeaderMap, names: &[HeaderName]) -> Result<Option<&'a HeaderValue>, Contradiction> {
    let mut only = None;
    for name in names {
        let mut values = headers.get_all(name).iter();
        let Some(value) = values.next() else { continue };
        if values.next().is_some() || only.is_some_and(|only| only != value) {
            return Err(Contradiction);
        }
        only = Some(value);
    }
    Ok(only)
}

fn text<T: From<String>>(value: Option<&HeaderValue>) -> Option<T> {
    let text = std::str::from_utf8(value?.as_bytes()).ok()?.trim();
    (1..=MAX_VALUE).contains(&text.len()).then(|| text.to_owned().into())
}
