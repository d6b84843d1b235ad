//! Secrets that people and programs name in a sentence: `password is x`, `invalid token "x"`, `--password x`.

mod pair;
mod quoted;
mod scheme;
mod sentence;
mod tool;
mod words;

pub(super) use words::{is_plain_word, is_status, is_type, word_before};
