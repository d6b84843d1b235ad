//! One request, and what is told of its user.

use std::{net::SocketAddr, sync::Arc};

use http::{HeaderName, HeaderValue, Request, request::Parts};
use tower_telemetry_core::{Observe, RequestContext, User};
use tower_telemetry_user::Users;

/// A request with these headers, from a connection with this at its other end, if that is known.
pub(crate) fn request(peer: Option<&str>, headers: &[(&'static str, &[u8])]) -> Parts {
    let mut request = Request::new(());
    for (name, value) in headers {
        let value = HeaderValue::from_bytes(value).expect("hyper lets it through");
        request.headers_mut().append(HeaderName::from_static(name), value);
    }
    if let Some(peer) = peer {
        let address = peer.parse().expect("an address");
        request.extensions_mut().insert(SocketAddr::new(address, 4711));
    }
    request.into_parts().0
}

/// What is told at the beginning.
pub(crate) fn told(users: &Users, mut head: Parts) -> Arc<User> {
    let cx = RequestContext::of(&mut head.extensions);
    let _exchange = users.begin(&mut head, &cx);
    cx.user().unwrap_or_default()
}

/// The user's id and username, as they are told.
pub(crate) fn names(user: &User) -> (Option<String>, Option<String>) {
    (user.id.as_ref().map(ToString::to_string), user.username.as_ref().map(ToString::to_string))
}
