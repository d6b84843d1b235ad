//! What leaves is scrubbed, whoever made it: each field of each item that can go to Sentry, spans, access logs, labels, and the
//! service's own output.

mod boundary {
    mod facade;
    mod found;
    mod hidden;
    mod items;
    mod kept;
    mod output;
    mod places;
    mod support;
    mod telemetry;
    mod transport;
}
