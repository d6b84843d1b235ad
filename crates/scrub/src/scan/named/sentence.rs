//! Sentences after a name and its sign: `token: has expired`.

use std::{ops::Range, sync::LazyLock};

use super::{line::words, sign::Named};
use crate::{
    name::Kind,
    scan::{
        ahead::Needle,
        place::skip_space,
        prose::{is_plain_word, is_status, word_before},
        text::Text,
        value::bare_end,
    },
    word_set::WordSet,
};

/// Words before the name of what was found instead of something else.
static COMPLAINTS: LazyLock<WordSet> = LazyLock::new(|| {
    WordSet::of(
        "bad duplicate expected illegal invalid malformed missing next no parse parsing syntax unexpected unknown \
         unsupported wrong",
    )
});

impl Text<'_, '_, '_> {
    /// Whether words follow that tell about the name, instead of a value.
    pub(super) fn is_prose(&self, named: &Named, value: Range<usize>) -> bool {
        let text = self.text;
        let word = &text[value.clone()];
        let rest = &text[value.end..self.ahead.find(text, Needle::Line, value.end)];
        // A scheme before what it is the scheme of.
        let scheme = word.eq_ignore_ascii_case(b"token") && rest.starts_with(b" ") && self.begins_line(named);
        if is_status(word) && !scheme {
            return true;
        }
        if named.kind == Kind::Password {
            // A phrase may be the password, but not one with such words.
            return rest.len() > 3 && words(rest).take(4).any(is_status);
        }
        if self.is_setting(named) && self.begins_line(named) && !words(rest).take(5).any(is_status) {
            return false;
        }
        let next = skip_space(text, value.end);
        next > value.end && next < text.len() && is_plain_word(text[next..bare_end(text, next)].trim_ascii_end())
    }

    /// Whether the name is what somebody complains of: `unexpected token: x`.
    pub(super) fn is_complaint(&self, named: &Named) -> bool {
        word_before(self.text, named.name.start, self.floor)
            .is_some_and(|word| COMPLAINTS.has_in_any_case(&self.text[word]))
    }
}
