//! What keys say. Objects in a list have the same ones, so each is asked for once.

use super::string::Str;
use crate::{name::Meaning, scan::Scan};

/// What a key says.
#[derive(Clone, Copy)]
pub(super) enum Key {
    Says(Meaning),
    /// Its value names the field whose value stands under a key such as `value`.
    Names,
    Values,
}

/// Keys that were seen, with what they say: objects in a list have the same ones.
pub(super) struct Seen<'t> {
    text: &'t [u8],
    slots: [Option<(Name, Key)>; SLOTS],
}

const SLOTS: usize = 128;

/// Keys whose values name a field, and keys of such a field's value.
const NAMES: &[&str] =
    &["name", "key", "id", "field", "param", "parameter", "header", "k", "n", "variable", "attribute", "property"];
const VALUES: &[&str] = &["value", "val", "v"];

impl<'t> Seen<'t> {
    pub(super) fn of(text: &'t [u8]) -> Self {
        Self { text, slots: [const { None }; SLOTS] }
    }

    pub(super) fn key(&mut self, scan: &Scan<'_>, key: &Str) -> Key {
        let name = &self.text[key.range()];
        let Some(short) = Name::of(name) else { return says(scan, name) };
        let first = short.slot();
        // Two places for each: two names that share one would drive each other out.
        for slot in [first, first ^ 1] {
            if let Some((seen, says)) = self.slots[slot]
                && seen == short
            {
                return says;
            }
        }
        let says = says(scan, name);
        let slot = if self.slots[first].is_none() { first } else { first ^ 1 };
        self.slots[slot] = Some((short, says));
        says
    }
}

fn says(scan: &Scan<'_>, name: &[u8]) -> Key {
    match scan.meaning(name) {
        Meaning::Plain if ends_with(name, NAMES) => Key::Names,
        Meaning::Plain if ends_with(name, VALUES) => Key::Values,
        meaning => Key::Says(meaning),
    }
}

/// A name of up to 16 bytes, as two numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Name {
    head: u64,
    tail: u64,
    len: usize,
}

impl Name {
    fn of(name: &[u8]) -> Option<Self> {
        let (head, tail) = match (name.first_chunk::<8>(), name.last_chunk::<8>()) {
            (Some(head), Some(tail)) if name.len() <= 16 => (u64::from_le_bytes(*head), u64::from_le_bytes(*tail)),
            (Some(_), _) => return None,
            _ => match (name.first_chunk::<4>(), name.last_chunk::<4>()) {
                (Some(head), Some(tail)) => (u32::from_le_bytes(*head).into(), u32::from_le_bytes(*tail).into()),
                _ => (name.iter().fold(0, |bytes, &byte| bytes << 8 | u64::from(byte)), 0),
            },
        };
        Some(Self { head, tail, len: name.len() })
    }

    fn slot(&self) -> usize {
        let mixed = (self.head ^ self.tail.rotate_left(21) ^ self.len as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 57) as usize % SLOTS
    }
}

/// Whether the name is one of these words, or a short one that ends with it: `ParameterKey`.
fn ends_with(name: &[u8], words: &[&str]) -> bool {
    let Some(&last) = name.last().filter(|_| name.len() <= 20) else { return false };
    words.iter().any(|word| {
        let word = word.as_bytes();
        word[word.len() - 1] == last | 0x20 && name.len() >= word.len() && {
            let at = name.len() - word.len();
            name[at..].eq_ignore_ascii_case(word) && (at == 0 || word.len() > 2)
        }
    })
}
