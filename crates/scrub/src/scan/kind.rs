//! Which values are secret under a name of a kind.

use super::{done::is_done, value};
use crate::name::Kind;

impl Kind {
    /// Whether a value of this text goes under a name of this kind.
    pub(crate) fn hides(self, value: &[u8]) -> bool {
        match self {
            _ if value.is_empty() || is_done(value) || value.iter().all(|&byte| byte == b'*') => false,
            Self::Plural => !value.iter().all(|&byte| byte.is_ascii_digit() || byte == b'.' || byte == b','),
            Self::Random => value::is_tokenish(value),
            Self::Token => !value::is_requirement(value),
            Self::Password | Self::Line => true,
        }
    }

    /// As [`hides`](Self::hides), for a value in a text, where a word may stand for none.
    pub(super) fn hides_word(self, value: &[u8]) -> bool {
        self.hides(value) && !value::is_literal(value)
    }
}
