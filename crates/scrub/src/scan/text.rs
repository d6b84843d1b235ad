//! Text of no format, or of several: messages, logs, source code, configurations. One pass from trigger to trigger.

use std::{ops::Range, sync::LazyLock};

use aho_corasick::packed::{Config, MatchKind, Searcher};

use super::{Hint, Scan, decode::Layer, trigger};
use crate::{
    Shape,
    chars::{ALNUM, ALPHA, DIGIT, HEX, Mix, SPACE, WORD, is, is_at, run_end, run_start},
    edits::{Edits, Why},
    shape::{card, email, iban, ip, private_key, ssn, token},
};

/// One text that is read.
pub(super) struct Text<'s, 't, 'o> {
    pub(super) scan: &'s Scan<'s>,
    pub(super) text: &'t [u8],
    pub(super) out: &'o mut Edits,
    /// Nothing before it is looked at again: it was replaced.
    pub(super) floor: usize,
    pub(super) hint: Hint,
    /// Certificates and public keys, which look like tokens.
    public: Vec<Range<usize>>,
}

/// Nothing shorter holds a literal and what follows it.
const LITERALS: usize = 10;

/// How far back the beginning of an encoded part is looked for.
const ENCODED: usize = 1024;

/// Runs from this length on are looked at for a provider's prefix.
const KEY: usize = 11;

impl Scan<'_> {
    /// Reads a text of no format, or of several.
    pub(crate) fn text(&self, text: &[u8], hint: Hint, out: &mut Edits) {
        Text { scan: self, text, out, floor: 0, hint, public: Vec::new() }.read();
    }

    /// Whether the text goes on beyond `end`, as far as is known.
    pub(super) fn is_cut(&self) -> bool {
        self.cut
    }
}

