use std::{
    hash::{BuildHasher, Hash, Hasher, RandomState},
    sync::{LazyLock, PoisonError, RwLock},
};

use hashbrown::HashTable;

use super::{Label, label::Value};

/// How many series with free texts an instrument has, unless it says otherwise.
const MAX_SERIES: usize = 1000;

/// The sets of labels that have a free text, and how many of them there may be.
pub(crate) struct Cap {
    max: usize,
    // Hashes are enough, for their keys are random: nobody can choose texts that share one.
    known: RwLock<HashTable<u64>>,
}

impl Cap {
    pub(crate) const fn new() -> Self {
        Self { max: MAX_SERIES, known: RwLock::new(HashTable::new()) }
    }

    pub(crate) const fn set_max(&mut self, max: usize) {
        self.max = max;
    }

    /// Whether these labels may make a series. Those that the program knows always may.
    pub(crate) fn admits(&self, labels: &[Label<'_>]) -> bool {
        if !labels.iter().any(Label::is_free) {
            return true;
        }
        let hash = hash(labels);
        let full = {
            let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
            if known.find(hash, |known| *known == hash).is_some() {
                return true;
            }
            known.len() >= self.max
        };
        if full {
            return false;
        }
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let new = known.find(hash, |known| *known == hash).is_none();
        if new && known.len() >= self.max {
            return false;
        }
        if new {
            known.insert_unique(hash, hash, |known| *known);
        }
        true
    }
}

fn hash(labels: &[Label<'_>]) -> u64 {
    static KEYS: LazyLock<RandomState> = LazyLock::new(RandomState::new);

    let mut hasher = KEYS.build_hasher();
    for label in labels {
        match label.value() {
            Value::Text(text) => text.hash(&mut hasher),
            _ => label.word().hash(&mut hasher),
        }
    }
    hasher.finish()
}
