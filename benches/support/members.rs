use crate::{Member, app, forward::ForwardLayer, ours, peers, recorder};

/// All members, and the recorder for their metrics. For each path the bare router comes first.
pub fn members() -> Vec<Member> {
    recorder::install();
    let mut members =
        vec![Member::new("bare router", app::app()), Member::new("forwarding layer", app::app().layer(ForwardLayer))];
    members.extend(ours::members());
    members.extend(peers::members());
    members.push(Member::new("bare router, /health", app::app()).path(app::HEALTH));
    members.push(ours::excluded());
    members
}
