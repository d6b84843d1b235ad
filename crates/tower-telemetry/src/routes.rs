use axum::{Router, http::header::CONTENT_TYPE, routing::get};

use crate::Telemetry;

/// Prometheus' text format.
///
/// Source: <https://prometheus.io/docs/instrumenting/exposition_formats/>
const EXPOSITION: &str = "text/plain; version=0.0.4; charset=utf-8";

impl Telemetry {
    /// `GET /health`, which says what monitoring is on, and `GET /metrics`, if the Prometheus recorder is ours.
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
        if let Some(prometheus) = self.prometheus() {
            let handle = prometheus.handle().clone();
            let metrics = get(move || {
                let handle = handle.clone();
                async move {
                    handle.run_upkeep();
                    ([(CONTENT_TYPE, EXPOSITION)], handle.render())
                }
            });
            routes = routes.route("/metrics", metrics);
        }
        // `Router::merge` keeps the fallback of the router that is merged in. With a bare one, unmatched requests would be
        // seen only where the routes are merged before the layer is added.
        routes.layer(self.layer())
    }
}
