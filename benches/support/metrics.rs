use axum_prometheus::PrometheusMetricLayerBuilder;
use tower_http::metrics::InFlightRequestsLayer;
use tower_telemetry_core::Observe;
use tower_telemetry_metrics::{Measure, Metrics, Names};

use crate::{
    Member,
    app::app,
    floors,
    forward::{ForwardLayer, WrapLayer},
    member::BARE,
    peers::{self, AXUM_PROMETHEUS},
    recorder,
};

/// Layers that make metrics and nothing else, and what any layer costs.
pub fn members() -> Vec<Member> {
    recorder::install();
    let all = Metrics::new();
    let classic = Metrics::new().names(Names::Classic);
    let rest = [Measure::TimeToHead, Measure::RequestBodySize, Measure::ResponseBodySize];
    let duration = rest.into_iter().fold(Metrics::new(), Metrics::without);
    // Built without its pair, it installs no recorder and uses ours.
    let prometheus = PrometheusMetricLayerBuilder::new().build();
    let sized = PrometheusMetricLayerBuilder::new().enable_response_body_size(true).build();
    let (in_flight, _) = InFlightRequestsLayer::pair();
    vec![
        Member::new(BARE, app()),
        Member::new("identity layer", app().layer(ForwardLayer)),
        Member::new("wrapping layer", app().layer(WrapLayer(()))),
        floors::timing(),
        floors::metrics(),
        Member::new("observer ()", app().layer(().into_layer())),
        Member::new("Metrics", app().layer(all.into_layer())).peer(AXUM_PROMETHEUS),
        Member::new("Metrics, classic", app().layer(classic.into_layer())).peer(AXUM_PROMETHEUS),
        Member::new("Metrics, durations alone", app().layer(duration.into_layer())).peer(AXUM_PROMETHEUS),
        Member::new(AXUM_PROMETHEUS, app().layer(prometheus)),
        Member::new("axum-prometheus, sizes", app().layer(sized)),
        Member::new("tower-http InFlightRequests", app().layer(in_flight)),
        peers::opentelemetry(),
    ]
}
