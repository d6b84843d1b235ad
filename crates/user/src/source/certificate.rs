use std::{fmt, sync::Arc};

use bytes::Bytes;
use http::Extensions;
use tower_telemetry_core::{User, UserClaim};
use x509_parser::{
    oid_registry::OID_PKCS9_EMAIL_ADDRESS,
    prelude::{FromDer, X509Certificate},
    x509::X509Name,
};

use super::asked;

/// The certificate by which a client has proved who it is, in DER. For a host that ends TLS itself, with hyper, say: put it
/// into each request's extensions, and [`UserSource::certificate`](super::UserSource::certificate) finds it. A clone copies
/// nothing.
///
/// Only one that the TLS stack has verified belongs here.
#[derive(Clone)]
pub struct ClientCertificate(Bytes);

/// Where the certificate is.
pub(crate) struct Finder {
    look: Box<Look>,
}

type Look = dyn Fn(&Extensions) -> Option<UserClaim> + Send + Sync;

/// In bytes.
const MAX_CERTIFICATE: usize = 16 * 1024;

impl ClientCertificate {
    /// The certificate, in DER: the first of the chain, the client's own.
    pub fn new(der: impl Into<Bytes>) -> Self {
        Self(der.into())
    }

    fn user(&self) -> Option<User> {
        let (_, certificate) =
            X509Certificate::from_der(Some(&self.0[..]).filter(|der| der.len() <= MAX_CERTIFICATE)?).ok()?;
        let subject = certificate.subject();
        let username = subject.iter_common_name().next().and_then(|name| name.as_str().ok());
        let mut user = User::default();
        user.id = id(subject).map(Into::into);
        user.username = username.map(|name| name.to_owned().into());
        (!user.is_nobody()).then_some(user)
    }
}

impl Finder {
    pub(crate) fn new<T: Clone + Send + Sync + 'static>(
        find: impl Fn(&T) -> Option<ClientCertificate> + Send + Sync + 'static,
    ) -> Self {
        let find = Arc::new(find);
        let look = move |extensions: &Extensions| {
            let (value, find) = (extensions.get::<T>()?.clone(), find.clone());
            Some(asked(move || find(&value)?.user()))
        };
        Self { look: Box::new(look) }
    }

    pub(crate) fn ask(&self, extensions: &Extensions) -> Option<UserClaim> {
        (self.look)(extensions)
    }
}

/// `CN=ada, O=Analytical`: the subject without e-mail addresses.
fn id(subject: &X509Name<'_>) -> Option<String> {
    let parts = subject.iter_attributes().filter(|part| *part.attr_type() != OID_PKCS9_EMAIL_ADDRESS);
    let parts = parts.filter_map(|part| {
        let key = x509_parser::objects::oid2abbrev(part.attr_type(), x509_parser::objects::oid_registry());
        Some(format!("{}={}", key.map_or_else(|_| part.attr_type().to_id_string(), str::to_owned), part.as_str().ok()?))
    });
    let text = parts.collect::<Vec<_>>().join(", ");
    (!text.is_empty()).then_some(text)
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCertificate").field("len", &self.0.len()).finish_non_exhaustive()
    }
}
