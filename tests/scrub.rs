//! Whether the scrubber finds what is secret and leaves the rest, by a generated corpus, properties and tables.
//!
//! `SCRUB_SEED=7` draws another corpus, `SCRUB_FAILURES=1` with `--nocapture` lists each case that fails.

mod scrub {
    mod corpus;
    mod formats;
    mod found;
    mod names;
    mod properties;
    mod rules;
    mod strategies;
}
