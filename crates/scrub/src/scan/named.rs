//! `name=value` and `name: value` in a text, in the ways of all those who write such things: logs, configurations, commands,
//! source code, and people.

use std::ops::Range;

use super::{
    ahead::Needle,
    done_at, is_space, line_end, line_start, named,
    prose::{is_plain_word, is_status, is_type, word_before},
    skip_space,
    text::Text,
    value::{self, Quote, bare_end, is_tokenish},
};
use crate::{
    chars::{ALNUM, ALPHA, DIGIT, LOWER, UPPER, is, is_at},
    name::{Kind, Meaning},
};

/// How long a name may be.
const NAME: usize = 128;

/// What a field's value is called, and how far back its name is looked for.
const VALUES: [&[u8]; 3] = [b"value", b"val", b"stringvalue"];
const FIELD: usize = 160;

/// How often a value may be wrapped: `Ok(Some(Secret(…)))`.
const WRAPPED: u8 = 4;

/// How far a name and its sign may stand apart, in a table.
const GAP: usize = 40;

impl Text<'_, '_, '_> {
    /// The value after the `=` or `:` at `sign`, if its name says that it is secret. Where to go on.
    pub(super) fn named(&mut self, sign: usize) -> usize {
        let next = sign + 1;
        // The padding of what `Basic` stands before, if there was nothing else to see.
        if self.text[sign] == b'=' && self.text.get(next).is_none_or(|&byte| !is(byte, ALNUM)) {
            let run =
                crate::chars::run_start(self.text, sign, self.floor.max(sign.saturating_sub(64)), crate::chars::WORD)
                    ..sign;
            if run.start > 0
                && self.text[run.start - 1] == b' '
                && let Some(end) = self.scheme(&run)
            {
                return end;
            }
        }
        let Some((mut name, quoted)) = self.name_before(sign) else { return next };
        // PHP's `[token] => x`, which is not a token that was replaced.
        if self.text[sign + 1..].starts_with(b"> ") && self.text[name.start] == b'[' && self.text[name.end - 1] == b']'
        {
            name = name.start + 1..name.end - 1;
        }
        let (name, kind, strategy) = match self.meaning_of(&name, quoted) {
            Meaning::Secret(kind, strategy) => (name, kind, strategy),
            meaning => match self.typed(sign, &name).or_else(|| self.passing(sign, &name, meaning)) {
                Some(found) => found,
                None => return next,
            },
        };
        // What was replaced by a hash: `[private key:…]`.
        let least = sign.saturating_sub(16);
        if let Some(open) = memchr::memrchr(b'[', &self.text[least..sign])
            && let Some(end) = done_at(self.text, least + open).filter(|&end| end > sign)
        {
            return end;
        }
        let Some(start) = self.value_start(sign, quoted) else {
            return self.block(sign, &name, kind, strategy).unwrap_or(next);
        };
        if let Some(end) = done_at(self.text, start) {
            return end;
        }
        let start = after_type(self.text, start);
        if !quoted
            && self.text[sign] == b':'
            && let Some(end) = self.cookie_line(&name, start)
        {
            return end;
        }
        let range = match Quote::opens(self.text, quote_prefix(self.text, start)) {
            // The quote that the name is in, too: `'Password: '`.
            Some(_) if !quoted && name.start > 0 && self.text[name.start - 1] == self.text[start] => None,
            Some(quote) => {
                let end = quote.closes(self.text);
                // A word in an apostrophe's reach is no value.
                (self.scan.hides_word(kind, &self.text[quote.inside..end])).then_some(quote.inside..end)
            }
            None => self.bare(sign, &name, quoted, start, kind),
        };
        match range {
            Some(range) => {
                let end = range.end;
                self.add(range, named(strategy));
                end
            }
            None => next,
        }
    }

    /// The name that ends before the sign, and whether it has quotes.
    fn name_before(&self, sign: usize) -> Option<(Range<usize>, bool)> {
        let text = self.text;
        // An arrow begins before its head.
        let mut end = sign - usize::from(text[sign] == b'>');
        if end > self.floor
            && matches!(text[end - 1], b'!' | b'+' | b'|' | b'?' | b':' | b'=' | b'~')
            && text[sign] == b'='
        {
            end -= 1;
        }
        let least = end.saturating_sub(GAP).max(self.floor);
        while end > least && matches!(text[end - 1], b' ' | b'\t') {
            end -= 1;
        }
        if end > self.floor && text[end - 1] == b'?' {
            end -= 1;
        }
        if end <= self.floor {
            return None;
        }
        let least = end.saturating_sub(NAME).max(self.floor);
        let last = text[end - 1];
        if matches!(last, b'"' | b'\'' | b'`') {
            let mut close = end - 1;
            while close > least && text[close - 1] == b'\\' {
                close -= 1;
            }
            let open = least + memchr::memrchr(last, &text[least..close])?;
            return (open + 1 < close).then_some((open + 1..close, true));
        }
        // PostgreSQL's `Key (token)=(x)`.
        if last == b')' && text.get(sign + 1) == Some(&b'(') {
            let open = least + memchr::memrchr(b'(', &text[least..end])?;
            return (open + 2 < end).then_some((open + 1..end - 1, true));
        }
        let bracketed = last == b']';
        let mut start = end;
        while start > least {
            let byte = text[start - 1];
            let part = is(byte, ALNUM)
                || matches!(byte, b'_' | b'-' | b'.' | b'$' | b'[' | b']' | b'%' | b'\\')
                || byte >= 0x80
                || (bracketed && matches!(byte, b'"' | b'\''));
            if !part {
                break;
            }
            start -= 1;
        }
        (start < end).then_some((start..end, false))
    }

    fn meaning_of(&self, name: &Range<usize>, quoted: bool) -> Meaning {
        let meaning = self.scan.meaning(&self.text[name.clone()]);
        let word = &self.text[name.clone()];
        if meaning == Meaning::Plain && VALUES.iter().any(|value| word.eq_ignore_ascii_case(value)) {
            return self.field_before(name.start).unwrap_or(meaning);
        }
        if meaning != Meaning::Plain || quoted {
            return meaning;
        }
        // `api key: x` and `card number: x`: the last word alone says nothing.
        const LAST: [&[u8]; 14] = [
            b"key",
            b"keys",
            b"code",
            b"codes",
            b"number",
            b"phrase",
            b"answer",
            b"string",
            b"id",
            b"word",
            b"no",
            b"confirmation",
            b"hash",
            b"value",
        ];
        let last = &self.text[name.clone()];
        if !LAST.iter().any(|word| last.eq_ignore_ascii_case(word)) {
            return meaning;
        }
        match word_before(self.text, name.start, self.floor) {
            Some(before) => self.scan.meaning(&self.text[before.start..name.end]),
            None => meaning,
        }
    }

    /// `let token: &str = "x"`: the name before the type.
    fn typed(&self, sign: usize, written: &Range<usize>) -> Option<(Range<usize>, Kind, u16)> {
        let text = self.text;
        if text[sign] != b'=' || !text[..sign].ends_with(b" ") {
            return None;
        }
        let least = written.end.saturating_sub(48).max(line_start(text, written.end, self.floor));
        let colon = least + memchr::memrchr(b':', &text[least..written.end])?;
        let plain = text[colon + 1..written.end].iter().all(|&byte| {
            is(byte, ALNUM) || matches!(byte, b' ' | b'&' | b'\'' | b'<' | b'>' | b'_' | b'[' | b']' | b'|')
        });
        let (name, quoted) = self.name_before(colon).filter(|_| plain)?;
        match self.meaning_of(&name, quoted) {
            Meaning::Secret(kind, strategy) => Some((name, kind, strategy)),
            _ => None,
        }
    }

    /// `?code=x` in a URL: a right that is passed on, if it looks like it.
    fn passing(&self, sign: usize, name: &Range<usize>, meaning: Meaning) -> Option<(Range<usize>, Kind, u16)> {
        let text = self.text;
        let in_query = text[sign] == b'=' && name.start > 0 && matches!(text[name.start - 1], b'?' | b'&' | b'#');
        let start = sign + 1;
        let passes = in_query
            && meaning == Meaning::Plain
            && super::form::is_passing(&text[name.clone()])
            && value::is_random(&text[start..bare_end(near(text, start), start)]);
        passes.then(|| (name.clone(), Kind::Random, crate::name::STANDARD))
    }

    /// What the field is called whose value stands here: `name: password`, and then `value: x`.
    fn field_before(&self, value: usize) -> Option<Meaning> {
        let least = value.saturating_sub(FIELD).max(self.floor);
        let head = &self.text[least..value];
        let lower = head.to_ascii_lowercase();
        let (at, length) = [&b"name"[..], b"key", b"id"]
            .iter()
            .filter_map(|word| Some((memchr::memmem::rfind(&lower, word)?, word.len())))
            .max()?;
        let rest = &head[at + length..];
        let skipped =
            rest.iter().take_while(|&&byte| matches!(byte, b'"' | b'\'' | b'\\' | b' ' | b':' | b'=')).count();
        if skipped == 0 || !rest[..skipped].iter().any(|byte| matches!(byte, b':' | b'=')) {
            return None;
        }
        let name = &rest[skipped..];
        let length = name.iter().take_while(|&&byte| is(byte, ALNUM) || matches!(byte, b'_' | b'-' | b'.')).count();
        // Another value stands between.
        let taken = name[length..].windows(5).any(|window| window.eq_ignore_ascii_case(b"value"));
        (length > 0 && !taken).then(|| self.scan.meaning(&name[..length]))
    }

    /// Where the value after the sign begins, on the same line.
    fn value_start(&self, sign: usize, quoted: bool) -> Option<usize> {
        let text = self.text;
        let mut at = sign + 1;
        if text[sign] == b':' && text.get(at) == Some(&b':') {
            // LDIF's base64; else a path.
            at += 1;
            if text.get(at) != Some(&b' ') {
                return None;
            }
        }
        // PHP's arrow, and JSON's colon after a name in quotes.
        let arrow = text[at..].starts_with(b">") || (quoted && text[sign] == b':');
        while matches!(text.get(at), Some(b'=' | b'>')) && at < sign + 3 {
            at += 1;
        }
        // Markdown's `**Password:** x`.
        let stars = text[at..].iter().take_while(|&&byte| byte == b'*').count();
        if (1..=3).contains(&stars) && text.get(at + stars) == Some(&b' ') {
            at += stars;
        }
        while matches!(text.get(at), Some(b' ' | b'\t')) || (arrow && matches!(text.get(at), Some(b'\n' | b'\r'))) {
            at += 1;
        }
        (at < text.len() && !matches!(text[at], b'\n' | b'\r')).then_some(at)
    }

    /// A value on the lines below its name: YAML's `|` has been seen by [`bare`](Self::bare), so only a list is left.
    fn block(&mut self, sign: usize, name: &Range<usize>, kind: Kind, strategy: u16) -> Option<usize> {
        let text = self.text;
        let start = skip_space(text, sign + 1);
        // What stands deeper: `- x` and `key: x` lines.
        if text[sign] != b':' || kind == Kind::Random || text.get(start) != Some(&b'-') {
            return None;
        }
        let indent = indent(text, name.start, self.floor);
        let end = below(text, line_end(text, sign), indent).filter(|&end| start < end)?;
        self.add(start..end, named(strategy));
        Some(end)
    }

    /// A value without quotes.
    fn bare(&self, sign: usize, name: &Range<usize>, quoted: bool, start: usize, kind: Kind) -> Option<Range<usize>> {
        let text = self.text;
        match text[start] {
            b'(' if quoted && text[start - 1] == b'=' => {
                let end = start + memchr::memchr(b')', &text[start..]).unwrap_or(text.len() - start);
                return Some(start + 1..end);
            }
            b'{' | b'[' => return self.container(start, kind),
            b'$' if is_reference(self, start) => return None,
            b'%' if is_verb(&text[start + 1..]) => return None,
            b'<' if is_placeholder(text, start) => return None,
            b',' | b';' | b')' | b'}' | b']' | b'?' | b'|' if bare_end(text, start) <= start + 1 => {
                return yaml_block(text, name.start, start, self.floor);
            }
            b'>' => return yaml_block(text, name.start, start, self.floor),
            b'/' if text[start..].starts_with(b"//") || text[start..].starts_with(b"/*") => return None,
            _ => {}
        }
        if let Some(yaml) = yaml_block(text, name.start, start, self.floor) {
            return Some(yaml);
        }
        if let Some(inside) = wrapped(text, start, WRAPPED) {
            return inside.filter(|inside| !inside.is_empty());
        }
        // What does not look random at its beginning, does not.
        if kind == Kind::Random && !is_tokenish(&text[start..bare_end(near(text, start), start)]) {
            return None;
        }
        let mut end = bare_end(text, start);
        let word = &text[start..end];
        if word.is_empty() || !self.scan.hides_word(kind, word) {
            return None;
        }
        let spaced = is_space(text[start - 1]);
        if kind == Kind::Line && !quoted {
            return self.line(sign, name, start);
        }
        // The working directory, and a message's field number.
        let last = &text[name.clone()];
        if (last.eq_ignore_ascii_case(b"pwd") || last == b"OLDPWD") && (word[0] == b'/' || word.get(1) == Some(&b':')) {
            return None;
        }
        if spaced
            && word.len() <= 3
            && word.iter().all(|&byte| is(byte, DIGIT))
            && text[sign] == b'='
            && text.get(end) == Some(&b';')
        {
            return None;
        }
        if let Some(hash) = memchr::memchr(b'#', word)
            .filter(|&hash| hash > 0 && name.start > 0 && matches!(text[name.start - 1], b'?' | b'&'))
        {
            end = start + hash;
        }
        // `type: bearer`, as against `X-Token: Bearer x`.
        let scheme = word.eq_ignore_ascii_case(b"bearer") || word.eq_ignore_ascii_case(b"basic");
        if scheme && !(text.get(end) == Some(&b' ') && is_at(text, end + 1, ALNUM)) {
            return None;
        }
        if spaced && (is_type(word) || self.is_code(word, end)) {
            return None;
        }
        let plain = is_plain_word(word);
        if plain && spaced && self.is_prose(name, start, end, kind) {
            return None;
        }
        const PUBLIC: [&[u8]; 2] = [b"certificate", b"cert"];
        if spaced
            && PUBLIC.iter().any(|word| last.to_ascii_lowercase().ends_with(word))
            && word.iter().all(|&byte| is(byte, ALPHA))
        {
            return None;
        }
        // A list of what there is, such as `token: expected one of`.
        if spaced && self.is_complaint(name) && !is_tokenish(word) {
            return None;
        }
        let setting = kind == Kind::Token && text[name.clone()].iter().any(|byte| matches!(byte, b'-' | b'_' | b'.'));
        if (kind == Kind::Password || (setting && word.iter().all(|&byte| is(byte, ALPHA)))) && self.begins_line(name) {
            end = self.rest_of_line(start, end);
        }
        Some(start..end)
    }

    fn container(&self, start: usize, kind: Kind) -> Option<Range<usize>> {
        let text = self.text;
        // Templates, which may stand in each other, are not read to their end.
        if kind == Kind::Random || text[start + 1..].trim_ascii_start().starts_with(b"{") {
            return None;
        }
        let end = value::balanced(text, start);
        let inside = text[start + 1..end].trim_ascii();
        let holds = inside.iter().any(|&byte| matches!(byte, b'"' | b'\'' | b':' | b'=' | b',') || is(byte, DIGIT));
        let template = !holds && inside.iter().all(|&byte| !is_space(byte));
        let counts = kind == Kind::Plural && value::is_numbers(inside);
        (!template && !counts).then_some(start..end)
    }

    /// The cookies after `Cookie:` or `Set-Cookie:`, one by one. Their end.
    fn cookie_line(&mut self, name: &Range<usize>, start: usize) -> Option<usize> {
        let text = self.text;
        let lower = text[name.clone()].to_ascii_lowercase();
        if !lower.ends_with(b"cookie") {
            return None;
        }
        let opened = name.start.checked_sub(1).map(|at| text[at]).filter(|byte| matches!(byte, b'"' | b'\'' | b'`'));
        let first = start + text[start..].iter().position(|byte| b"=; \n\r".contains(byte))?;
        if text[first] != b'=' || first == start {
            return None;
        }
        let mut end = self.ahead.find(text, Needle::Line, start);
        end = memchr::memmem::find(&text[start..end], b"\\n").map_or(end, |found| start + found);
        end = memchr::memmem::find(&text[start..end], b"\\r").map_or(end, |found| start + found);
        if let Some(quote) = opened {
            end = memchr::memchr(quote, &text[start..end]).map_or(end, |found| start + found);
        }
        if first >= end {
            return None;
        }
        // A cookie can hold such a line itself.
        let scan = self.scan.inner()?;
        let mark = self.out.len();
        if lower.ends_with(b"set-cookie") {
            scan.set_cookie(&text[start..end], self.out);
        } else {
            scan.cookies(&text[start..end], self.out);
        }
        self.out.shift(mark, start);
        self.floor = end;
        Some(end)
    }

    /// The value of `Authorization`, `Cookie` and their like: several words.
    fn line(&self, sign: usize, name: &Range<usize>, start: usize) -> Option<Range<usize>> {
        let text = self.text;
        let first = bare_end(text, start);
        if is_plain_word(&text[start..first])
            && is_status(&text[start..first])
            && !text[start..first].eq_ignore_ascii_case(b"token")
        {
            return None;
        }
        let opened = name.start.checked_sub(1).map(|at| text[at]).filter(|byte| matches!(byte, b'"' | b'\'' | b'`'));
        let all = self.ahead.find(text, Needle::Line, start);
        const PARAMETERS: [&[u8]; 6] = [b"digest", b"hawk", b"oauth", b"signature", b"mac", b"aws4-hmac-sha256"];
        let parameters = PARAMETERS.iter().any(|scheme| text[start..first].eq_ignore_ascii_case(scheme));
        let all = match opened {
            Some(b'"') => match Quote::opens(text, run_back(text, name.start - 1)) {
                Some(quote) => quote.closes_from(text, start).min(all),
                None => all,
            },
            None if parameters => all,
            Some(quote) => memchr::memchr(quote, &text[start..all]).map_or(all, |found| start + found),
            None => self.ahead.find(text, Needle::Quote, start).min(all),
        };
        let all = self.ahead.find(text, Needle::EscapedLine, start).min(all);
        let second = skip_space(text, first);
        // `Bearer $TOKEN` and its like stand for a value.
        if second > first && matches!(text.get(second), Some(b'$' | b'{' | b'<' | b'%')) && second < all {
            return None;
        }
        if parameters || text[sign] == b':' && self.begins_line(name) || opened.is_some() {
            return Some(start..all);
        }
        // In the middle of a line: the scheme and its credentials.
        let scheme = text[start..first].iter().all(|&byte| is(byte, ALNUM) || byte == b'-') && first - start <= 20;
        if scheme && second < all && second > first {
            let end = bare_end(text, second);
            if memchr::memchr(b'=', &text[second..end]).is_some_and(|at| second + at + 2 < end) {
                return Some(start..all);
            }
            let tokenish = is_tokenish(&text[second..end])
                || end - second >= 16
                || text[start..first].eq_ignore_ascii_case(b"bearer")
                || text[start..first].eq_ignore_ascii_case(b"basic")
                || text[start..first].eq_ignore_ascii_case(b"token");
            return Some(start..if tokenish { end } else { first });
        }
        if text[first.saturating_sub(1).max(start)] == b';' || self.ahead.find(text, Needle::Semicolon, start) < all {
            return Some(start..all);
        }
        Some(start..first)
    }

    /// Whether the name begins its line, perhaps after what marks a list or a setting.
    fn begins_line(&self, name: &Range<usize>) -> bool {
        let start = line_start(self.text, name.start, self.floor);
        let before = self.text[start..name.start].trim_ascii();
        const MARKS: [&[u8]; 8] = [b"", b"-", b"export", b"set", b"ENV", b"env", b">", b"*"];
        MARKS.contains(&before)
    }

    /// To the line's end, if nothing there is a value of its own.
    fn rest_of_line(&self, start: usize, end: usize) -> usize {
        let text = self.text;
        let line = self.ahead.find(text, Needle::Line, start);
        let rest = &text[end..line];
        let words = rest.split(|&byte| is_space(byte)).filter(|word| !word.is_empty()).take(8).count();
        if words > 7 {
            return end;
        }
        let own = rest.iter().any(|&byte| matches!(byte, b'=' | b':' | b'"' | b'{' | b'[' | b'<' | b'#' | b'('));
        if own || !is_at(text, end, crate::chars::SPACE) { end } else { end + rest.trim_ascii_end().len() }
    }

    /// Whether words follow that tell about the name, instead of a value.
    fn is_prose(&self, name: &Range<usize>, start: usize, end: usize, kind: Kind) -> bool {
        let text = self.text;
        let word = &text[start..end];
        // A scheme before what it is the scheme of.
        let scheme = word.eq_ignore_ascii_case(b"token") && self.begins_line(name) && text[end..].starts_with(b" ");
        if is_status(word) && !scheme {
            return true;
        }
        if kind == Kind::Password {
            // A phrase may be the password, but not one with such words.
            let rest = &text[end..self.ahead.find(text, Needle::Line, end)];
            return rest.split(|&byte| is_space(byte)).filter(|word| !word.is_empty()).take(4).any(is_status)
                && rest.len() > 3;
        }
        // A setting's name is not one that a sentence is about.
        let setting =
            self.begins_line(name) && text[name.clone()].iter().any(|byte| matches!(byte, b'-' | b'_' | b'.'));
        let rest = &text[end..self.ahead.find(text, Needle::Line, end)];
        if setting && !rest.split(|&byte| is_space(byte)).filter(|word| !word.is_empty()).take(5).any(is_status) {
            return false;
        }
        let second = skip_space(text, end);
        let second_end = bare_end(text, second.min(text.len()));
        let followed = second > end && second < text.len() && is_plain_word(text[second..second_end].trim_ascii_end());
        let _ = name;
        followed
    }

    /// Whether the name is what somebody complains of: `unexpected token: x`.
    fn is_complaint(&self, name: &Range<usize>) -> bool {
        const WORDS: [&[u8]; 16] = [
            b"unexpected",
            b"expected",
            b"invalid",
            b"unknown",
            b"missing",
            b"bad",
            b"wrong",
            b"malformed",
            b"illegal",
            b"unsupported",
            b"next",
            b"no",
            b"parse",
            b"parsing",
            b"syntax",
            b"duplicate",
        ];
        word_before(self.text, name.start, self.floor)
            .is_some_and(|word| WORDS.iter().any(|known| self.text[word.clone()].eq_ignore_ascii_case(known)))
    }

    /// Whether the value is an expression that gets it from elsewhere.
    fn is_code(&self, word: &[u8], end: usize) -> bool {
        let ident = word.iter().take_while(|&&byte| is(byte, ALNUM) || byte == b'_').count();
        if ident == 0 || is(word[0], DIGIT) {
            return false;
        }
        let rest = &word[ident..];
        let called = rest.first() == Some(&b'(') || (rest.is_empty() && self.text.get(end) == Some(&b'('));
        let path = rest.starts_with(b"::") || rest.starts_with(b"->") || rest.starts_with(b"?.");
        const ROOTS: [&[u8]; 34] = [
            b"self",
            b"this",
            b"os",
            b"env",
            b"process",
            b"config",
            b"cfg",
            b"conf",
            b"settings",
            b"req",
            b"request",
            b"user",
            b"params",
            b"args",
            b"opts",
            b"options",
            b"ctx",
            b"data",
            b"body",
            b"form",
            b"input",
            b"System",
            b"Environment",
            b"secrets",
            b"vars",
            b"event",
            b"credentials",
            b"creds",
            b"props",
            b"state",
            b"std",
            b"app",
            b"response",
            b"res",
        ];
        let member = matches!(rest.first(), Some(b'.' | b'[')) && ROOTS.contains(&&word[..ident]);
        let call = memchr::memchr(b'(', word)
            .is_some_and(|open| word[..open].iter().all(|&byte| is(byte, ALPHA) || matches!(byte, b'_' | b'.' | b':')));
        if called || path || member || call {
            return true;
        }
        // `password: password,` hands a variable on; `X-Api-Key: ApiKey x` does not.
        if self.text.get(end) == Some(&b' ') && is_at(self.text, end + 1, ALNUM) {
            return false;
        }
        let bare = word.strip_suffix(b";").or_else(|| word.strip_suffix(b")")).unwrap_or(word);
        bare.iter().all(|&byte| is(byte, ALPHA) || byte == b'_')
            && matches!(self.scan.meaning(bare), Meaning::Secret(..))
            && bare.len() <= 24
    }
}

