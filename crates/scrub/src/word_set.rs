use hashbrown::HashSet;
use rustc_hash::FxBuildHasher;

/// Words that are asked for one at a time. A list is written as one text, in order and without one twice.
#[derive(Debug)]
pub(crate) struct WordSet {
    words: HashSet<&'static [u8], FxBuildHasher>,
}

/// No word of a list is longer.
const LONGEST: usize = 24;

impl WordSet {
    /// The words of a text with spaces between them.
    pub(crate) fn of(text: &'static str) -> Self {
        let words = text.split_ascii_whitespace();
        debug_assert!(words.clone().is_sorted_by(|before, after| before < after), "not in order: {text}");
        debug_assert!(words.clone().all(|word| word.len() <= LONGEST), "a word too long: {text}");
        Self { words: words.map(str::as_bytes).collect() }
    }

    /// Whether it is one of these, as it is written.
    pub(crate) fn has(&self, word: &[u8]) -> bool {
        self.words.contains(word)
    }

    /// Whether it is one of these, which are in small letters, in any case.
    pub(crate) fn has_in_any_case(&self, word: &[u8]) -> bool {
        let mut lower = [0; LONGEST];
        let Some(lower) = lower.get_mut(..word.len()) else { return false };
        lower.copy_from_slice(word);
        lower.make_ascii_lowercase();
        self.words.contains(&*lower)
    }
}
