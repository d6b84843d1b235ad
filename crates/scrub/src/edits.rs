use std::{borrow::Cow, ops::Range};

use crate::{Shape, rules::Rules};

/// What is to be replaced in a text: found while it is read, carried out when all of it was.
#[derive(Default)]
pub(crate) struct Edits {
    list: Vec<Edit>,
    /// Whether all of the text was read as JSON.
    pub(crate) json: bool,
}

#[derive(Clone)]
pub(crate) struct Edit {
    pub(crate) range: Range<usize>,
    pub(crate) why: Why,
    /// The replacement gets quotes: it stands for a JSON value that had none.
    pub(crate) quoted: bool,
}

/// Why something is replaced, which says by what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// By its name: the index of the rule's strategy.
    Name(u16),
    Shape(Shape),
    /// The index of the user's pattern.
    Pattern(u16),
    /// It cannot be shown, and this says what it was.
    Described(Box<str>),
}

impl Edits {
    pub(crate) fn add(&mut self, range: Range<usize>, why: Why) {
        if !range.is_empty() {
            self.list.push(Edit { range, why, quoted: false });
        }
    }

    pub(crate) fn add_quoted(&mut self, range: Range<usize>, why: Why) {
        if !range.is_empty() {
            self.list.push(Edit { range, why, quoted: true });
        }
    }

    /// Makes one of those that were found in a JSON number after there were `mark`: with quotes, all of it goes.
    pub(crate) fn quote(&mut self, mark: usize, number: Range<usize>) {
        if self.list.len() > mark {
            self.list.truncate(mark + 1);
            let edit = &mut self.list[mark];
            edit.range = number;
            edit.quoted = true;
        }
    }

    pub(crate) fn push(&mut self, edit: Edit) {
        self.list.push(edit);
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    /// Forgets those that were found after there were `len`.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.list.truncate(len);
    }

    /// Moves those that were found after there were `mark` by `by`: they were found in a part of the text.
    pub(crate) fn shift(&mut self, mark: usize, by: usize) {
        for edit in &mut self.list[mark..] {
            edit.range = edit.range.start + by..edit.range.end + by;
        }
    }

    pub(crate) fn drain(&mut self) -> impl Iterator<Item = Edit> + '_ {
        self.list.drain(..)
    }

    /// `text`, with all of this carried out.
    pub(crate) fn apply<'a>(mut self, text: &'a [u8], rules: &Rules) -> Cow<'a, [u8]> {
        if self.list.is_empty() {
            return Cow::Borrowed(text);
        }
        self.settle(text);
        let mut out = Vec::with_capacity(text.len() + 16);
        let mut done = 0;
        for edit in &self.list {
            out.extend_from_slice(&text[done..edit.range.start]);
            if edit.quoted {
                out.push(b'"');
            }
            rules.replace(&edit.why, &text[edit.range.clone()], &mut out);
            if edit.quoted {
                out.push(b'"');
            }
            done = edit.range.end;
        }
        out.extend_from_slice(&text[done..]);
        if out == text { Cow::Borrowed(text) } else { Cow::Owned(out) }
    }

    /// Brings the edits in order, and makes one of those that overlap: the first that is the longest says by what.
    fn settle(&mut self, text: &[u8]) {
        // No character is divided.
        let within = |at: usize| text.get(at).is_some_and(|byte| (0x80..0xc0).contains(byte));
        for edit in &mut self.list {
            while edit.range.start > 0 && within(edit.range.start) {
                edit.range.start -= 1;
            }
            while within(edit.range.end) {
                edit.range.end += 1;
            }
        }
        self.list.sort_by(|a, b| a.range.start.cmp(&b.range.start).then(b.range.end.cmp(&a.range.end)));
        self.list.dedup_by(|next, kept| {
            let overlap = next.range.start < kept.range.end;
            if overlap {
                kept.range.end = kept.range.end.max(next.range.end);
            }
            overlap
        });
    }
}