/// The text as far as a value's beginning tells of it.
fn near(text: &[u8], start: usize) -> &[u8] {
    &text[..text.len().min(start + super::LINE)]
}

/// The first of the backslashes before the quote at `quote`.
fn run_back(text: &[u8], quote: usize) -> usize {
    quote - text[..quote].iter().rev().take(16).take_while(|&&byte| byte == b'\\').count()
}

/// After a type that is written before a value: PHP's `string(7) "x"`, Go's `[]string{"x"}`.
fn after_type(text: &[u8], start: usize) -> usize {
    let rest = &text[start..];
    if let Some(length) = rest.strip_prefix(b"string(") {
        let digits = length.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if length[digits..].starts_with(b") ") {
            return start + 7 + digits + 2;
        }
    }
    if rest.starts_with(b"[]") {
        let word = rest[2..].iter().take_while(|&&byte| is(byte, ALNUM)).count();
        if rest.get(2 + word) == Some(&b'{') {
            return start + 2 + word;
        }
    }
    start
}

/// After a letter that marks a string, its quote: `b"x"`.
fn quote_prefix(text: &[u8], at: usize) -> usize {
    let marks = matches!(text[at], b'b' | b'r' | b'u' | b'f' | b'L' | b'@' | b'$' | b'N');
    if marks && matches!(text.get(at + 1), Some(b'"' | b'\'')) { at + 1 } else { at }
}

