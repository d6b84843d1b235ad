use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use axum::{Router, body::Body, response::Response};
use http::request::Parts;
use sentry::Hub;
use tower::ServiceExt;
use tower_telemetry::Telemetry;
use tracing::{Dispatch, dispatcher::with_default};

use crate::{Request, app, client::Dsn, runtime};

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
    requests: Vec<Parts>,
    next: AtomicUsize,
    hub: Arc<Hub>,
    subscriber: Option<Dispatch>,
    /// Its drop would close the client.
    _telemetry: Option<Telemetry>,
    /// Locked, so that threads can share what nobody touches.
    _in_flight: Mutex<Vec<Response>>,
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
            requests: vec![app::request(app::USER)],
            next: AtomicUsize::new(0),
            hub: Dsn::None.hub(|_| unreachable!("there is no DSN")),
            subscriber: None,
            _telemetry: None,
            _in_flight: Mutex::default(),
        }
    }

    pub(crate) fn path(self, path: &'static str) -> Self {
        Self { path, requests: vec![app::request(path)], ..self }
    }

    /// These requests in turn, in place of the one.
    pub(crate) fn requests(self, requests: Vec<Parts>) -> Self {
        Self { requests, ..self }
    }

    /// Begins so many exchanges, whose bodies nobody reads.
    pub(crate) fn in_flight(self, exchanges: usize) -> Self {
        let begin = || runtime().block_on(self.app().oneshot(self.request())).unwrap_or_else(|never| match never {});
        let in_flight = self.run(|| (0..exchanges).map(|_| begin()).collect::<Vec<_>>());
        Self { _in_flight: in_flight.into(), ..self }
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

    /// The next request for the app.
    pub fn request(&self) -> Request {
        let next = self.next.fetch_add(1, Ordering::Relaxed) % self.requests.len();
        Request::from_parts(self.requests[next].clone(), Body::empty())
    }

    /// How many requests there are before the first comes again.
    pub(crate) fn different_requests(&self) -> usize {
        self.requests.len()
    }

    /// The same app, as another connection meets it: with requests of its own.
    pub(crate) fn on_another_connection(&self) -> Self {
        Self {
            name: self.name.clone(),
            path: self.path,
            peer: self.peer.clone(),
            app: self.app(),
            requests: self.requests.iter().map(app::copy).collect(),
            next: AtomicUsize::new(0),
            hub: self.hub.clone(),
            subscriber: self.subscriber.clone(),
            _telemetry: None,
            _in_flight: Mutex::default(),
        }
    }

    /// Runs `f` with this member's Sentry client and subscriber as the thread's.
    pub fn run<R>(&self, f: impl FnOnce() -> R) -> R {
        Hub::run(self.hub.clone(), || match &self.subscriber {
            Some(subscriber) => with_default(subscriber, f),
            None => f(),
        })
    }
}
