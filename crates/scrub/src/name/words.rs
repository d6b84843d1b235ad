use crate::chars::{DIGIT, LOWER, UPPER, class};

/// A name's words, in lower case: `userPassword`, `user-password` and `USER_PASSWORD` are the same two.
pub(crate) struct Words {
    text: [u8; LENGTH],
    ends: [u8; COUNT],
    starts: [u8; COUNT],
    len: usize,
    used: usize,
}

/// Of a longer name, its end is looked at: the last words say what it is.
const LENGTH: usize = 128;
const COUNT: usize = 24;

impl Words {
    pub(crate) fn of(name: &[u8]) -> Self {
        let mut words = Self { text: [0; LENGTH], ends: [0; COUNT], starts: [0; COUNT], len: 0, used: 0 };
        let name = &name[name.len().saturating_sub(LENGTH)..];
        let mut start = 0;
        let mut before = 0;
        for (i, &byte) in name.iter().enumerate() {
            let kind = if byte >= 0x80 { LOWER } else { class(byte) & (LOWER | UPPER | DIGIT) };
            // A capital begins a word after a small letter, and before one: `APIKey`.
            let begins = kind == UPPER
                && (before == LOWER
                    || (before == UPPER && name.get(i + 1).is_some_and(|&next| class(next) & LOWER != 0)));
            if kind == 0 || kind == DIGIT || begins || before == DIGIT {
                words.close(start);
                start = words.used;
            }
            if kind == LOWER || kind == UPPER {
                words.text[words.used] = byte.to_ascii_lowercase();
                words.used += 1;
            }
            before = kind;
        }
        words.close(start);
        words
    }

    fn close(&mut self, start: usize) {
        if self.used == start {
            return;
        }
        if self.len == COUNT {
            // The first words say the least.
            self.starts.copy_within(1.., 0);
            self.ends.copy_within(1.., 0);
            self.len -= 1;
        }
        #[expect(clippy::cast_possible_truncation, reason = "below LENGTH, which is below 256")]
        {
            self.starts[self.len] = start as u8;
            self.ends[self.len] = self.used as u8;
        }
        self.len += 1;
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn get(&self, i: usize) -> &[u8] {
        &self.text[self.starts[i].into()..self.ends[i].into()]
    }

    /// The words from `from`, before `to`, written together.
    pub(crate) fn joined(&self, from: usize, to: usize) -> &[u8] {
        &self.text[self.starts[from].into()..self.ends[to - 1].into()]
    }
}
