/// A key that is known by how it begins.
pub(super) struct Prefix {
    /// As it stands, case-sensitive.
    pub(super) text: &'static str,
    /// The least number of characters after it.
    pub(super) rest: u8,
    /// What they may be.
    pub(super) chars: Chars,
}
#[derive(Clone, Copy)]
pub(super) enum Chars { Alnum, Word, Hex, Upper, Dotted, Base64 }
pub(super) const PREFIXES: &[Prefix] = &[
    Prefix { text: "ghp_", rest: 24, chars: Chars::Alnum },
    Prefix { text: "sk_live_", rest: 12, chars: Chars::Word },
    Prefix { text: "AKIA", rest: 12, chars: Chars::Upper },
    Prefix { text: "AIza", rest: 24, chars: Chars::Word },
    Prefix { text: "SG.", rest: 24, chars: Chars::Dotted },
    Prefix { text: "SK", rest: 32, chars: Chars::Hex },
    Prefix { text: "xoxb-", rest: 24, chars: Chars::Word },
];
