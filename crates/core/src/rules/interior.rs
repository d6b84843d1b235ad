use std::collections::HashMap;

use super::{index::Rule, segment_map::SegmentMap, token::Token};

/// The patterns that have the same tokens before their first `**` and more after it, told apart by one of those.
pub(super) struct Interior {
    /// Of the first of them.
    pub(super) min: u32,
    /// Lists of them by a segment that is so many before the last one.
    pub(super) from_end: Vec<(usize, SegmentMap)>,
    /// Lists of them by a segment at any place.
    pub(super) anywhere: Option<SegmentMap>,
    /// Those that have neither a literal nor a glob.
    pub(super) others: Vec<Tail>,
}

/// A pattern from its first `**` on.
pub(super) struct Tail {
    pub(super) rule: Rule,
    pub(super) tokens: Box<[Token]>,
}

/// Which segment of a path must match one of a pattern's tokens.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    FromEnd(usize),
    Anywhere,
}

impl Interior {
    /// Tells them apart. `lists` takes those that are told by the same token at the same place, each list by its number.
    pub(super) fn new(tails: Vec<Tail>, lists: &mut Vec<Vec<Tail>>) -> Self {
        let mut uses: HashMap<_, usize> = HashMap::new();
        for key in tails.iter().flat_map(|tail| keys(&tail.tokens)) {
            *uses.entry(key).or_default() += 1;
        }
        let cost = |key: &(Place, &Token)| {
            // A look-up by an anchored literal is one, another may be many.
            let globs = if matches!(key.1, Token::Glob(_)) { 2 } else { 0 };
            let places = if key.0 == Place::Anywhere { 4 } else { 0 };
            uses[key] + globs + places
        };
        let mut interior = Self {
            min: tails.iter().map(|tail| tail.rule.index).min().unwrap_or(u32::MAX),
            from_end: Vec::new(),
            anywhere: None,
            others: Vec::new(),
        };
        let chosen: Vec<_> = tails
            .iter()
            .map(|tail| {
                let (place, token) = keys(&tail.tokens).min_by_key(cost)?;
                let next = u32::try_from(lists.len()).expect("there are no more lists than rules");
                let list = interior.map(place).get_or_insert(token, next)?;
                if list == next {
                    lists.push(Vec::new());
                }
                Some(list)
            })
            .collect();
        for (tail, list) in tails.into_iter().zip(chosen) {
            match list {
                Some(list) => lists[list as usize].push(tail),
                None => interior.others.push(tail),
            }
        }
        interior
    }

    fn map(&mut self, place: Place) -> &mut SegmentMap {
        let Place::FromEnd(skip) = place else { return self.anywhere.get_or_insert_default() };
        let at = self.from_end.iter().position(|(other, _)| *other == skip).unwrap_or_else(|| {
            self.from_end.push((skip, SegmentMap::default()));
            self.from_end.len() - 1
        });
        &mut self.from_end[at].1
    }
}

/// The tokens that a pattern may be told by.
fn keys(tokens: &[Token]) -> impl Iterator<Item = (Place, &Token)> {
    // Behind the last run of segments, places are known from the end.
    let anchored = tokens.iter().rposition(|token| matches!(token, Token::Deep | Token::CatchAll));
    let keys = tokens.iter().enumerate().filter(|(_, token)| matches!(token, Token::Literal(_) | Token::Glob(_)));
    keys.map(move |(at, token)| {
        let is_anchored = anchored.is_none_or(|anchored| at > anchored);
        (if is_anchored { Place::FromEnd(tokens.len() - 1 - at) } else { Place::Anywhere }, token)
    })
}
