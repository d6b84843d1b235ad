mod chain;
mod forwarded;

pub(crate) use self::chain::Chain;
