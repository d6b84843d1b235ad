use super::words::Words;

/// The user's own names: those that are rules, and those that are none.
#[derive(Clone, Debug, Default)]
pub(crate) struct UserNames {
    rules: Vec<(Vec<Vec<u8>>, u16)>,
    allowed: Vec<Vec<u8>>,
}

pub(super) enum Found {
    /// The index of its strategy.
    Rule(u16),
    Allowed,
}

impl UserNames {
    pub(super) fn is_empty(&self) -> bool {
        self.rules.is_empty() && self.allowed.is_empty()
    }

    /// Values under a name in which these words follow each other go. `false` if there is no word in it.
    pub(crate) fn add(&mut self, name: &str, strategy: u16) -> bool {
        let words = Words::of(name.as_bytes());
        self.rules.push(((0..words.len()).map(|i| words.get(i).to_vec()).collect(), strategy));
        words.len() > 0
    }

    /// This name, however it is written, is none of a secret.
    pub(crate) fn allow(&mut self, name: &str) -> bool {
        let words = Words::of(name.as_bytes());
        if words.len() > 0 {
            self.allowed.push(words.joined(0, words.len()).to_vec());
        }
        words.len() > 0
    }

    /// The last that was said of a name counts; what is allowed is meant as an exception.
    pub(super) fn find(&self, words: &Words) -> Option<Found> {
        let joined = words.joined(0, words.len());
        if self.allowed.iter().any(|name| name == joined) {
            return Some(Found::Allowed);
        }
        let rule = self.rules.iter().rev().find(|(rule, _)| {
            rule.concat() == joined
                || (0..(words.len() + 1).saturating_sub(rule.len()))
                    .any(|from| rule.iter().enumerate().all(|(k, word)| words.get(from + k) == &word[..]))
        });
        rule.map(|&(_, strategy)| Found::Rule(strategy))
    }
}
