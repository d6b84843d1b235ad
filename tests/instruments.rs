//! Instruments for the work inside a service, what sqlx tells, and the process: scoped recorders and subscribers, no global state.

mod instruments {
    mod bounds;
    mod catalogue;
    mod dashboard;
    mod fixtures;
    mod kinds;
    mod known;
    mod outcomes;
    mod page;
    mod panels;
    mod process;
    mod queries;
    mod recorders;
    mod rules;
    mod sentry;
    mod spans;
}
