use crate::{
    Member, app,
    forward::{ForwardLayer, WrapLayer},
    member::{BARE, BARE_HEALTH},
    ours, peers, recorder,
};

/// All members, and the recorder for their metrics. For each path the bare router comes first.
pub fn members() -> Vec<Member> {
    recorder::install();
    let mut members =
        vec![Member::new(BARE, app::app()), Member::new("identity layer", app::app().layer(ForwardLayer))];
    members.extend(ours::members());
    members.extend(peers::members());
    members.push(Member::new(BARE_HEALTH, app::app()).path(app::HEALTH));
    members.push(Member::new("identity layer, /health", app::app().layer(ForwardLayer)).path(app::HEALTH));
    members.push(Member::new("wrapping layer, /health", app::app().layer(WrapLayer)).path(app::HEALTH));
    members.push(ours::excluded());
    members
}
