//! What `ObserveLayer` sees of an exchange, through its public API: each exchange begins once and ends once, as what it was,
//! and the service inside cannot tell that it is watched.

mod lifecycle {
    mod cancellations;
    mod completions;
    mod conservation;
    mod context;
    mod enter;
    mod failures;
    mod fixtures;
    mod grpc;
    mod host;
    mod panics;
    mod passing;
    mod routes;
    mod script;
    mod tuples;
}
