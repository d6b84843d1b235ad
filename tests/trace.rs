//! What `Trace` and `Propagation` tell of an exchange: the span, the access-log event, the trace context and the request id.

mod trace {
    mod access_log;
    mod fixtures;
    mod privacy;
    mod propagation;
    mod request_id;
    mod span;
}
