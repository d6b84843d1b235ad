/// A segment of a path or a template, or a part of one, as it came.
///
/// It is compared by its bytes, where a percent-encoded byte beyond ASCII counts as that byte. Such bytes never stand for
/// a delimiter, so both ways to write them are one to every router that decodes at all.
#[derive(Clone, Copy)]
pub(super) struct Text<'a> {
    raw: &'a [u8],
    /// Whether there may be percent-encoded bytes in it.
    encoded: bool,
    /// Whether braces in it are a parameter's.
    template: bool,
}

/// The multiplier of rustc-hash. Only patterns are kept in tables, so no caller can make keys collide there.
const MULTIPLIER: u64 = 0xf135_7aea_2e62_a9c5;

impl<'a> Text<'a> {
    /// Bytes that are what they are.
    pub(super) fn plain(raw: &'a [u8]) -> Self {
        Self { raw, encoded: false, template: false }
    }

    pub(super) fn encoded(raw: &'a [u8]) -> Self {
        Self { raw, encoded: true, template: false }
    }

    #[inline]
    pub(super) fn is_empty(self) -> bool {
        self.raw.is_empty()
    }

    /// Whether it is a template's `{name}`.
    #[inline]
    pub(super) fn is_parameter(self) -> bool {
        self.in_braces().is_some_and(|name| !name.starts_with(b"{") && !name.starts_with(b"*"))
    }

    /// Whether it is a template's `{*name}`.
    #[inline]
    pub(super) fn is_catch_all(self) -> bool {
        self.in_braces().is_some_and(|name| name.starts_with(b"*"))
    }

    pub(super) fn is_template(self) -> bool {
        self.template
    }

    /// What is before and after the parameters of a template's segment such as `user_{name}`.
    pub(super) fn around_braces(self) -> Option<(Self, Self)> {
        let (open, close) = if self.template { self.braces()? } else { return None };
        Some((Self { raw: &self.raw[..open], ..self }, Self { raw: &self.raw[close..], ..self }))
    }

    pub(super) fn bytes(self) -> impl Iterator<Item = u8> {
        let mut left = self;
        std::iter::from_fn(move || left.pop_first())
    }

    #[inline]
    pub(super) fn equals(self, bytes: &[u8]) -> bool {
        if self.encoded { self.bytes().eq(bytes.iter().copied()) } else { self.raw == bytes }
    }

    /// What is after so many of its first bytes, and those.
    #[inline]
    pub(super) fn split_first(self, len: usize) -> Option<(Self, Self)> {
        let mut left = self;
        if self.encoded {
            for _ in 0..len {
                left.pop_first()?;
            }
        } else {
            left.raw = self.raw.get(len..)?;
        }
        Some((Self { raw: &self.raw[..self.raw.len() - left.raw.len()], ..self }, left))
    }

    /// What is before so many of its last bytes, and those.
    #[inline]
    pub(super) fn split_last(self, len: usize) -> Option<(Self, Self)> {
        let mut left = self;
        if self.encoded {
            for _ in 0..len {
                left.pop_last()?;
            }
        } else {
            left.raw = &self.raw[..self.raw.len().checked_sub(len)?];
        }
        Some((left, Self { raw: &self.raw[left.raw.len()..], ..self }))
    }

    pub(super) fn strip_prefix(self, prefix: &[u8]) -> Option<Self> {
        let (first, rest) = self.split_first(prefix.len())?;
        first.equals(prefix).then_some(rest)
    }

    pub(super) fn strip_suffix(self, suffix: &[u8]) -> Option<Self> {
        let (rest, last) = self.split_last(suffix.len())?;
        last.equals(suffix).then_some(rest)
    }

    /// What is after the first place where `piece` is.
    pub(super) fn after(self, piece: &[u8]) -> Option<Self> {
        if !self.encoded {
            let at = self.raw.windows(piece.len()).position(|window| window == piece)?;
            return Some(Self { raw: &self.raw[at + piece.len()..], ..self });
        }
        let mut left = self;
        loop {
            if let Some(rest) = left.strip_prefix(piece) {
                return Some(rest);
            }
            left.pop_first()?;
        }
    }

    #[inline]
    pub(super) fn hash(self) -> u64 {
        let (state, len) = if self.encoded { self.hash_decoded() } else { hash_plain(self.raw) };
        let hash = mix(state, len as u64);
        // A table takes its bits from both ends, and a product's low ones are poor.
        hash ^ (hash >> 32)
    }

    /// As `hash_plain`, byte by byte.
    #[cold]
    fn hash_decoded(self) -> (u64, usize) {
        let (mut state, mut word, mut len) = (0, 0, 0);
        for byte in self.bytes() {
            word |= u64::from(byte) << (8 * (len % 8));
            len += 1;
            if len % 8 == 0 {
                state = mix(state, word);
                word = 0;
            }
        }
        if len % 8 != 0 {
            state = mix(state, word);
        }
        (state, len)
    }

