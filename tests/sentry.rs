//! What the Sentry observer reports, by the envelopes that leave: scoped clients and hubs, no global state.

mod reports {
    mod answers;
    mod beside;
    mod breadcrumbs;
    mod complete;
    mod debug;
    mod dynamic_sampling;
    mod errors;
    mod event_ids;
    mod grouping;
    mod handlers;
    mod limits;
    mod once;
    mod organizations;
    mod panics;
    mod peers;
    mod scope;
    mod sessions;
    mod slow;
    mod support;
    mod transactions;
}
