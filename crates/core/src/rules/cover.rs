use std::collections::HashMap;

use super::{EndpointPattern, parse::Matches, token::Token};

/// The first pattern that one before it covers, and that one.
pub(super) fn first_covered(patterns: &[EndpointPattern]) -> Option<(usize, usize)> {
    // Whoever covers a pattern has no literal that it lacks. So each waits under its own rarest one for those that have it.
    let mut uses: HashMap<&[u8], usize> = HashMap::new();
    for literal in patterns.iter().flat_map(literals) {
        *uses.entry(literal).or_default() += 1;
    }
    let mut waiting: HashMap<Option<&[u8]>, Vec<usize>> = HashMap::new();
    for (index, pattern) in patterns.iter().enumerate() {
        let mut keys: Vec<_> = literals(pattern).map(Some).chain([None]).collect();
        keys.sort_unstable();
        keys.dedup();
        let by = keys
            .iter()
            .filter_map(|key| waiting.get(key))
            .flatten()
            .copied()
            .filter(|&earlier| patterns[earlier].covers(pattern))
            .min();
        if let Some(by) = by {
            return Some((index, by));
        }
        waiting.entry(literals(pattern).min_by_key(|literal| uses[literal])).or_default().push(index);
    }
    None
}

/// A regex's text is its only one.
fn literals(pattern: &EndpointPattern) -> impl Iterator<Item = &[u8]> {
    let (tokens, regex) = match pattern.matches() {
        Matches::Everything => (&[][..], None),
        Matches::Segments(tokens) => (&tokens[..], None),
        Matches::Regex(regex) => (&[][..], Some(regex.as_str().as_bytes())),
    };
    let tokens = tokens.iter().filter_map(|token| match token {
        Token::Literal(bytes) => Some(&bytes[..]),
        _ => None,
    });
    tokens.chain(regex)
}
