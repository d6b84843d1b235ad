use std::sync::Arc;

use axum::{Router, body::Body};
use http::request::Parts;
use sentry::Hub;
use tower_telemetry::Telemetry;
use tracing::{Dispatch, dispatcher::with_default};

use crate::{Request, app, client::Dsn};

/// The name of the app that nothing monitors.
pub const BARE: &str = "bare router";
pub(crate) const BARE_HEALTH: &str = "bare router, /health";

/// The app, monitored in one way.
#[derive(Debug)]
pub struct Member {
    name: String,
    path: &'static str,
    peer: Option<String>,
    app: Router,
    request: Parts,
    hub: Arc<Hub>,
    subscriber: Option<Dispatch>,
    /// Its drop would close the client.
    _telemetry: Option<Telemetry>,
}

impl Member {
    /// `GET /users/42` to `app`, with no Sentry client.
    pub(crate) fn new(name: impl Into<String>, app: Router) -> Self {
        Self {
            name: name.into(),
            path: app::USER,
            peer: None,
            // As `axum::serve` does once for each connection; without it, layers are applied anew to each request.
            app: app.with_state(()),
            request: app::request(app::USER),
            hub: Dsn::None.hub(|_| unreachable!("there is no DSN")),
            subscriber: None,
            _telemetry: None,
        }
    }

    pub(crate) fn path(self, path: &'static str) -> Self {
        Self { path, request: app::request(path), ..self }
    }

    pub(crate) fn peer(self, name: impl Into<String>) -> Self {
        Self { peer: Some(name.into()), ..self }
    }

    pub(crate) fn hub(self, hub: Arc<Hub>) -> Self {
        Self { hub, ..self }
    }

    /// The same, with a subscriber, and so a line for each request.
    pub(crate) fn logged(self, subscriber: Dispatch) -> Self {
        let logged = |name: String| format!("{name}, logged");
        let (name, peer) = (logged(self.name), self.peer.map(logged));
        Self { name, peer, subscriber: Some(subscriber), ..self }
    }

    pub(crate) fn keep(self, telemetry: Telemetry) -> Self {
        Self { _telemetry: Some(telemetry), ..self }
    }

    /// What monitors the app.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The member that does the same with other crates.
    pub fn peer_name(&self) -> Option<&str> {
        self.peer.as_deref()
    }

    /// The member that gets the same request, and is not monitored.
    pub(crate) fn bare_name(&self) -> &'static str {
        if self.path == app::HEALTH { BARE_HEALTH } else { BARE }
    }

    /// The app: a cheap clone, as a server makes for each connection.
    pub fn app(&self) -> Router {
        self.app.clone()
    }

    /// A request for the app.
    pub fn request(&self) -> Request {
        Request::from_parts(self.request.clone(), Body::empty())
    }

    /// Runs `f` with this member's Sentry client and subscriber as the thread's.
    pub fn run<R>(&self, f: impl FnOnce() -> R) -> R {
        Hub::run(self.hub.clone(), || match &self.subscriber {
            Some(subscriber) => with_default(subscriber, f),
            None => f(),
        })
    }
}
