use hashbrown::{HashTable, hash_table::Entry};

use super::{EndpointPattern, Target, index::Index, parse::Matches, text::Text, token::Token};

/// What is found for the very texts of the patterns, which most templates and many paths are. It is searched for once, when
/// the rules are compiled.
#[derive(Default)]
pub(super) struct Exact(HashTable<Found>);

struct Found {
    text: Box<str>,
    template: Box<[u32]>,
    /// A pattern with parameters is no path.
    path: Option<Box<[u32]>>,
}

impl Exact {
    pub(super) fn new(index: &Index, patterns: &[EndpointPattern]) -> Self {
        let mut table = HashTable::new();
        for pattern in patterns {
            let Matches::Segments(tokens) = pattern.matches() else { continue };
            if !tokens.iter().all(|token| matches!(token, Token::Literal(_) | Token::Parameter)) {
                continue;
            }
            let text = pattern.target();
            let eq = |found: &Found| *found.text == *text;
            if let Entry::Vacant(entry) = table.entry(hash(text), eq, |found: &Found| hash(&found.text)) {
                // One for each method that a rule names, and one for all others.
                let all = |target| {
                    let methods = (0..index.methods.len()).filter_map(|method| u32::try_from(method).ok());
                    methods.map(Some).chain([None]).map(|method| index.search(method, target)).collect()
                };
                let is_path = tokens.iter().all(|token| matches!(token, Token::Literal(_)));
                let path = is_path.then(|| all(Target::Path(text)));
                entry.insert(Found { text: text.into(), template: all(Target::Template(text)), path });
            }
        }
        Self(table)
    }

    #[inline]
    pub(super) fn find(&self, method: Option<u32>, target: Target<'_>) -> Option<u32> {
        let text = target.as_str();
        let found = self.0.find(hash(text), |found| *found.text == *text)?;
        let all = match target {
            Target::Template(_) => &found.template,
            Target::Path(_) => found.path.as_ref()?,
        };
        method.map_or_else(|| all.last(), |method| all.get(method as usize)).copied()
    }
}

#[inline]
fn hash(text: &str) -> u64 {
    Text::plain(text.as_bytes()).hash()
}
