//! What `Metrics` tells a recorder of an exchange: which series, how often, and which recorder.

mod metrics {
    mod active;
    mod cardinality;
    mod duration;
    mod fixtures;
    mod prometheus;
    mod recorders;
}
