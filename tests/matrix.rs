//! The truth about every exchange over real sockets: what an observer sees of each is what happened on the wire, and the wire
//! is what it would be without one.

mod matrix {
    use std::time::Duration;

    mod bodies;
    mod caller;
    mod ends;
    mod greeter;
    mod grpc;
    mod grpc_deadlines;
    mod grpc_ends;
    mod grpc_hosts;
    mod grpc_wire;
    mod hosts;
    mod http2;
    mod positions;
    mod replies;
    mod stacks;
    mod tonic_routes;
    mod upgrades;
    mod wire;

    /// How long anything may take. No test waits for it to pass.
    const LIMIT: Duration = Duration::from_secs(20);
}
