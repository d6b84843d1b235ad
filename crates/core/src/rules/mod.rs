//! Which endpoint a request is of, by ordered patterns: what exclusion, sampling and grouping have in common.
//!
//! A pattern is parsed to tokens, one for each segment. Those before its first `**` are a path in a trie, and what comes
//! after is indexed where that path ends, by one of its segments. Regexes stand beside this. What is found for the patterns'
//! own texts, as templates have them, is known beforehand.

mod cover;
mod exact;
mod index;
mod interior;
mod matcher;
mod parse;
mod pattern;
mod search;
mod segment_map;
mod text;
mod token;

pub use self::{
    matcher::{EndpointRules, Target},
    pattern::EndpointPattern,
};
