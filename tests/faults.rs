//! A network that is not to be trusted: none of its faults delays, grows or keeps anything, and what is lost is counted.

mod faults {
    mod answers;
    mod contents;
    mod endings;
    mod limits;
    mod load;
}

#[path = "faults/ingest.rs"]
mod ingest;
#[path = "faults/support.rs"]
mod support;
