//! `name=value` and `name: value` in a text, in the ways of all those who write such things: logs, configurations, commands,
//! source code, and people.

mod bare;
mod code;
mod header_line;
mod line;
mod name;
mod sentence;
mod sign;
mod start;
mod wrapped;
mod yaml;
