//! URLs in a text: who logs in by them, and what their paths give away.

mod authority;
mod login;
mod path;
