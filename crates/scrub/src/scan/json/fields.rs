//! Fields that are told as `{"name": …, "value": …}`.

use std::ops::Range;

use super::hide::hide;
use crate::{edits::Edits, name::Meaning, scan::Scan};

/// An object that tells a field as `{"name": …, "value": …}`: what it is called, or where a value begins that came before.
#[derive(Clone, Default)]
pub(super) struct Field {
    pub(super) name: Option<Range<usize>>,
    pub(super) value: Option<usize>,
}

/// Those of the objects that are open. Deeper ones than these share a place.
pub(super) struct Fields([Field; DEPTH]);

/// How deep such objects are told apart.
const DEPTH: usize = 16;

impl Fields {
    pub(super) fn new() -> Self {
        Self([const { Field { name: None, value: None } }; DEPTH])
    }

    pub(super) fn at(&mut self, depth: usize) -> &mut Field {
        &mut self.0[depth % DEPTH]
    }
}

impl Scan<'_> {
    /// Replaces the value at `start` if the field whose name stands at `name` is secret, and gives its end.
    pub(super) fn hide_field(&self, text: &[u8], name: Range<usize>, start: usize, out: &mut Edits) -> Option<usize> {
        match self.meaning(&text[name]) {
            Meaning::Secret(kind, strategy) => hide(text, start, kind, strategy, out),
            _ => None,
        }
    }
}
