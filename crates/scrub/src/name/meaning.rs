/// What a name says about its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// Nothing.
    Plain,
    /// All of it goes; the index of the strategy.
    Secret(Kind, u16),
    /// It is a digest, which looks like a token.
    Digest,
    /// It is a version, which can look like an IP address.
    Version,
}

/// Which values under a name are secret, and where they end in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// What a person may have chosen: any words.
    Password,
    /// What a machine made, in one word.
    Token,
    /// All of the line.
    Line,
    /// Not a number: that would be a count.
    Plural,
    /// What looks random.
    Random,
}

/// The strategy that the standard's names have.
pub(crate) const STANDARD: u16 = 0;
