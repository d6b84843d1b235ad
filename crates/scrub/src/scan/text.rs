//! Text of no format, or of several: messages, logs, source code, configurations. One pass from trigger to trigger.

use std::{cell::Cell, ops::Range, sync::LazyLock};

use aho_corasick::packed::{Config, MatchKind, Searcher};

use super::{Hint, Scan, ahead::Ahead, decode::Layer, done_at, is_done, sql, trigger};
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
    /// Up to where long runs have been looked for: those with dots, those with slashes.
    looked: [usize; 2],
    /// Up to where nothing was found to be percent-encoded.
    percent: usize,
    /// Up to where there is no IPv6 address.
    v6: usize,
    /// Up to where rows of SQL have been read.
    pub(super) rows: usize,
    pub(super) ahead: Ahead,
    /// How many more end tags are looked at for elements that they do not close.
    pub(super) end_tags: Cell<usize>,
}

/// Nothing shorter holds a literal and what follows it.
const LITERALS: usize = 10;

/// How many end tags are looked at in vain in a short text.
const END_TAGS: usize = 1024;

/// How far back the beginning of an encoded part is looked for.
const ENCODED: usize = 1024;

/// Runs from this length on are looked at for a provider's prefix.
const KEY: usize = 11;

/// What is looked for by itself: what follows it may have no trigger.
#[derive(Clone, Copy)]
enum Literal {
    Pem,
    /// PuTTY's private key, which says of how many lines it is.
    Lines,
    Password,
    /// SQL's.
    Values,
    /// A tool that takes a password by an option of one letter.
    Tool,
    /// Of FTP, POP and SMTP.
    Login,
}

impl Literal {
    const ALL: &[(&str, Self)] = &[
        ("---- BEGIN ", Self::Pem),
        ("-----BEGIN", Self::Pem),
        ("Private-Lines:", Self::Lines),
        ("assw", Self::Password),
        ("ASSW", Self::Password),
        ("assphrase", Self::Password),
        ("VALUES", Self::Values),
        ("values", Self::Values),
        ("PASS ", Self::Login),
        ("AUTH ", Self::Login),
        ("sshpass", Self::Tool),
        ("mysql", Self::Tool),
        ("redis-cli", Self::Tool),
        ("docker", Self::Tool),
        ("podman", Self::Tool),
        ("ldap", Self::Tool),
    ];
}

static FOUND: LazyLock<Searcher> = LazyLock::new(|| {
    Config::new()
        .match_kind(MatchKind::LeftmostFirst)
        .builder()
        .extend(Literal::ALL.iter().map(|(text, _)| text))
        .build()
        .expect("few and short literals")
});

impl Scan<'_> {
    /// Reads a text of no format, or of several.
    pub(crate) fn text(&self, text: &[u8], hint: Hint, out: &mut Edits) {
        if !self.plain
            && has_entities(text)
            && self
                .decoded(text, 0..text.len(), Layer::Entities, |scan, text, out| scan.text(text, hint, out), out)
                .is_some()
        {
            return;
        }
        if has_escapes(text)
            && self
                .decoded(text, 0..text.len(), Layer::Escapes, |scan, text, out| scan.text(text, hint, out), out)
                .is_some()
        {
            return;
        }
        Text {
            scan: self,
            text,
            out,
            floor: 0,
            hint,
            public: Vec::new(),
            looked: [0; 2],
            percent: 0,
            v6: 0,
            rows: 0,
            ahead: Ahead::default(),
            end_tags: Cell::new(END_TAGS + text.len() / 64),
        }
        .read();
    }

    /// Whether the text goes on beyond `end`, as far as is known.
    pub(super) fn is_cut(&self) -> bool {
        self.cut
    }
}

