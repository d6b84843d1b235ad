//! What `Metrics` tells a recorder of an exchange: which series, how often, and which recorder.

mod metrics {
    mod active;
    mod cardinality;
    mod classic;
    mod duration;
    mod fixtures;
    mod measures;
    mod own_labels;
    mod prometheus;
    mod recorders;
}
