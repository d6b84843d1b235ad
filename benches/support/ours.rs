use std::sync::Arc;

use sentry::Hub;
use tower_telemetry::{
    Builder, Telemetry, UserSource, Users,
    sampling::{Rule, Sampling},
};
use tower_telemetry_core::Observe;
use tower_telemetry_metrics::Metrics;
use tower_telemetry_sentry::{Sentry, client};
use tower_telemetry_trace::Trace;

use crate::{
    Member,
    app::{Account, HEALTH, app},
    client::{DSN, Discard, Dsn},
    peers::{ASSEMBLED, AXUM_PROMETHEUS, SENTRY_TOWER, TRACE_LAYER},
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
    all("everything, excluded", Dsn::Rate(1.0)).path(HEALTH)
}

/// Alone, so that the client decides.
fn sentry(dsn: Dsn) -> Member {
    Member::new(dsn.name("Sentry"), app().layer(Sentry::new().into_layer()))
        .peer(dsn.name(SENTRY_TOWER))
        .hub(dsn.hub(client))
}

pub(crate) fn everything(dsn: Dsn) -> Member {
    all(dsn.name("everything"), dsn).peer(dsn.name(ASSEMBLED))
}

/// The facade's layer. It finds the recorder that all members share.
fn all(name: impl Into<String>, dsn: Dsn) -> Member {
    let (telemetry, hub) = telemetry(dsn, configured());
    Member::new(name, app().layer(telemetry.layer())).hub(hub).keep(telemetry)
}

/// What a service sets: rules, and who its users are. The rest is on by default.
pub(crate) fn configured() -> Builder {
    let rules = [Rule::trace("POST /orders"), Rule::rate("/search/**", 0.01), Rule::exclude("/internal/**")];
    let sampling = Sampling::new().rules(rules).expect("the rules are good");
    let users = Users::new().sources([UserSource::extension::<Account>()]);
    Telemetry::builder().sampling(sampling).users(users)
}

/// With the hub that its client is bound to.
pub(crate) fn telemetry(dsn: Dsn, builder: Builder) -> (Telemetry, Arc<Hub>) {
    let hub = Dsn::None.hub(client);
    let builder = builder.traces_sample_rate(dsn.rate().into()).expect("the rates are valid");
    let builder = match dsn {
        Dsn::None => builder,
        Dsn::Rate(_) => builder.transport(Discard).dsn(DSN).expect("the DSN is valid"),
    };
    let telemetry = Hub::run(hub.clone(), || builder.build()).expect("nothing is wrong with it");
    (telemetry, hub)
}