impl Text<'_, '_, '_> {
    fn read(mut self) {
        // Each literal has a space near it, or is long.
        if self.text.len() >= LITERALS && (self.text.len() >= 24 || memchr::memchr(b' ', self.text).is_some()) {
            self.literals();
        }
        let mut at = 0;
        while let Some(found) = trigger::next(self.text, at) {
            let next = match self.text[found] {
                b':' => self.colon(found),
                b'=' => self.named(found),
                b'@' => self.at_sign(found),
                b'<' => self.markup(found),
                b'"' | b'\'' | b'`' => self.told_quote(found).unwrap_or(found + 1),
                b'>' if found > 0 && self.text[found - 1] == b'-' => self.named(found),
                b';' | b'>' | b'?' | b'#'..=b'&' => found + 1,
                _ => self.word(found),
            };
            at = next.max(found + 1);
        }
        self.patterns();
    }

    /// Notes a replacement that was found in passing.
    pub(super) fn add(&mut self, range: Range<usize>, why: Why) {
        self.floor = self.floor.max(range.end);
        let done = is_done(self.text[range.clone()].trim_ascii())
            || done_at(self.text, range.start).is_some_and(|end| end >= range.end);
        if !done {
            self.out.add(range, why);
        }
    }

    fn add_shape(&mut self, range: Range<usize>, shape: Shape) -> usize {
        let end = range.end;
        let is_network = shape == Shape::Ip && self.scan.rules.is_cut(&self.text[range.start..], range.len());
        if self.scan.rules.takes(shape) && !is_network {
            self.add(range, Why::Shape(shape));
        }
        end
    }

    /// What has no trigger in it.
    fn literals(&mut self) {
        let text = self.text;
        let mut at = 0;
        // A word is told of once, however often such a literal stands in it.
        let mut word = 0;
        while let Some(found) = FOUND.find_in(text, aho_corasick::Span { start: at, end: text.len() }) {
            at = found.end();
            match Literal::ALL[found.pattern().as_usize()].1 {
                Literal::Pem => match private_key::block(text, found.start()) {
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
                Literal::Lines => {
                    if let Some(lines) = private_key::lines(text, found.end())
                        && self.scan.rules.takes(Shape::PrivateKey)
                    {
                        at = lines.end;
                        self.public.push(lines.clone());
                        self.out.add(lines, Why::Shape(Shape::PrivateKey));
                    }
                }
                Literal::Password | Literal::Tool if found.start() < word => {}
                Literal::Password => {
                    word = run_end(text, found.end(), WORD);
                    self.told_password(word);
                }
                Literal::Values => sql::values(self, found.start(), found.end()),
                Literal::Tool => {
                    word = run_end(text, found.end(), WORD);
                    self.tool(found.start(), word);
                }
                Literal::Login => self.protocol_login(found.start(), found.end()),
            }
        }
    }

    fn patterns(&mut self) {
        for (index, (pattern, _)) in (0..).zip(self.scan.patterns) {
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
        let public = self.public.partition_point(|public| public.end <= at);
        if let Some(public) = self.public.get(public).filter(|public| public.contains(&at)) {
            return public.end;
        }
        let mut run = run_start(text, at, self.floor, WORD)..run_end(text, at, WORD);
        // A terminal's colour: `ESC [ 3 1 m`.
        if run.start >= 2 && text[run.start - 1] == b'[' && text[run.start - 2] == 0x1b {
            let digits = run_end(text, run.start, DIGIT);
            if digits < run.end && text[digits] == b'm' {
                run.start = digits + 1;
                self.floor = run.start;
                if run.is_empty() {
                    return run.end;
                }
            }
        }
        // An escape that nobody took off: `\n`.
        if run.start > 0
            && text[run.start - 1] == b'\\'
            && run.len() > 1
            && matches!(text[run.start], b'n' | b'r' | b't')
        {
            run.start += 1;
            self.floor = run.start;
        }
        if is_date(&text[run.clone()])
            || (run.start == 0 && matches!(run.len(), 16 | 32 | 40) && token::is_id(&text[run.clone()]))
        {
            return run.end;
        }
        let mix = Mix::of(&text[run.clone()]);
        if run.start > 0
            && text[run.start - 1] == b' '
            && let Some(end) = self.scheme(&run)
        {
            return end;
        }
        if mix.letters() > 0
            && self.scan.rules.takes(Shape::Token)
            && let Some(end) = if run.len() < token::LONG { self.key(&run) } else { self.long(&run) }
                .or_else(|| if run.len() < token::LONG { self.long(&run) } else { self.key(&run) })
        {
            return end;
        }
        if mix.digits > 0
            && let Some(end) = self.numbers(&run, mix)
        {
            return end;
        }
        if mix.letters() > 0 {
            if mix.digits >= 2
                && let Some(end) = iban::number(text, run.start, self.scan.is_cut())
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

    /// A key of a provider. Some begin with a part before a dot, or are known by what stands within them.
    fn key(&mut self, run: &Range<usize>) -> Option<usize> {
        let text = self.text;
        let least = run.start.saturating_sub(24).max(self.floor);
        let mut start = run.start;
        while start > least && (is(text[start - 1], WORD) || matches!(text[start - 1], b'.' | b'~')) {
            start -= 1;
        }
        if run.end - start < KEY && !matches!(text.get(run.end), Some(b'+' | b'/' | b'~' | b'.')) {
            return None;
        }
        let key = token::known(text, start..run.end, self.scan.is_cut())
            .or_else(|| token::within(text, start, run, self.floor))?;
        Some(self.add_shape(key, Shape::Token))
    }

    /// What is a token by its length: the run, or the longer one in base64 that it is part of.
    fn long(&mut self, run: &Range<usize>) -> Option<usize> {
        let text = self.text;
        let base64 = |byte: u8| is(byte, WORD) || matches!(byte, b'+' | b'/' | b'=');
        let dotted = |byte: u8| is(byte, WORD) || matches!(byte, b'.' | b'~' | b'+' | b'=');
        if run.len() >= token::LONG && token::is_long(&text[run.clone()]) {
            let end = self.end_of(run.end, base64);
            let padded = end > run.end && text[end - 1] == b'=';
            return Some(self.long_found(run.start..if padded { end } else { run.end }));
        }
        let joined = run.start > self.floor && base64(text[run.start - 1])
            || text.get(run.end).is_some_and(|&byte| base64(byte) || dotted(byte));
        if !joined {
            return None;
        }
        // A segment of a path, then all of it. Each is looked at once: it has as many runs as it is long.
        for (part, path) in [(&dotted as &dyn Fn(u8) -> bool, false), (&base64, true)] {
            let looked = &mut self.looked[usize::from(path)];
            if run.end <= *looked {
                continue;
            }
            let mut start = run.start;
            while start > self.floor && start > *looked && part(text[start - 1]) {
                start -= 1;
            }
            let mut end = run.end;
            while end < text.len() && part(text[end]) {
                end += 1;
            }
            // What follows the first `=` may be a value of its own.
            let sign = memchr::memchr(b'=', &text[start..end]).map(|found| start + found);
            *looked = sign.filter(|&sign| sign >= run.end).unwrap_or(end);
            while end > start && matches!(text[end - 1], b'.' | b'/' | b'~') {
                end -= 1;
            }
            if let Some(equals) = memchr::memchr(b'=', &text[start..end]).filter(|&at| start + at < run.start) {
                start += equals + 1;
            }
            while start < end && matches!(text[start], b'/' | b'=' | b'+') {
                start += 1;
            }
            let found = &text[start..end];
            if found.len() >= token::LONG && token::is_long(found) && !(path && is_path(found)) {
                return Some(self.long_found(start..end));
            }
        }
        None
    }

    fn end_of(&self, mut end: usize, part: impl Fn(u8) -> bool) -> usize {
        while end < self.text.len() && part(self.text[end]) {
            end += 1;
        }
        end
    }

    fn long_found(&mut self, range: Range<usize>) -> usize {
        if self.is_digest(range.start) { range.end } else { self.add_shape(range, Shape::Token) }
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
            if begins
                && length <= 3
                && text.get(end) == Some(&b'.')
                && let Some(end) = ip::v4(text, at, self.floor)
                && !(self.hint == Hint::Version && at == 0 && end == text.len())
            {
                return Some(self.add_shape(at..end, Shape::Ip));
            }
            if begins
                && length == 3
                && (text.get(end) == Some(&b'-') || text.get(end) == Some(&b' '))
                && let Some(end) = ssn::number(text, at)
            {
                return Some(self.add_shape(at..end, Shape::Ssn));
            }
            let cut = self.scan.is_cut();
            if length >= 4
                && (length >= 12 || (end + 3 < text.len() && is(text[end + 3], DIGIT) && !is(text[end], ALPHA)) || cut)
                && card::may_begin(text, at)
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
        start == 0 || start == self.floor || !is(self.text[start - 1], ALNUM)
    }

    fn colon(&mut self, at: usize) -> usize {
        if self.text[at..].starts_with(b"://") {
            return self.url(at);
        }
        // A time.
        if at > self.floor && is(self.text[at - 1], DIGIT) && is_at(self.text, at + 1, DIGIT) && self.is_time(at) {
            return at + 1;
        }
        let near = |byte: u8| is(byte, HEX) || byte == b':';
        let before = at > self.floor && near(self.text[at - 1]);
        if (before || self.text.get(at + 1) == Some(&b':'))
            && self.text.get(at + 1).is_some_and(|&byte| near(byte))
            && at >= self.v6
            && self.scan.rules.takes(Shape::Ip)
        {
            match ip::v6(self.text, at, self.floor) {
                Ok(range) => return self.add_shape(range, Shape::Ip),
                Err(end) => self.v6 = end,
            }
        }
        if let Some(end) = self.user_option(at) {
            return end;
        }
        self.named(at)
    }

    /// Two digits before the colon, and no name.
    fn is_time(&self, at: usize) -> bool {
        let start = run_start(self.text, at, at.saturating_sub(4).max(self.floor), DIGIT);
        at - start <= 2 && (start == 0 || !is(self.text[start - 1], ALPHA) || self.text[start - 1] == b'T')
    }

    fn at_sign(&mut self, at: usize) -> usize {
        if let Some(end) = self.thin_login(at) {
            return end;
        }
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
        if !is_at(text, digit + 1, HEX) || percent < self.percent || self.scan.inner().is_none() {
            return None;
        }
        let part = |byte: u8| !is(byte, SPACE) && !matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'`');
        let least = percent.saturating_sub(ENCODED).max(self.floor);
        let mut start = percent;
        while start > least && part(text[start - 1]) {
            start -= 1;
        }
        let end = digit + text[digit..].iter().position(|&byte| !part(byte)).unwrap_or(text.len() - digit);
        // Of a query, what is encoded is no sign.
        let query = memchr::memchr(b'?', &text[start..end]).map_or(start, |found| start + found + 1);
        if super::form::begins(&text[query..end]) {
            self.scan.form(text, query..end, self.out);
            if query > start {
                self.scan.encoded_value(text, start..query, Layer::Percent, self.out);
            }
        } else {
            self.percent = end;
            self.scan.decoded_any(text, start..end, Layer::Percent, self.out)?;
        }
        self.floor = end;
        Some(end)
    }

    pub(super) fn letter_before(&self, at: usize) -> bool {
        at > 0 && is(self.text[at - 1], ALPHA)
    }
}

/// Whether entities of HTML hide what the text says. One that is looked for is rare, and so is `&`.
fn has_entities(text: &[u8]) -> bool {
    memchr::memchr_iter(b'&', text).take(64).any(|at| {
        let rest = &text[at + 1..text.len().min(at + 8)];
        [&b"quot;"[..], b"apos;", b"gt;", b"lt;", b"amp;", b"#"].iter().any(|entity| rest.starts_with(entity))
    })
}

/// A date, perhaps with an hour: most of what has digits in it is one.
fn is_date(run: &[u8]) -> bool {
    let form: &[u8] = match run.len() {
        10 => b"0000-00-00",
        13 => b"0000-00-00T00",
        _ => return false,
    };
    run[0] < b'3'
        && run.iter().zip(form).all(|(&byte, &form)| if form == b'0' { is(byte, DIGIT) } else { byte == form })
}

/// Whether a word stands between slashes: then it is no base64.
fn is_path(found: &[u8]) -> bool {
    found.split(|&byte| byte == b'/').any(|part| {
        part.len() >= 3
            && part.len() < 24
            && part.iter().all(|&byte| is(byte, crate::chars::LOWER) || byte == b'_' || byte == b'-')
    })
}

/// Whether there are escapes of JSON in a text that is none: those that hide letters and slashes.
fn has_escapes(text: &[u8]) -> bool {
    memchr::memchr_iter(b'\\', text)
        .take(64)
        .any(|at| text[at + 1..].starts_with(b"/") || text[at + 1..].starts_with(b"u00"))
}
