//! What a sentence says of the word that follows.

use std::{ops::Range, sync::LazyLock};

use memchr::memmem;

use super::{is_plain_word, is_status, word_before, words::is_technical};
use crate::{
    chars::{ALNUM, ALPHA, Mix, WORD, is, is_at, run_start},
    edits::Why,
    name::{Kind, Meaning, STANDARD},
    scan::{
        done::done_at,
        place::{is_space, skip_space},
        text::Text,
        value::{bare_end, is_tokenish},
    },
    shape::token,
    word_set::WordSet,
};

/// What a sentence says of the value after it.
pub(super) struct Told {
    /// Where the name stands.
    pub(super) name: Range<usize>,
    pub(super) kind: Kind,
    pub(super) strategy: u16,
}

/// Words between a secret's name and the secret.
const FILLERS: [&[u8]; 12] =
    [b"is", b"was", b"of", b"to", b"with", b"value", b"ist", b"est", b"es", b"by", b"like", b"called"];

/// How far before a run the value may begin that it is part of.
const VALUE: usize = 64;

/// Words that name a secret only with the one before: `api key`, `card number`.
const LAST: [&[u8]; 7] = [b"key", b"code", b"number", b"phrase", b"answer", b"string", b"id"];

/// How the name of a secret of digits alone ends.
const OF_DIGITS: [&[u8]; 9] = [b"pin", b"otp", b"code", b"cvv", b"cvc", b"passcode", b"ssn", b"password", b"number"];

/// What numbers count.
static UNITS: LazyLock<WordSet> =
    LazyLock::new(|| WordSet::of("attempts bits bytes characters chars days minutes of s seconds times"));

