use hashbrown::{HashTable, hash_table::Entry};

use super::{
    text::Text,
    token::{Glob, Token},
};

/// Finds what is kept for the literals and globs that match a segment.
#[derive(Default)]
pub(super) struct SegmentMap {
    /// One literal is compared with; for more, a table is faster.
    literal: Option<(Box<[u8]>, u32)>,
    literals: Table<u32>,
    globs: Option<Box<GlobMap>>,
}

/// Finds the globs that match a segment. They are told apart by what they begin with, else by what they end with.
#[derive(Default)]
struct GlobMap {
    prefixes: ByLength,
    suffixes: ByLength,
    /// Those of the shape of `*a*`.
    others: Vec<(Glob, u32)>,
}

/// Tables of globs by what they begin or end with, one for each length of that.
type ByLength = Vec<(usize, Table<Vec<(Glob, u32)>>)>;

struct Table<V>(HashTable<(Box<[u8]>, V)>);

impl SegmentMap {
    /// What is kept for the token, a literal or a glob. If that is nothing yet, then `value` is, from now on.
    pub(super) fn get_or_insert(&mut self, token: &Token, value: u32) -> Option<u32> {
        match token {
            Token::Literal(bytes) => Some(self.literal(bytes, value)),
            Token::Glob(glob) => {
                let globs = self.globs.get_or_insert_default().list(glob);
                if let Some((_, value)) = globs.iter().find(|(other, _)| other == glob) {
                    return Some(*value);
                }
                globs.push((glob.clone(), value));
                Some(value)
            }
            Token::Any | Token::Parameter | Token::CatchAll | Token::Deep => None,
        }
    }

    fn literal(&mut self, bytes: &[u8], value: u32) -> u32 {
        match self.literal.take() {
            None if self.literals.is_empty() => self.literal.insert((bytes.into(), value)).1,
            Some(one) if *one.0 == *bytes => self.literal.insert(one).1,
            one => {
                if let Some((bytes, value)) = one {
                    self.literals.get_or_insert(&bytes, || value);
                }
                *self.literals.get_or_insert(bytes, || value)
            }
        }
    }

    #[inline]
    pub(super) fn for_each(&self, segment: Text<'_>, mut then: impl FnMut(u32)) {
        match &self.literal {
            Some((literal, value)) if segment.equals(literal) => then(*value),
            Some(_) => {}
            None => {
                if let Some(value) = self.literals.get(segment) {
                    then(*value);
                }
            }
        }
        if let Some(globs) = &self.globs {
            globs.for_each(segment, then);
        }
    }
}

impl GlobMap {
    fn list(&mut self, glob: &Glob) -> &mut Vec<(Glob, u32)> {
        let (tables, end) = match glob.ends() {
            ([], []) => return &mut self.others,
            ([], last) => (&mut self.suffixes, last),
            (first, _) => (&mut self.prefixes, first),
        };
        let at = tables.iter().position(|(len, _)| *len == end.len()).unwrap_or_else(|| {
            tables.push((end.len(), Table::default()));
            tables.len() - 1
        });
        tables[at].1.get_or_insert(end, Vec::new)
    }

    fn for_each(&self, segment: Text<'_>, mut then: impl FnMut(u32)) {
        let mut try_all = |globs: &[(Glob, u32)]| {
            for (glob, value) in globs {
                if glob.matches(segment) {
                    then(*value);
                }
            }
        };
        for (len, table) in &self.prefixes {
            if let Some((prefix, _)) = segment.split_first(*len)
                && let Some(globs) = table.get(prefix)
            {
                try_all(globs);
            }
        }
        for (len, table) in &self.suffixes {
            if let Some((_, suffix)) = segment.split_last(*len)
                && let Some(globs) = table.get(suffix)
            {
                try_all(globs);
            }
        }
        try_all(&self.others);
    }
}

impl<V> Table<V> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[inline]
    fn get(&self, key: Text<'_>) -> Option<&V> {
        if self.0.is_empty() {
            return None;
        }
        self.0.find(key.hash(), |(other, _)| key.equals(other)).map(|(_, value)| value)
    }

    fn get_or_insert(&mut self, key: &[u8], value: impl FnOnce() -> V) -> &mut V {
        let hash = |key: &[u8]| Text::plain(key).hash();
        let entry = self.0.entry(hash(key), |(other, _)| **other == *key, |(other, _)| hash(other));
        let entry = match entry {
            Entry::Occupied(entry) => entry,
            Entry::Vacant(entry) => entry.insert((key.into(), value())),
        };
        &mut entry.into_mut().1
    }
}

impl<V> Default for Table<V> {
    fn default() -> Self {
        Self(HashTable::new())
    }
}
