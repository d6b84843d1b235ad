//! What one word says, also one that several are written together to.

use std::sync::LazyLock;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::vocabulary::{ASKING, BEGINNINGS, COUNTED, ENDINGS, HOLDER, PASSWORD, PHRASES, PLURAL, SECRET, WORDS};

/// A phrase begins with this word.
pub(super) const OPENS_PHRASE: u32 = 1 << 31;

/// What one word says.
pub(super) fn flags_of(word: &[u8]) -> u32 {
    static KNOWN: LazyLock<HashMap<&'static [u8], u32, FxBuildHasher>> = LazyLock::new(|| {
        let mut known = HashMap::with_hasher(FxBuildHasher);
        for (flags, words) in WORDS {
            for word in words.split_ascii_whitespace() {
                *known.entry(word.as_bytes()).or_default() |= flags;
            }
        }
        for (phrase, _) in PHRASES {
            *known.entry(phrase[0].as_bytes()).or_default() |= OPENS_PHRASE;
        }
        known
    });
    if word.len() < 2 {
        return 0;
    }
    if let Some(&flags) = KNOWN.get(word) {
        return flags;
    }
    if word.len() < 5 {
        return 0;
    }
    compound(word, &|part| KNOWN.get(part).copied().unwrap_or_default())
}

/// What a word says that is several, written together.
fn compound(word: &[u8], known: &dyn Fn(&[u8]) -> u32) -> u32 {
    // Not all that end so are made of it.
    if matches!(word, b"obsession" | b"possession" | b"secession" | b"repossession" | b"prepossession") {
        return 0;
    }
    let last = word[word.len() - 1];
    if let b'd' | b'e' | b'k' | b'n' | b's' | b't' | b'v' | b'y' | b'l' = last {
        for &(ending, flags) in ENDINGS {
            if ending.as_bytes()[ending.len() - 1] == last
                && let Some(rest) = word.strip_suffix(ending.as_bytes())
            {
                let before = known(rest);
                let counted = flags & PLURAL != 0 && before & COUNTED != 0;
                return if counted || before & ASKING != 0 { 0 } else { flags };
            }
        }
    }
    if !matches!(word[0], b'a' | b'p') {
        return 0;
    }
    for &(beginning, flags) in BEGINNINGS {
        if let Some(rest) = word.strip_prefix(beginning.as_bytes()) {
            let after = known(rest);
            return if after & HOLDER != 0 || after & (PASSWORD | SECRET) != 0 { flags } else { 0 };
        }
    }
    0
}
