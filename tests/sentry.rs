//! What the Sentry observer reports, by the envelopes that leave: scoped clients and hubs, no global state.

mod reports {
    mod dynamic_sampling;
    mod errors;
    mod scope;
    mod support;
    mod transactions;
}
