//! What names were found to say: the same few come again and again, as the keys of a list's objects and the attributes of logs.

use std::{
    cell::RefCell,
    hash::Hasher,
    sync::atomic::{AtomicU64, Ordering},
};

use rustc_hash::FxHasher;

use super::Meaning;

/// Which rules it was that found it. No two have the same, and none has 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RulesId(u64);

/// A name, and what it says by some rules.
#[derive(Clone, Copy)]
struct Known {
    rules: u64,
    name: [u8; LONGEST],
    length: u8,
    meaning: Meaning,
}

/// Longer names are not kept.
const LONGEST: usize = 40;

/// How many a thread keeps, each at the one place that its hash says.
const KEPT: usize = 256;

thread_local! {
    // Each thread has its own, so that none waits. It is made when it is first needed.
    static KNOWN: RefCell<Vec<Known>> = const { RefCell::new(Vec::new()) };
}

impl RulesId {
    pub(crate) fn next() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }

    /// What the name says by these rules: what was found last time, else what `find` finds.
    pub(crate) fn meaning(self, name: &[u8], find: impl FnOnce() -> Meaning) -> Meaning {
        if name.len() > LONGEST {
            return find();
        }
        let at = place(name);
        let kept = KNOWN.try_with(|known| {
            let known = known.borrow();
            let kept = known.get(at)?;
            (kept.rules == self.0 && kept.name() == name).then_some(kept.meaning)
        });
        // A thread that ends has none any more.
        let Ok(kept) = kept else { return find() };
        kept.unwrap_or_else(|| {
            let meaning = find();
            KNOWN.with_borrow_mut(|known| {
                known.resize(KEPT, Known::NONE);
                known[at] = Known::new(self, name, meaning);
            });
            meaning
        })
    }
}

impl Known {
    const NONE: Self = Self { rules: 0, name: [0; LONGEST], length: 0, meaning: Meaning::Plain };

    fn new(rules: RulesId, text: &[u8], meaning: Meaning) -> Self {
        let mut name = [0; LONGEST];
        name[..text.len()].copy_from_slice(text);
        #[expect(clippy::cast_possible_truncation, reason = "no longer than LONGEST")]
        Self { rules: rules.0, name, length: text.len() as u8, meaning }
    }

    fn name(&self) -> &[u8] {
        &self.name[..self.length.into()]
    }
}

/// A caller can make names collide: each then costs what it would without all this.
fn place(name: &[u8]) -> usize {
    let mut hasher = FxHasher::default();
    hasher.write(name);
    #[expect(clippy::cast_possible_truncation, reason = "it is below KEPT")]
    let place = (hasher.finish() % KEPT as u64) as usize;
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_taken_for_another_and_no_rules_for_others() {
        let meanings = [Meaning::Plain, Meaning::Digest, Meaning::Version];
        let rules = [RulesId::next(), RulesId::next()];
        for number in (0..5 * KEPT).chain(0..5 * KEPT) {
            for (position, rules) in rules.iter().enumerate() {
                // Some are too long.
                let name = format!("{number:0>width$}", width = 1 + number % (LONGEST + 4));
                let expected = meanings[(number + position) % meanings.len()];
                assert_eq!(rules.meaning(name.as_bytes(), || expected), expected, "{name}");
            }
        }
    }

    #[test]
    fn what_was_found_last_is_not_looked_for_again() {
        let rules = RulesId::next();
        assert_eq!(rules.meaning(b"etag", || Meaning::Digest), Meaning::Digest);
        assert_eq!(rules.meaning(b"etag", || unreachable!("it is known")), Meaning::Digest);
    }
}
