//! Who made a request: every source, behind every host, at every moment; what a caller can forge of it, which is nothing; and
//! what of it leaves.

mod users {
    use std::time::Duration;

    mod addresses;
    mod asked;
    mod certificates;
    mod chains;
    mod collected;
    mod context;
    mod guide;
    mod headers;
    mod hosts;
    mod interleaved;
    mod moments;
    mod policy;
    mod settings;
    mod sources;
    mod table;
    mod tokens;

    /// How long anything may take. No test waits for it to pass.
    const LIMIT: Duration = Duration::from_secs(20);
}