/// `$PASSWORD`, `${password}` and `$(pass show x)` stand for a value.
fn is_reference(text: &Text<'_, '_, '_>, at: usize) -> bool {
    let rest = &text.text[at + 1..];
    if matches!(rest.first(), Some(b'{' | b'(')) {
        return true;
    }
    let length = rest.iter().take_while(|&&byte| is(byte, ALNUM) || byte == b'_').count();
    let name = &rest[..length];
    // `$1` is a statement's parameter.
    if (1..=2).contains(&length) && name.iter().all(|&byte| is(byte, DIGIT)) {
        return true;
    }
    let capitals = length >= 3 && name.iter().all(|&byte| is(byte, UPPER) || byte == b'_');
    capitals
        || (name.iter().all(|&byte| is(byte, ALPHA) || byte == b'_')
            && matches!(text.scan.meaning(name), Meaning::Secret(..)))
}

/// `%s`, `%-8d` and `%(password)s`, after their `%`.
fn is_verb(rest: &[u8]) -> bool {
    match rest {
        [b's' | b'd' | b'v' | b'q' | b'@', next @ ..] => {
            next.first().is_none_or(|&byte| is_space(byte) || b"\"',;)]}&".contains(&byte))
        }
        [b'(' | b'{', ..] => true,
        _ => false,
    }
}

