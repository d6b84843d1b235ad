use std::sync::Arc;

use sentry::Hub;
use tower_telemetry_core::Observe;
use tower_telemetry_metrics::Metrics;
use tower_telemetry_sampling::Sampling;
use tower_telemetry_sentry::{Sentry, client};
use tower_telemetry_trace::{Propagation, Trace};

use crate::{
    Member,
    app::{HEALTH, app},
    client::Dsn,
    peers::{AXUM_PROMETHEUS, SENTRY_TOWER, TOGETHER, TRACE_LAYER},
};

pub(crate) fn members() -> Vec<Member> {
    let mut members = vec![
        Member::new("observer ()", app().layer(().into_layer())),
        Member::new("Trace", app().layer(Trace::new().into_layer())).peer(TRACE_LAYER),
        Member::new("Metrics", app().layer(Metrics::new().into_layer())).peer(AXUM_PROMETHEUS),
    ];
    members.extend(Dsn::ALL.map(sentry));
    members.extend(Dsn::ALL.map(everything));
    members
}

/// A request that the whole layer leaves alone.
pub(crate) fn excluded() -> Member {
    let dsn = Dsn::Rate(1.0);
    let hub = dsn.hub(client);
    Member::new("everything, excluded", app().layer(all(dsn, &hub).into_layer())).path(HEALTH).hub(hub)
}

/// Alone, so that the client decides.
fn sentry(dsn: Dsn) -> Member {
    Member::new(dsn.name("Sentry"), app().layer(Sentry::new().into_layer()))
        .peer(dsn.name(SENTRY_TOWER))
        .hub(dsn.hub(client))
}

fn everything(dsn: Dsn) -> Member {
    let hub = dsn.hub(client);
    Member::new(dsn.name("everything"), app().layer(all(dsn, &hub).into_layer())).peer(dsn.name(TOGETHER)).hub(hub)
}

/// What the facade composes. Its own constructor takes no transport.
fn all(dsn: Dsn, hub: &Arc<Hub>) -> impl Observe {
    let sampling = Sampling::new().rate(dsn.rate().into()).expect("the rates are valid");
    (Propagation::new(), sampling, Sentry::new().fallback(hub.clone()), Metrics::new(), Trace::new())
}
