//! What bytes can be. One table, so that a scan asks it once for each byte.

/// A decimal digit.
pub(crate) const DIGIT: u8 = 1;
/// `A-F a-f 0-9`.
pub(crate) const HEX: u8 = 2;
/// `a-z`.
pub(crate) const LOWER: u8 = 4;
/// `A-Z`.
pub(crate) const UPPER: u8 = 8;
/// `A-Z a-z 0-9 _ -`: what keys and words are made of.
pub(crate) const WORD: u8 = 16;
/// What may begin something to look at: a digit, `: ; < = > ? @` and quotes.
pub(crate) const TRIGGER: u8 = 32;
/// Space, tab and the ends of lines.
pub(crate) const SPACE: u8 = 64;

pub(crate) const ALPHA: u8 = LOWER | UPPER;
pub(crate) const ALNUM: u8 = LOWER | UPPER | DIGIT;

static TABLE: [u8; 256] = {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "below 256")]
        let b = i as u8;
        let mut class = 0;
        if b.is_ascii_digit() {
            class |= DIGIT | WORD;
        }
        if b.is_ascii_hexdigit() {
            class |= HEX;
        }
        if b.is_ascii_lowercase() {
            class |= LOWER | WORD;
        }
        if b.is_ascii_uppercase() {
            class |= UPPER | WORD;
        }
        if b == b'_' || b == b'-' {
            class |= WORD;
        }
        if (b'0' <= b && b <= b'@') || b == b'"' || b == b'\'' || b == b'`' {
            class |= TRIGGER;
        }
        if matches!(b, b' ' | b'\t' | b'\n' | b'\r') {
            class |= SPACE;
        }
        table[i] = class;
        i += 1;
    }
    table
};

#[inline]
pub(crate) fn class(byte: u8) -> u8 {
    TABLE[byte as usize]
}

#[inline]
pub(crate) fn is(byte: u8, classes: u8) -> bool {
    TABLE[byte as usize] & classes != 0
}

/// Whether the byte at `at`, if there is one, is of one of these classes.
#[inline]
pub(crate) fn is_at(text: &[u8], at: usize, classes: u8) -> bool {
    text.get(at).is_some_and(|&byte| is(byte, classes))
}

/// The end of the run of these classes that begins at `from`.
#[inline]
pub(crate) fn run_end(text: &[u8], from: usize, classes: u8) -> usize {
    let mut end = from;
    while end < text.len() && is(text[end], classes) {
        end += 1;
    }
    end
}

/// The beginning of the run of these classes that ends at `to`, not before `floor`.
#[inline]
pub(crate) fn run_start(text: &[u8], to: usize, floor: usize, classes: u8) -> usize {
    let mut start = to;
    while start > floor && is(text[start - 1], classes) {
        start -= 1;
    }
    start
}

/// How the bytes of a run are mixed.
#[derive(Clone, Copy, Default)]
pub(crate) struct Mix {
    pub(crate) digits: usize,
    pub(crate) lower: usize,
    pub(crate) upper: usize,
    /// Those that are hexadecimal digits.
    pub(crate) hex: usize,
    pub(crate) len: usize,
}

/// A byte's part in each of the four counts, 16 bits wide, so that one addition counts it.
static COUNTS: [u64; 256] = {
    let mut counts = [0; 256];
    let mut i = 0;
    while i < 256 {
        let class = TABLE[i];
        let mut count = 0;
        if class & DIGIT != 0 {
            count |= 1;
        }
        if class & LOWER != 0 {
            count |= 1 << 16;
        }
        if class & UPPER != 0 {
            count |= 1 << 32;
        }
        if class & HEX != 0 {
            count |= 1 << 48;
        }
        counts[i] = count;
        i += 1;
    }
    counts
};

impl Mix {
    pub(crate) fn of(run: &[u8]) -> Self {
        let mut mix = Self { len: run.len(), ..Self::default() };
        for part in run.chunks(usize::from(u16::MAX)) {
            let counts = part.iter().fold(0, |counts, &byte| counts + COUNTS[usize::from(byte)]);
            mix.digits += (counts & 0xffff) as usize;
            mix.lower += (counts >> 16 & 0xffff) as usize;
            mix.upper += (counts >> 32 & 0xffff) as usize;
            mix.hex += (counts >> 48) as usize;
        }
        mix
    }

    pub(crate) fn letters(&self) -> usize {
        self.lower + self.upper
    }

    pub(crate) fn is_mixed(&self) -> bool {
        self.digits > 0 && self.letters() > 0
    }

    /// Whether the run that this is of looks as if drawn by lot: words and numbers change their kind seldom.
    pub(crate) fn is_random(&self, run: &[u8]) -> bool {
        let enough = if self.digits > 0 { 5 } else { 3 };
        self.len >= 12
            && ((self.digits > 0 && self.letters() > 0) || (self.lower > 0 && self.upper > 0))
            && changes(run) * enough >= self.len
    }
}

/// How often the kind of character changes between neighbours, separators aside.
pub(crate) fn changes(run: &[u8]) -> usize {
    let mut before = 0;
    let mut changes = 0;
    for &byte in run {
        let kind = class(byte) & ALNUM;
        changes += usize::from(kind != before && kind != 0 && before != 0);
        before = kind;
    }
    changes
}