/// `<password>` and `<your token here>`.
fn is_placeholder(text: &[u8], at: usize) -> bool {
    let rest = &text[at + 1..text.len().min(at + 64)];
    memchr::memchr(b'>', rest).is_some_and(|close| {
        close > 0
            && rest[..close]
                .iter()
                .all(|&byte| is(byte, ALPHA) || matches!(byte, b' ' | b'_' | b'-' | b'/' | b'.' | b'*'))
    })
}

/// `Some("x")`, `Secret(x)`: what a program prints around a value. `None` inside if it is a call.
fn wrapped(text: &[u8], start: usize, depth: u8) -> Option<Option<Range<usize>>> {
    let ident =
        text[start..].iter().take(64).take_while(|&&byte| is(byte, ALNUM) || matches!(byte, b'_' | b':')).count();
    if ident == 0 || text.get(start + ident) != Some(&b'(') {
        return None;
    }
    let inside = start + ident + 1;
    if let Some(quote) = Quote::opens(text, inside) {
        let range = quote.inside..quote.closes(text);
        // `env("DB_PASSWORD", "x")` says the name again.
        let named = text[range.clone()].iter().all(|&byte| is(byte, UPPER) || byte == b'_' || byte == b'.')
            && is(text[start], LOWER);
        return Some((!named).then_some(range));
    }
    if matches!(
        &text[start..start + ident],
        b"Some" | b"Ok" | b"Just" | b"Secret" | b"Password" | b"Token" | b"SecretString" | b"Right"
    ) {
        if let Some(depth) = depth.checked_sub(1)
            && let Some(nested) = wrapped(text, inside, depth)
        {
            return Some(nested);
        }
        let end = value::balanced(text, start + ident) - 1;
        return Some(Some(inside..end.max(inside)).filter(|_| done_at(text, inside).is_none()));
    }
    is(text[start], LOWER).then_some(None)
}

