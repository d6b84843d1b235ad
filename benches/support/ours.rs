use axum::Router;
use sentry::Hub;
use tower_telemetry::{
    Telemetry, UserSource, Users,
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

fn all(name: impl Into<String>, dsn: Dsn) -> Member {
    let rules = [Rule::trace("POST /orders"), Rule::rate("/search/**", 0.01), Rule::exclude("/internal/**")];
    layered(name, app(), dsn, rules)
}

/// The facade's layer with what a service sets: rules, and who its users are. The rest is on by default. It finds the recorder that
/// all members share.
pub(crate) fn layered(name: impl Into<String>, app: Router, dsn: Dsn, rules: impl IntoIterator<Item = Rule>) -> Member {
    let sampling = Sampling::new().rules(rules).expect("the rules are good");
    let users = Users::new().sources([UserSource::extension::<Account>()]);
    let builder = Telemetry::builder().sampling(sampling).users(users);
    let builder = builder.traces_sample_rate(dsn.rate().into()).expect("the rates are valid");
    let hub = Dsn::None.hub(client);
    let builder = match dsn {
        Dsn::None => builder,
        Dsn::Rate(_) => builder.transport(Discard).dsn(DSN).expect("the DSN is valid"),
    };
    // Its client is bound to the hub that is current.
    let telemetry = Hub::run(hub.clone(), || builder.build()).expect("nothing is wrong with it");
    Member::new(name, app.layer(telemetry.layer())).hub(hub).keep(telemetry)
}
