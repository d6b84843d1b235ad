//! JSON, JSON lines, and the beginning of either: one pass over the bytes, which needs to know only which strings are keys. So
//! depth costs nothing, duplicate keys are all seen, and a text that was cut off is read as far as it goes.

mod fields;
mod hide;
mod keys;
mod list;
mod reader;
mod string;
mod value;
