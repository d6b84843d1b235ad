//! Text of no format, or of several: messages, logs, source code, configurations. One pass from trigger to trigger.

mod encoded;
mod literal;
mod number;
mod reader;
mod sign;
mod token;
mod word;

pub(super) use reader::Text;
