use std::sync::Arc;

use axum_prometheus::PrometheusMetricLayerBuilder;
use sentry::{Client, ClientOptions};
use sentry_tower::{NewSentryLayer, SentryHttpLayer};
use tower::ServiceBuilder;
use tower_http::{
    on_early_drop::{EarlyDropsAsFailures, OnEarlyDropLayer},
    trace::{DefaultOnFailure, TraceLayer},
};

use crate::{Member, Request, app::app, client::Dsn};

pub(crate) const TRACE_LAYER: &str = "tower-http TraceLayer";
pub(crate) const EARLY_DROP: &str = "TraceLayer, OnEarlyDrop";
pub(crate) const AXUM_PROMETHEUS: &str = "axum-prometheus";
pub(crate) const SENTRY_TOWER: &str = "sentry-tower";
pub(crate) const TOGETHER: &str = "peers together";

pub(crate) fn members() -> Vec<Member> {
    // Built without its pair, it installs no recorder and uses ours.
    let prometheus = PrometheusMetricLayerBuilder::new().build();
    // One builder means one boxing by axum.
    let early_drop = ServiceBuilder::new()
        .layer(TraceLayer::new_for_http())
        .layer(OnEarlyDropLayer::new(EarlyDropsAsFailures::new(DefaultOnFailure::default())));
    let mut members = vec![
        Member::new(TRACE_LAYER, app().layer(TraceLayer::new_for_http())),
        Member::new(EARLY_DROP, app().layer(early_drop)),
        Member::new(AXUM_PROMETHEUS, app().layer(prometheus)),
    ];
    members.extend(Dsn::ALL.map(sentry_tower));
    members.extend(Dsn::ALL.map(together));
    members
}

fn sentry_tower(dsn: Dsn) -> Member {
    // The hub's layer must be the outer one. One builder means one boxing by axum.
    let layers = ServiceBuilder::new()
        .layer(NewSentryLayer::<Request>::new_from_top())
        .layer(SentryHttpLayer::new().enable_transaction());
    Member::new(dsn.name(SENTRY_TOWER), app().layer(layers)).hub(dsn.hub(sdk_client))
}

fn together(dsn: Dsn) -> Member {
    let layers = ServiceBuilder::new()
        .layer(NewSentryLayer::<Request>::new_from_top())
        .layer(SentryHttpLayer::new().enable_transaction())
        .layer(TraceLayer::new_for_http())
        .layer(PrometheusMetricLayerBuilder::new().build());
    Member::new(dsn.name(TOGETHER), app().layer(layers)).hub(dsn.hub(sdk_client))
}

/// As `sentry::init` makes it.
fn sdk_client(options: ClientOptions) -> Arc<Client> {
    Arc::new(Client::with_options(sentry::apply_defaults(options)))
}
