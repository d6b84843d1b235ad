use crate::{
    Member,
    app::{HEALTH, app},
    client::Dsn,
    floors,
    forward::{ForwardLayer, WrapLayer},
    member::{BARE, BARE_HEALTH},
    ours, peers, recorder,
    subscriber::subscriber,
};

/// All members without a subscriber, then those that have one. They must be measured in this order, since a process in which a
/// subscriber has once been set does other things for its events.
pub const GROUPS: [fn() -> Vec<Member>; 2] = [members, logged];

/// The members without a subscriber, and the recorder for their metrics. For each path the bare router comes first.
fn members() -> Vec<Member> {
    recorder::install();
    let mut members = vec![
        Member::new(BARE, app()),
        Member::new("identity layer", app().layer(ForwardLayer)),
        floors::timing(),
        floors::metrics(),
    ];
    members.extend([0.0, 0.1, 1.0].map(|rate| floors::everything(Dsn::Rate(rate))));
    members.extend(ours::members());
    members.extend(peers::members());
    members.push(Member::new(BARE_HEALTH, app()).path(HEALTH));
    members.push(Member::new("identity layer, /health", app().layer(ForwardLayer)).path(HEALTH));
    members.push(Member::new("wrapping layer, /health", app().layer(WrapLayer(()))).path(HEALTH));
    members.push(ours::excluded());
    members
}

/// Those that write a line for each request, and the bare router once more.
fn logged() -> Vec<Member> {
    let dsn = Dsn::Rate(0.1);
    let monitored = [floors::everything(dsn), ours::everything(dsn), peers::assembled(dsn)]
        .map(|member| member.logged(subscriber()));
    [Member::new(BARE, app())].into_iter().chain(monitored).collect()
}

/// Those that are served: with and without a subscriber.
pub fn served() -> Vec<Member> {
    recorder::install();
    let dsn = Dsn::Rate(0.1);
    let mut members =
        vec![Member::new(BARE, app()), floors::everything(dsn), ours::everything(dsn), peers::assembled(dsn)];
    members.extend(logged().into_iter().skip(1));
    members
}