impl Text<'_, '_, '_> {
    /// What a sentence says of the value at `at`: that it is a secret, and of which kind.
    pub(super) fn told(&self, at: usize) -> Option<Told> {
        let text = self.text;
        let mut name = word_before(text, at, self.floor)?;
        // `the password for ada is x`.
        let states = matches!(&text[name.clone()], b"is" | b"was");
        for _ in 0..2 {
            if FILLERS.iter().any(|filler| text[name.clone()].eq_ignore_ascii_case(filler)) {
                name = word_before(text, name.start, self.floor)?;
            }
        }
        if states
            && let Some(before) = word_before(text, name.start, self.floor)
            && &text[before.clone()] == b"for"
        {
            name = word_before(text, before.start, self.floor)?;
        }
        let written = &text[name.clone()];
        // `IDENTIFIED BY 'x'`.
        if written.eq_ignore_ascii_case(b"identified") {
            return Some(Told { name, kind: Kind::Password, strategy: STANDARD });
        }
        if written.len() < 3 || !could_tell(written) {
            return None;
        }
        let mut meaning = self.scan.meaning(written);
        if meaning == Meaning::Plain
            && LAST.iter().any(|last| written.eq_ignore_ascii_case(last))
            && let Some(before) = word_before(text, name.start, self.floor)
        {
            meaning = self.scan.meaning(&text[before.start..name.end]);
            name.start = before.start;
        }
        match meaning {
            Meaning::Secret(kind, strategy) if kind != Kind::Random => Some(Told { name, kind, strategy }),
            _ => None,
        }
    }

    /// A run of word characters that a sentence calls a secret. The end of the value.
    pub(in crate::scan) fn told_run(&mut self, run: &Range<usize>, mix: Mix) -> Option<usize> {
        let text = self.text;
        let start = self.value_before(run.start);
        let before = start.checked_sub(1)?;
        let opened = matches!(text[before], b'`' | b'(' | b'[' | b'*' | b'<');
        if !opened && !is_space(text[before]) {
            return None;
        }
        let Told { name, kind, strategy } = self.told(if opened { before } else { start })?;
        let end = bare_end(text, start).max(run.end);
        let value = &text[start..end];
        if done_at(text, start).is_some() || is_technical(value) || !kind.hides_word(value) {
            return None;
        }
        let option = text[name.clone()].starts_with(b"-") || text[..name.start].ends_with(b"--");
        let secret = if mix.digits == value.len() {
            has_digits(&text[name], value.len()) && !is_count(text, end)
        } else {
            is_tokenish(value) || (value.len() >= 6 && mix.digits > 0)
        };
        if !(option || secret) || (token::is_uuid(value) && kind == Kind::Line) {
            return None;
        }
        self.add(start..end, Why::Name(strategy));
        Some(end)
    }

    /// Where the value begins that the run at `run` is part of, if signs that keys are written with stand before it.
    fn value_before(&self, run: usize) -> usize {
        let text = self.text;
        let joined = |byte: u8| matches!(byte, b'/' | b'+' | b'!' | b'$' | b'^' | b'&');
        if run == self.floor || !joined(text[run - 1]) {
            return run;
        }
        let least = run.saturating_sub(VALUE).max(self.floor);
        let mut start = run;
        while start > least && (is(text[start - 1], WORD) || joined(text[start - 1])) {
            start -= 1;
        }
        // A path.
        if text[start] == b'/' { run } else { start }
    }

    /// `--password x` and `password is x` with a word for a password. `at` is where `password` ends.
    pub(in crate::scan) fn told_password(&mut self, at: usize) {
        let text = self.text;
        let start = run_start(text, at, at.saturating_sub(40), WORD);
        let option = text[start..].starts_with(b"--");
        let mut value = skip_space(text, at);
        let table = text[value..].starts_with(b"| ");
        if table {
            value = skip_space(text, value + 1);
        }
        if value == at || value >= text.len() || matches!(text[value], b'\n' | b'-' | b'=' | b':') {
            return;
        }
        let known_place = option || table || is_login(&text[at.saturating_sub(80)..start]);
        let first_end = bare_end(text, value);
        if matches!(&text[value..first_end], b"is" | b"was" | b"ist" | b"est" | b"es") {
            value = skip_space(text, first_end);
        } else if !known_place {
            return;
        }
        let end = bare_end(text, value);
        let word = &text[value..end];
        if !is_at(text, value, ALNUM) || is_status(word) || done_at(text, value).is_some() {
            return;
        }
        // `the password is case sensitive`.
        let next = skip_space(text, end);
        let is_sentence = !known_place
            && next > end
            && next < text.len()
            && is_plain_word(word)
            && is_plain_word(&text[next..bare_end(text, next)]);
        if is_sentence || !Kind::Password.hides_word(word) {
            return;
        }
        if let Meaning::Secret(_, strategy) = self.scan.meaning(&text[start..at]) {
            self.out.add(value..end, Why::Name(strategy));
        }
    }
}

/// Whether a user was named before, so that a password may follow: `login ada password x`.
fn is_login(before: &[u8]) -> bool {
    memmem::find(before, b"login ").is_some()
        || memmem::find(before, b"user ").is_some_and(|found| !before[found + 5..].contains(&b'.'))
}

/// Whether a name of a secret can end so: most words do not.
fn could_tell(name: &[u8]) -> bool {
    matches!(
        name[name.len() - 1] | 0x20,
        b'd' | b't' | b'n' | b'y' | b'e' | b'p' | b'r' | b'v' | b'c' | b's' | b'w' | b'k' | b'h' | b'z'
    ) || name[name.len() - 1] >= 0x80
}

/// Whether what this names can be so many digits and nothing else.
fn has_digits(name: &[u8], digits: usize) -> bool {
    let name = name.to_ascii_lowercase();
    let least = if is_check_code(&name) { 3 } else { 4 };
    digits >= least && OF_DIGITS.iter().any(|known| name.ends_with(known))
}

/// The three digits on a card's back.
fn is_check_code(name: &[u8]) -> bool {
    matches!(name, b"cvv" | b"cvc" | b"csc" | b"cvv2" | b"cvc2")
}

/// Whether the number that ends here counts something: `password: 12 characters`.
fn is_count(text: &[u8], end: usize) -> bool {
    let unit = skip_space(text, end);
    unit > end && is_at(text, unit, ALPHA) && UNITS.has(&text[unit..bare_end(text, unit)])
}
