//! What a name says about its value.

mod known;
mod meaning;
mod names;
mod user;
mod vocabulary;
mod word;
mod words;

pub(crate) use known::RulesId;
pub(crate) use meaning::{Kind, Meaning, STANDARD};
pub(crate) use names::Names;
pub(crate) use user::UserNames;
