//! The line that a name and its value stand in.

use super::sign::Named;
use crate::{
    chars::{SPACE, is_at},
    scan::{
        ahead::Needle,
        place::{is_space, line_start},
        text::Text,
    },
};

/// What may stand before a name that begins its line.
const MARKS: [&[u8]; 8] = [b"", b"-", b"export", b"set", b"ENV", b"env", b">", b"*"];

impl Text<'_, '_, '_> {
    /// Whether the name begins its line, perhaps after what marks a list or a setting.
    pub(super) fn begins_line(&self, named: &Named) -> bool {
        let start = line_start(self.text, named.name.start, self.floor);
        let before = self.text[start..named.name.start].trim_ascii();
        MARKS.contains(&before)
    }

    /// Whether the name is written as a setting's is: no sentence is about such a word.
    pub(super) fn is_setting(&self, named: &Named) -> bool {
        self.text[named.name.clone()].iter().any(|byte| matches!(byte, b'-' | b'_' | b'.'))
    }

    /// To the line's end, if nothing there is a value of its own.
    pub(super) fn rest_of_line(&self, start: usize, end: usize) -> usize {
        let text = self.text;
        let rest = &text[end..self.ahead.find(text, Needle::Line, start)];
        if words(rest).take(8).count() > 7 {
            return end;
        }
        let own = rest.iter().any(|&byte| matches!(byte, b'=' | b':' | b'"' | b'{' | b'[' | b'<' | b'#' | b'('));
        let goes_on = is_at(text, end, SPACE) && !own;
        if goes_on { end + rest.trim_ascii_end().len() } else { end }
    }
}

/// The words of a line, however many spaces are between.
pub(super) fn words(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|&byte| is_space(byte)).filter(|word| !word.is_empty())
}