impl Text<'_, '_, '_> {
    fn read(mut self) {
        if self.text.len() >= LITERALS {
            self.literals();
        }
        let mut at = 0;
        while let Some(found) = trigger::next(self.text, at) {
            let next = match self.text[found] {
                b':' => self.colon(found),
                b'=' => self.named(found),
                b'@' => self.at_sign(found),
                b'<' => self.markup(found),
                b'"' | b'\'' => self.told_quote(found).unwrap_or(found + 1),
                b';' => self.entities(found),
                b'>' | b'?' => found + 1,
                _ => self.word(found),
            };
            at = next.max(found + 1);
        }
        self.patterns();
    }

    /// Notes a replacement that was found in passing.
    pub(super) fn add(&mut self, range: Range<usize>, why: Why) {
        self.floor = self.floor.max(range.end);
        self.out.add(range, why);
    }

    fn add_shape(&mut self, range: Range<usize>, shape: Shape) -> usize {
        let end = range.end;
        if self.scan.rules.takes(shape) {
            self.add(range, Why::Shape(shape));
        }
        end
    }

    /// What has no trigger in it.
    fn literals(&mut self) {
        const PEM: usize = 0;
        const BASIC: [usize; 2] = [3, 4];
        static LITERALS: LazyLock<Searcher> = LazyLock::new(|| {
            Config::new()
                .match_kind(MatchKind::LeftmostFirst)
                .builder()
                .extend(["-----BEGIN", "earer ", "EARER ", "asic ", "ASIC ", "assword", "ASSWORD", "asswd"])
                .build()
                .expect("few and short literals")
        });
        let mut at = 0;
        while let Some(found) = LITERALS.find_in(self.text, aho_corasick::Span { start: at, end: self.text.len() }) {
            at = found.end();
            match found.pattern().as_usize() {
                PEM => match private_key::block(self.text, found.start()) {
                    Some(private_key::Block::Private(end)) => {
                        if self.scan.rules.takes(Shape::PrivateKey) {
                            self.out.add(found.start()..end, Why::Shape(Shape::PrivateKey));
                        }
                        self.public.push(found.start()..end);
                        at = end;
                    }
                    Some(private_key::Block::Public(end)) => {
                        self.public.push(found.start()..end);
                        at = end;
                    }
                    None => {}
                },
                1 | 2 => self.scheme(found.end(), false),
                basic if BASIC.contains(&basic) => self.scheme(found.end(), true),
                _ => self.told_password(found.end()),
            }
        }
    }

    fn patterns(&mut self) {
        for (index, (pattern, _)) in (0..).zip(&self.scan.rules.patterns) {
            for found in pattern.find_iter(self.text) {
                self.out.add(found.range(), Why::Pattern(index));
            }
        }
    }

    /// The run of word characters around `at`.
    fn word(&mut self, at: usize) -> usize {
        if let Some(end) = self.percent(at) {
            return end;
        }
        let text = self.text;
        if let Some(public) = self.public.iter().find(|public| public.contains(&at)) {
            return public.end;
        }
        let run = run_start(text, at, self.floor, WORD)..run_end(text, at, WORD);
        let mix = Mix::of(&text[run.clone()]);
        if mix.digits > 0
            && let Some(end) = self.numbers(&run, mix)
        {
            return end;
        }
        if mix.letters() > 0 {
            if run.len() >= KEY && self.scan.rules.takes(Shape::Token) {
                if let Some(key) = token::known(text, run.clone(), self.scan.is_cut()) {
                    return self.add_shape(key, Shape::Token);
                }
                if let Some(end) = self.long(&run, mix) {
                    return end;
                }
            }
            if mix.digits >= 2
                && let Some(end) = iban::number(text, run.start)
                && self.stands_alone(run.start)
            {
                return self.add_shape(run.start..end, Shape::Iban);
            }
        }
        if let Some(end) = self.told_run(&run, mix) {
            return end;
        }
        if run.len() >= 16
            && let Some(end) = self.path_token(&run, mix)
        {
            return end;
        }
        run.end
    }

    /// A run that is one by its length, or the longer one that it begins.
    fn long(&mut self, run: &Range<usize>, mix: Mix) -> Option<usize> {
        let more = matches!(self.text.get(run.end), Some(b'+' | b'/' | b'=' | b'.' | b'~'));
        if run.len() < 64 && !(more && run.len() + 8 > mix.changes && is_at(self.text, run.end + 1, WORD)) {
            return None;
        }
        let end = token::long(self.text, run.start)?;
        if self.is_digest(run.start) {
            return Some(end);
        }
        Some(self.add_shape(run.start..end, Shape::Token))
    }

    fn numbers(&mut self, run: &Range<usize>, mix: Mix) -> Option<usize> {
        let text = self.text;
        let mut at = run.start;
        while at < run.end {
            if !is(text[at], DIGIT) {
                at += 1;
                continue;
            }
            let end = run_end(text, at, DIGIT);
            let length = end - at;
            let begins = at == run.start || !is(text[at - 1], ALNUM);
            if begins && length <= 3 && text.get(end) == Some(&b'.') && self.hint != Hint::Version
                && let Some(end) = ip::v4(text, at)
            {
                return Some(self.add_shape(at..end, Shape::Ip));
            }
            if begins && length == 3 && (text.get(end) == Some(&b'-') || text.get(end) == Some(&b' '))
                && let Some(end) = ssn::number(text, at)
            {
                return Some(self.add_shape(at..end, Shape::Ssn));
            }
            let cut = self.scan.is_cut();
            if length >= 4 && (length >= 12 || end < text.len() || cut) && card::may_begin(text, at)
                && let Some(end) = card::number(text, at, cut)
            {
                return Some(self.add_shape(at..end, Shape::Card));
            }
            at = end;
        }
        let _ = mix;
        None
    }

    fn stands_alone(&self, start: usize) -> bool {
        start == 0 || !is(self.text[start - 1], ALNUM)
    }

    fn colon(&mut self, at: usize) -> usize {
        if self.text[at..].starts_with(b"://") {
            return self.url(at);
        }
        let near = |byte: u8| is(byte, HEX) || byte == b':';
        let before = at > self.floor && near(self.text[at - 1]);
        if (before || self.text.get(at + 1) == Some(&b':'))
            && self.text.get(at + 1).is_some_and(|&byte| near(byte))
            && self.scan.rules.takes(Shape::Ip)
            && let Some(range) = ip::v6(self.text, at, self.floor)
        {
            return self.add_shape(range, Shape::Ip);
        }
        if let Some(end) = self.user_option(at) {
            return end;
        }
        self.named(at)
    }

    fn at_sign(&mut self, at: usize) -> usize {
        if let Some(end) = self.bare_userinfo(at) {
            return end;
        }
        if let Some(range) = email::around(self.text, at, self.floor, self.scan.is_cut()) {
            return self.add_shape(range, Shape::Email);
        }
        at + 1
    }

    /// A part with percent-encoding in it: what it means is what is read.
    fn percent(&mut self, digit: usize) -> Option<usize> {
        let text = self.text;
        let percent = digit.checked_sub(1).filter(|&at| at >= self.floor && text[at] == b'%')?;
        if !is_at(text, digit + 1, HEX) {
            return None;
        }
        let part = |byte: u8| !is(byte, SPACE) && !matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'`');
        let least = percent.saturating_sub(ENCODED).max(self.floor);
        let mut start = percent;
        while start > least && part(text[start - 1]) {
            start -= 1;
        }
        let end = digit + text[digit..].iter().position(|&byte| !part(byte)).unwrap_or(text.len() - digit);
        self.scan.decoded_any(text, start..end, Layer::Percent, self.out)?;
        self.floor = end;
        Some(end)
    }

    /// Entities of HTML, which hide quotes: all that follows is read without them.
    fn entities(&mut self, semicolon: usize) -> usize {
        let text = self.text;
        let head = &text[semicolon.saturating_sub(8).max(self.floor)..semicolon];
        let Some(and) = memchr::memrchr(b'&', head) else { return semicolon + 1 };
        let hides = match &head[and + 1..] {
            b"quot" | b"apos" | b"commat" | b"equals" | b"colon" => true,
            [b'#', rest @ ..] => !rest.is_empty() && rest.iter().all(u8::is_ascii_alphanumeric),
            _ => false,
        };
        if !hides {
            return semicolon + 1;
        }
        let all = self.floor..text.len();
        match self.scan.decoded(text, all, Layer::Entities, |scan, text, out| scan.text(text, Hint::None, out), self.out) {
            Some(()) => text.len(),
            None => semicolon + 1,
        }
    }

    pub(super) fn letter_before(&self, at: usize) -> bool {
        at > 0 && is(self.text[at - 1], ALPHA)
    }
}