    fn pop_first(&mut self) -> Option<u8> {
        let (&byte, rest) = self.raw.split_first()?;
        if self.encoded
            && let Some((code, rest)) = self.raw.split_first_chunk()
            && let Some(byte) = beyond_ascii(*code)
        {
            self.raw = rest;
            return Some(byte);
        }
        self.raw = rest;
        Some(byte)
    }

    fn pop_last(&mut self) -> Option<u8> {
        let (&byte, rest) = self.raw.split_last()?;
        if self.encoded
            && let Some((rest, code)) = self.raw.split_last_chunk()
            && let Some(byte) = beyond_ascii(*code)
        {
            self.raw = rest;
            return Some(byte);
        }
        self.raw = rest;
        Some(byte)
    }

    #[inline]
    fn in_braces(self) -> Option<&'a [u8]> {
        if self.template { self.raw.strip_prefix(b"{")?.strip_suffix(b"}") } else { None }
    }

    fn braces(self) -> Option<(usize, usize)> {
        let open = self.raw.iter().position(|&byte| byte == b'{')?;
        let close = self.raw.iter().rposition(|&byte| byte == b'}')?;
        (open < close).then_some((open, close + 1))
    }
}

#[inline]
fn hash_plain(bytes: &[u8]) -> (u64, usize) {
    let (words, rest) = bytes.as_chunks();
    let state = words.iter().fold(0, |state, word| mix(state, u64::from_le_bytes(*word)));
    let byte = |at: usize| u64::from(rest[at]) << (8 * at);
    let word = if let (Some(first), Some(last)) = (rest.first_chunk(), rest.last_chunk()) {
        // They overlap where their bytes are the same.
        u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << (8 * (rest.len() - 4))
    } else if rest.is_empty() {
        return (state, bytes.len());
    } else {
        byte(0) | byte(rest.len() / 2) | byte(rest.len() - 1)
    };
    (mix(state, word), bytes.len())
}

#[inline]
fn mix(state: u64, word: u64) -> u64 {
    (state.rotate_left(5) ^ word).wrapping_mul(MULTIPLIER)
}

/// The byte that a `%C3` stands for, unless it is ASCII.
fn beyond_ascii([percent, high, low]: [u8; 3]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    if percent != b'%' {
        return None;
    }
    let byte = digit(high)? << 4 | digit(low)?;
    (!byte.is_ascii()).then_some(byte)
}

/// The segments of a path or a template, from its first slash on, less one slash at its end.
#[derive(Clone)]
pub(super) struct Segments<'a> {
    rest: Option<&'a [u8]>,
    encoded: bool,
    template: bool,
}

impl<'a> Segments<'a> {
    /// Of what comes after the first slash.
    #[inline]
    pub(super) fn new(rest: &'a str, encoded: bool, template: bool) -> Self {
        let rest = rest.as_bytes();
        let rest = (!rest.is_empty()).then(|| rest.strip_suffix(b"/").unwrap_or(rest));
        Self { rest, encoded, template }
    }

    /// The last one, or the one that is so many before it.
    pub(super) fn nth_last(&self, skip: usize) -> Option<Text<'a>> {
        let mut rest = self.rest?;
        let slash = |rest: &[u8]| rest.iter().rposition(|&byte| byte == b'/');
        for _ in 0..skip {
            rest = &rest[..slash(rest)?];
        }
        Some(self.text(&rest[slash(rest).map_or(0, |at| at + 1)..]))
    }

    #[inline]
    fn text(&self, raw: &'a [u8]) -> Text<'a> {
        Text { raw, encoded: self.encoded, template: self.template }
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = Text<'a>;

    #[inline]
    fn next(&mut self) -> Option<Text<'a>> {
        let rest = self.rest?;
        let raw = match slash(rest) {
            Some(at) => {
                self.rest = Some(&rest[at + 1..]);
                &rest[..at]
            }
            None => {
                self.rest = None;
                rest
            }
        };
        Some(self.text(raw))
    }
}

/// Where the first slash is. Segments are short, so a call to look for it at full speed would take longer than looking.
#[inline]
fn slash(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);

    let (words, rest) = bytes.as_chunks();
    for (at, word) in words.iter().enumerate() {
        // A byte is zero where a slash is; the lowest bit that is set then is that of the first such byte.
        let word = u64::from_le_bytes(*word) ^ (ONES * 0x2f);
        let zeros = word.wrapping_sub(ONES) & !word & (ONES << 7);
        if zeros != 0 {
            return Some(at * 8 + zeros.trailing_zeros() as usize / 8);
        }
    }
    let before = bytes.len() - rest.len();
    rest.iter().position(|&byte| byte == b'/').map(|at| before + at)
}

/// Whether a segment is `.` or `..`, percent-encoded or not: a client or a proxy may take it for another path than a router does.
pub(super) fn is_dot_segment(segment: &[u8]) -> bool {
    let dot = |rest: &'_ [u8]| -> Option<usize> {
        match rest {
            [b'.', ..] => Some(1),
            [b'%', b'2', b'e' | b'E', ..] => Some(3),
            _ => None,
        }
    };
    let Some(first) = dot(segment) else { return false };
    let rest = &segment[first..];
    rest.is_empty() || dot(rest) == Some(rest.len())
}
