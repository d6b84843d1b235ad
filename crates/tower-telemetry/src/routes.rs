use axum::{
    Router,
    body::Body,
    http::{header::CONTENT_TYPE, request},
    response::Response,
    routing::get,
};
use tokio::runtime::Handle;

use crate::{MetricsEndpoint, Telemetry};

impl Telemetry {
    /// `GET /health`, which says what monitoring is on, and `GET /metrics`, if the Prometheus recorder is ours and its metrics
    /// have no [address of their own](crate::Builder::metrics_bind).
    ///
    /// The metrics are for [those who may scrape](crate::Builder::metrics_access): outside of development, where the peer must be
    /// known, serve the router by `into_make_service_with_connect_info::<SocketAddr>()`, or every scrape is answered 403.
    ///
    /// Merge it before or after [`layer`](Self::layer) is added. Both endpoints are excluded from monitoring.
    pub fn routes<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        let health = self.health();
        let mut routes = Router::new().route(
            "/health",
            get(move || {
                let health = health.clone();
                async move { ([(CONTENT_TYPE, "application/json")], health) }
            }),
        );
        if let Some(endpoint) = self.metrics_endpoint().filter(|_| self.metrics_address().is_none()) {
            routes = routes.route("/metrics", get(move |head: request::Parts| respond(endpoint.clone(), head)));
        }
        // `Router::merge` keeps the fallback of the router that is merged in. With a bare one, unmatched requests would be
        // seen only where the routes are merged before the layer is added.
        routes.layer(self.layer())
    }
}

/// Renders where a thread may be busy, so that no request waits for it.
async fn respond(endpoint: MetricsEndpoint, head: request::Parts) -> Response {
    let rendered = match Handle::try_current() {
        Ok(runtime) => {
            let (endpoint, head) = (endpoint.clone(), head.clone());
            runtime.spawn_blocking(move || endpoint.respond(&head)).await.ok()
        }
        Err(_) => None,
    };
    rendered.unwrap_or_else(|| endpoint.respond(&head)).map(Body::from)
}
