use crate::{
    Member, app,
    forward::{ForwardLayer, WrapLayer},
    ours, peers, recorder,
};

/// All members, and the recorder for their metrics. For each path the bare router comes first.
pub fn members() -> Vec<Member> {
    recorder::install();
    let mut members =
        vec![Member::new("bare router", app::app()), Member::new("identity layer", app::app().layer(ForwardLayer))];
    members.extend(ours::members());
    members.extend(peers::members());
    members.push(Member::new("bare router, /health", app::app()).path(app::HEALTH));
    members.push(Member::new("identity layer, /health", app::app().layer(ForwardLayer)).path(app::HEALTH));
    members.push(Member::new("wrapping layer, /health", app::app().layer(WrapLayer)).path(app::HEALTH));
    members.push(ours::excluded());
    members
}
