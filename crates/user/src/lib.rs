//! Who made a request to a Tower service, and what may be told of it.
//!
//! ```
//! use tower_telemetry_core::{Observe, User};
//! use tower_telemetry_user::{UserSource, Users};
//!
//! /// What the service's own auth layer leaves in the request's extensions.
//! #[derive(Clone)]
//! struct Account { id: u64, login: std::sync::Arc<str>, admin: bool }
//!
//! impl From<&Account> for User {
//!     fn from(account: &Account) -> Self {
//!         User::new(account.id).with_username(account.login.clone()).with_staff(account.admin)
//!     }
//! }
//!
//! # fn main() -> Result<(), tower_telemetry_core::BuildError> {
//! let users = Users::new()
//!     .sources([UserSource::extension::<Account>(), UserSource::proxy_headers()])
//!     .trusted_proxies(["10.0.0.0/8"])?
//!     .attributes([User::IS_STAFF]);
//! // Beside the observers that tell of it: those of traces, of Sentry.
//! let layer = (users, ()).into_layer();
//! # let _ = layer; Ok(()) }
//! ```
//!
//! # Where a user comes from
//!
//! The handler knows best: what it [says](tower_telemetry_core::RequestContext::set_user) counts, at whatever time. Then the
//! [sources](UserSource) are asked, in their order, and the first counts that knows somebody:
//!
//! | source | answers | may be believed |
//! |---|---|---|
//! | [`extension`](UserSource::extension) | what an auth layer left in the request's extensions, or in the response's | yes |
//! | [`proxy_headers`](UserSource::proxy_headers) | `X-Forwarded-User`, `X-Auth-Request-User` and their like, as of oauth2-proxy | yes: only [trusted proxies](Users::trusted_proxies) are asked |
//! | [`certificate`](UserSource::certificate) (feature `certificate`) | the subject of the client's certificate, which the TLS stack has verified | yes |
//! | [`token`](UserSource::token) | the claims of a bearer token, which nobody has verified here | no: it is told as unverified |
//! | [`basic`](UserSource::basic) | the username of basic credentials, never the password | no |
//! | [`by`](UserSource::by) | whatever a function makes of the request's head | as it says |
//!
//! None is asked unless it is named. See [axum-login](guide::axum_login), [oauth2-proxy](guide::oauth2_proxy) and
//! [a bearer token](guide::bearer_token) at work. gRPC metadata are headers, so it is all the same with tonic.
//!
//! # An auth layer inside
//!
//! Extensions travel inward with a request, so the layer that observes cannot see what a layer further in leaves there. Put a
//! [`tap`](Users::tap) inside that one: it looks, and tells the layer outside. For axum that is
//! `router.layer(users.tap()).layer(auth).layer(telemetry)`.
//!
//! # The caller's address
//!
//! The connection's, where the host tells it ([`RequestHead::peer`](tower_telemetry_core::RequestHead::peer)). If that is a
//! [trusted proxy](Users::trusted_proxies), `X-Forwarded-For` or `Forwarded` is walked from its right end, past the proxies
//! that are trusted too, to the first that is not. A chain with something else than an address in the way, or with more than
//! 32 proxies, leads nowhere. Of a request with both headers nothing is believed, unless both say the same: a proxy writes
//! one of them, and lets the other through, which is the caller's. By default the address is told cut: `203.0.113.0`,
//! `2001:db8:1::`.
//!
//! # What is told
//!
//! The [policy](tower_telemetry_core::UserPolicy) says it, in one place for Sentry, spans and logs. Nothing is decoded,
//! looked up or formatted before something is told.

mod address;
mod config;
mod exchange;
pub mod guide;
mod observe;
mod pseudonym;
mod source;
mod tap;

#[cfg(feature = "certificate")]
pub use self::source::ClientCertificate;
pub use self::{
    config::Users,
    exchange::UsersExchange,
    source::{Claims, ProxyHeaders, Token, UserSource},
    tap::UserTap,
};
