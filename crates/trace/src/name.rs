use std::borrow::Cow;

use tower_telemetry_core::Endpoint;
use tower_telemetry_scrub::Scrubber;

/// The endpoint's name as it may be shown.
///
/// Templates of a router are the service's own code: nothing a caller sends gets into them, and `/login/password:reset` is no
/// password. A name that a closure made, or a gRPC caller, may hold anything.
pub(crate) fn shown<'a>(endpoint: &'a Endpoint, scrubber: &Scrubber) -> Cow<'a, str> {
    if endpoint.is_closed() { Cow::Borrowed(endpoint.as_str()) } else { scrubber.text(endpoint.as_str()) }
}

/// What a span has of an endpoint: its own name, and the route or the method.
#[derive(Default)]
pub(crate) struct Named<'a> {
    pub(crate) name: Option<Cow<'a, str>>,
    pub(crate) route: Option<Cow<'a, str>>,
    pub(crate) rpc: Option<Cow<'a, str>>,
}

impl<'a> Named<'a> {
    pub(crate) fn of(method: &str, endpoint: &'a Endpoint, scrubber: &Scrubber) -> Self {
        let shown = shown(endpoint, scrubber);
        if endpoint.is_grpc() {
            Self { name: Some(shown.clone()), route: None, rpc: Some(shown) }
        } else {
            Self { name: Some(format!("{method} {shown}").into()), route: Some(shown), rpc: None }
        }
    }
}
