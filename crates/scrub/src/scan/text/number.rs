//! Numbers: addresses, cards, and those of persons.

use std::ops::Range;

use super::Text;
use crate::{
    Shape,
    chars::{ALNUM, ALPHA, DIGIT, is, is_at, run_end},
    scan::Hint,
    shape::{card, ip, ssn},
};

impl Text<'_, '_, '_> {
    /// What begins with the digits in this run. Its end.
    pub(super) fn numbers(&mut self, run: &Range<usize>) -> Option<usize> {
        let text = self.text;
        let mut at = run.start;
        while at < run.end {
            if !is(text[at], DIGIT) {
                at += 1;
                continue;
            }
            let digits = at..run_end(text, at, DIGIT);
            at = digits.end;
            let begins = digits.start == run.start || !is(text[digits.start - 1], ALNUM);
            if begins && let Some(found) = self.address(&digits) {
                return Some(self.add_shape(found, Shape::Ip));
            }
            if begins
                && digits.len() == 3
                && matches!(text.get(digits.end), Some(b'-' | b' '))
                && let Some(end) = ssn::number(text, digits.start)
            {
                return Some(self.add_shape(digits.start..end, Shape::Ssn));
            }
            if self.may_be_card(&digits)
                && card::may_begin(text, digits.start)
                && let Some(end) = card::number(text, digits.start, self.scan.cut)
            {
                return Some(self.add_shape(digits.start..end, Shape::Card));
            }
        }
        None
    }

    /// The IPv4 address that begins with these digits, unless all of the text is one and its name says that it is a version.
    fn address(&self, digits: &Range<usize>) -> Option<Range<usize>> {
        if digits.len() > 3 || self.text.get(digits.end) != Some(&b'.') {
            return None;
        }
        let end = ip::v4(self.text, digits.start, self.floor)?;
        let is_version = self.hint == Hint::Version && digits.start == 0 && end == self.text.len();
        (!is_version).then_some(digits.start..end)
    }

    /// Whether a card's number can begin with these digits: with all of them, or with a group of them.
    fn may_be_card(&self, digits: &Range<usize>) -> bool {
        let text = self.text;
        let grouped = || is_at(text, digits.end + 3, DIGIT) && !is(text[digits.end], ALPHA);
        digits.len() >= 4 && (digits.len() >= 12 || self.scan.cut || grouped())
    }
}