/// The lines below `|` or `>`.
fn yaml_block(text: &[u8], name: usize, start: usize, floor: usize) -> Option<Range<usize>> {
    if !matches!(text[start], b'|' | b'>') {
        return None;
    }
    let mark = text[start + 1..].iter().take_while(|byte| matches!(byte, b'-' | b'+' | b'0'..=b'9')).count();
    let line = line_end(text, start);
    if !text[start + 1 + mark..line].trim_ascii().is_empty() {
        return None;
    }
    let indent = indent(text, name, floor);
    let end = below(text, line, indent)?;
    Some(skip_space(text, line)..end)
}

/// How deep the name stands, if it begins its line.
fn indent(text: &[u8], name: usize, floor: usize) -> usize {
    let start = line_start(text, name, floor);
    if text[start..name].iter().all(|&byte| is_space(byte) || byte == b'-') { name - start } else { 0 }
}

/// The end of the lines after `line` that stand deeper than `indent`.
fn below(text: &[u8], mut line: usize, indent: usize) -> Option<usize> {
    let mut end = None;
    while line < text.len() {
        let start = if text[line..].starts_with(b"\r\n") { line + 2 } else { line + 1 };
        let next = line_end(text, start.min(text.len()));
        let deeper = text[start.min(text.len())..next].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        if deeper <= indent && start < next {
            break;
        }
        if start < next {
            end = Some(next);
        }
        line = next;
    }
    end
}
