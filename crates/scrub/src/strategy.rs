use std::fmt;

/// What is found by how it looks, wherever it stands. Each is replaced by the word that is named here, unless
/// [`Scrub::shape`](crate::Scrub::shape) says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Shape {
    /// Keys and tokens: bearer credentials, JWTs, the well-known providers' keys, runs of 64 characters and more. `[token]`.
    Token,
    /// PEM private keys, cut off ones too. `[private key]`.
    PrivateKey,
    /// User names and passwords in URLs and basic credentials. `[credentials]`.
    Credentials,
    /// Payment cards. `[card]`.
    Card,
    /// International bank account numbers. `[iban]`.
    Iban,
    /// US social security numbers. `[ssn]`.
    Ssn,
    /// E-mail addresses. `[email]`.
    Email,
    /// IP addresses of either version, but not loopback and unspecified ones. `[ip]`.
    Ip,
}

impl Shape {
    pub(crate) const COUNT: usize = 8;

    /// What takes its place.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Token => "[token]",
            Self::PrivateKey => "[private key]",
            Self::Credentials => "[credentials]",
            Self::Card => "[card]",
            Self::Iban => "[iban]",
            Self::Ssn => "[ssn]",
            Self::Email => "[email]",
            Self::Ip => "[ip]",
        }
    }
}

/// What becomes of what is found. Default: [`Replace`](Self::Replace). A replacement never needs escaping, whatever the format
/// around it; in JSON, a number or an object becomes a string.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Strategy {
    /// The usual word takes its place: `[Filtered]` by name, `[card]` and the like by shape. The default.
    Replace,
    /// It stays as it is: the rule is none.
    Keep,
    /// This text takes its place. Control characters and `" \\ < > &` are refused when the rules are built.
    ReplaceWith(String),
    /// Nothing takes its place: the value is empty.
    Remove,
    /// All but the last characters, this many, become `*`. Never more than a third of them stay, and of those only letters and
    /// digits.
    KeepLast(usize),
    /// A keyed hash (HMAC-SHA-256, of which 64 bits are shown) takes its place: equal values stay comparable, but cannot be
    /// tried out without the key. `[email:4f1c…]`.
    Hash(HashKey),
    /// An IP address is cut to its network, /24 or /48. What is not an IP address is replaced.
    Network,
}

/// The key of [`Strategy::Hash`]: at least 16 bytes, which nobody outside should know. It is not shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct HashKey(Vec<u8>);

impl HashKey {
    /// The least length of a key, in bytes.
    pub(crate) const LEAST: usize = 16;

    /// A key of at least 16 bytes; [`Scrub::build`](crate::Scrub::build) refuses a shorter one.
    pub fn new(key: impl Into<Vec<u8>>) -> Self {
        Self(key.into())
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for HashKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HashKey(..)")
    }
}

/// A regular expression of one's own, and what becomes of what it matches. Each is a pass over every text, in linear time.
#[derive(Clone, Debug)]
pub struct Pattern {
    pub(crate) regex: String,
    pub(crate) strategy: Strategy,
}

impl Pattern {
    /// A pattern in the syntax of the [`regex`](https://docs.rs/regex/#syntax) crate, whose matches become `[Filtered]`. It is
    /// compiled by [`Scrub::build`](crate::Scrub::build), which also refuses it.
    pub fn new(regex: impl Into<String>) -> Self {
        Self { regex: regex.into(), strategy: Strategy::Replace }
    }

    /// What becomes of a match. Default: [`Strategy::Replace`].
    #[must_use]
    pub fn strategy(mut self, strategy: Strategy) -> Self {
        self.strategy = strategy;
        self
    }
}
