//! Secrets that people and programs name in a sentence: `password is x`, `invalid token "x"`, `--password x`.

use std::ops::Range;

use super::{
    Hint,
    ahead::Needle,
    is_space, line_end, named, skip_space,
    text::Text,
    value::{Quote, bare_end, is_tokenish},
};
use crate::{
    Shape,
    chars::{ALNUM, ALPHA, DIGIT, LOWER, Mix, UPPER, WORD, changes, is, is_at, run_end},
    edits::Why,
    name::{Kind, Meaning},
    shape::token,
};

/// Words that tell something about a secret where a secret might stand.
const STATUS: &[&str] = &[
    "a",
    "about",
    "accepted",
    "access",
    "active",
    "after",
    "again",
    "all",
    "already",
    "also",
    "an",
    "and",
    "any",
    "are",
    "as",
    "at",
    "authentication",
    "authorization",
    "based",
    "be",
    "because",
    "been",
    "before",
    "being",
    "both",
    "but",
    "by",
    "can",
    "cannot",
    "cant",
    "change",
    "changed",
    "check",
    "checked",
    "closed",
    "complexity",
    "confirmation",
    "contains",
    "could",
    "created",
    "deleted",
    "denied",
    "did",
    "disabled",
    "do",
    "does",
    "empty",
    "enabled",
    "ended",
    "enter",
    "entered",
    "error",
    "exceeded",
    "expected",
    "expired",
    "expires",
    "expiry",
    "failed",
    "failure",
    "field",
    "fields",
    "for",
    "found",
    "from",
    "generated",
    "get",
    "given",
    "got",
    "granted",
    "had",
    "has",
    "have",
    "here",
    "hidden",
    "how",
    "if",
    "in",
    "inactive",
    "incorrect",
    "input",
    "insufficient",
    "invalid",
    "is",
    "issued",
    "it",
    "its",
    "length",
    "loaded",
    "login",
    "manager",
    "match",
    "matches",
    "may",
    "might",
    "minimum",
    "mismatch",
    "missing",
    "must",
    "my",
    "name",
    "needed",
    "needs",
    "never",
    "new",
    "no",
    "not",
    "now",
    "of",
    "ok",
    "okay",
    "old",
    "on",
    "one",
    "only",
    "opened",
    "optional",
    "or",
    "our",
    "out",
    "over",
    "please",
    "policy",
    "prompt",
    "protected",
    "provided",
    "recovery",
    "redacted",
    "refreshed",
    "rejected",
    "removed",
    "renewed",
    "request",
    "requested",
    "required",
    "reset",
    "revoked",
    "rotated",
    "saved",
    "see",
    "sent",
    "server",
    "set",
    "should",
    "so",
    "started",
    "stopped",
    "stored",
    "string",
    "success",
    "successful",
    "successfully",
    "than",
    "that",
    "the",
    "their",
    "there",
    "these",
    "they",
    "this",
    "through",
    "to",
    "too",
    "type",
    "under",
    "unexpected",
    "unknown",
    "unset",
    "until",
    "update",
    "updated",
    "use",
    "used",
    "user",
    "using",
    "valid",
    "validated",
    "validation",
    "value",
    "verification",
    "verified",
    "via",
    "was",
    "wasn't",
    "we",
    "were",
    "when",
    "where",
    "which",
    "while",
    "who",
    "why",
    "will",
    "with",
    "without",
    "would",
    "wrong",
    "yes",
    "you",
    "your",
    "isn't",
    "can't",
    "doesn't",
    "won't",
    "don't",
    "didn't",
    "needs",
    "required.",
    "invalid.",
    "expired.",
    "incorrect.",
    "missing.",
    "authenticated",
    "unauthorized",
    "forbidden",
    "token",
    "tokens",
    "key",
    "keys",
    "write",
    "read",
    "password",
    "passwords",
    "secret",
    "secrets",
    "cookie",
    "session",
    "credentials",
    "must.",
    "ist",
    "muss",
    "est",
    "doit",
    "es",
    "debe",
    "und",
    "der",
    "die",
    "das",
    "le",
    "la",
    "el",
    "requires",
    "reader",
    "count",
    "counts",
    "limit",
    "store",
    "storage",
    "based",
    "every",
    "each",
    "some",
    "two",
    "lifetime",
    "ttl",
    "rotation",
    "replayed",
    "refresh",
    "hash",
    "hashing",
    "hashed",
    "strength",
    "audience",
    "introspection",
    "scoped",
    "signed",
    "encrypted",
    "plaintext",
    "compare",
    "comparison",
];

/// How far behind a tool's name its option is looked for.
const COMMAND: usize = 512;

/// Types, as languages write them.
const TYPES: &[&str] = &[
    "string",
    "str",
    "String",
    "&str",
    "&mut",
    "bool",
    "boolean",
    "int",
    "integer",
    "number",
    "any",
    "object",
    "bytes",
    "text",
    "char",
    "varchar",
    "float",
    "Option",
    "Vec",
    "Box",
    "Arc",
    "Rc",
    "Cow",
    "Uuid",
    "uuid",
    "SecretString",
    "SecretBox",
    "Secret",
    "Any",
    "Optional",
    "List",
    "list",
    "dict",
    "Dict",
    "Str",
    "Int",
    "Number",
    "Boolean",
    "CharSequence",
    "char[]",
    "byte[]",
    "[]byte",
    "*string",
    "std::string",
    "impl",
    "dyn",
    "T",
    "unknown",
    "never",
    "void",
    "None",
    "Buffer",
    "Uint8Array",
    "ID",
    "Redacted",
    "integer,",
    "TEXT",
    "VARCHAR",
    "CHAR",
    "BYTEA",
    "UUID",
    "BLOB",
    "JSON",
    "JSONB",
    "INTEGER",
    "BOOLEAN",
    "String!",
    "ID!",
    "string!",
    "schema",
    "z",
    "yup",
    "Joi",
    "Field",
    "Depends",
    "Annotated",
    "HttpOnly",
    "String?",
    "string?",
    "HeaderValue",
    "Bearer<",
];

pub(super) fn is_type(word: &[u8]) -> bool {
    let end = word.iter().position(|byte| b"<(,;)=!?|>.".contains(byte)).unwrap_or(word.len());
    let whole = word.strip_prefix(b"&'static ").unwrap_or(word);
    word.starts_with(b"&'")
        || word.starts_with(b"&mut ")
        || (end > 0 && TYPES.iter().any(|name| &word[..end] == name.as_bytes() || whole == name.as_bytes()))
}

pub(super) fn is_status(word: &[u8]) -> bool {
    let word = word.trim_ascii();
    let end = word.iter().rposition(|byte| byte.is_ascii_alphanumeric()).map_or(0, |at| at + 1);
    end > 0 && STATUS.iter().any(|status| word[..end].eq_ignore_ascii_case(status.as_bytes()))
}

/// Letters alone, as in a dictionary: perhaps a capital first, perhaps an apostrophe, a hyphen, or an end of a sentence.
pub(super) fn is_plain_word(word: &[u8]) -> bool {
    let mut letters = 0;
    let mut capitals = 0;
    for (i, &byte) in word.iter().enumerate() {
        if is(byte, LOWER) || byte >= 0x80 {
            letters += 1;
        } else if is(byte, UPPER) {
            letters += 1;
            capitals += 1;
        } else if !(matches!(byte, b'\'' | b'-') && i > 0)
            && !(i + 1 == word.len() && matches!(byte, b'.' | b',' | b'!' | b'?' | b':' | b';' | b')'))
        {
            return false;
        }
    }
    letters > 0 && (capitals == 0 || (capitals == 1 && is(word[0], UPPER)) || capitals == letters)
}

/// The word before `at`, with one space or two between.
pub(super) fn word_before(text: &[u8], at: usize, floor: usize) -> Option<Range<usize>> {
    let mut end = at;
    while end > floor && end + 2 > at && matches!(text[end - 1], b' ' | b'\t') {
        end -= 1;
    }
    if end == at {
        return None;
    }
    let least = end.saturating_sub(40).max(floor);
    let mut start = end;
    while start > least && (is(text[start - 1], WORD) || text[start - 1] >= 0x80) {
        start -= 1;
    }
    (start < end).then_some(start..end)
}

impl Text<'_, '_, '_> {
    /// What a sentence says of the value at `at`: that it is a secret, and of which kind.
    fn told(&self, at: usize) -> Option<(Kind, u16, Range<usize>)> {
        let text = self.text;
        let mut word = word_before(text, at, self.floor)?;
        const FILLERS: [&[u8]; 12] =
            [b"is", b"was", b"of", b"to", b"with", b"value", b"ist", b"est", b"es", b"by", b"like", b"called"];
        for _ in 0..2 {
            if FILLERS.iter().any(|filler| text[word.clone()].eq_ignore_ascii_case(filler)) {
                word = word_before(text, word.start, self.floor)?;
            }
        }
        let name = &text[word.clone()];
        // `IDENTIFIED BY 'x'`.
        if name.eq_ignore_ascii_case(b"identified") {
            return Some((Kind::Password, crate::name::STANDARD, word));
        }
        if name.len() < 3 || !could_tell(name) {
            return None;
        }
        let mut meaning = self.scan.meaning(name);
        const LAST: [&[u8]; 7] = [b"key", b"code", b"number", b"phrase", b"answer", b"string", b"id"];
        if meaning == Meaning::Plain
            && LAST.iter().any(|last| name.eq_ignore_ascii_case(last))
            && let Some(before) = word_before(text, word.start, self.floor)
        {
            meaning = self.scan.meaning(&text[before.start..word.end]);
            word.start = before.start;
        }
        match meaning {
            Meaning::Secret(kind, strategy) if kind != Kind::Random => Some((kind, strategy, word)),
            _ => None,
        }
    }

    /// A run of word characters that a sentence calls a secret. The end of the value.
    pub(super) fn told_run(&mut self, run: &Range<usize>, mix: Mix) -> Option<usize> {
        let text = self.text;
        let start = run.start.checked_sub(1)?;
        let opened = matches!(text[start], b'`' | b'(' | b'[' | b'*' | b'<');
        if !opened && !is_space(text[start]) {
            return None;
        }
        let (kind, strategy, word) = self.told(if opened { start } else { run.start })?;
        let end = bare_end(text, run.start).max(run.end);
        let value = &text[run.start..end];
        if super::done_at(text, run.start).is_some() || is_technical(value) || !self.scan.hides_word(kind, value) {
            return None;
        }
        let option = text[word.clone()].starts_with(b"-") || text[..word.start].ends_with(b"--");
        let digits = mix.digits == value.len();
        let named_code = {
            let name = text[word.clone()].to_ascii_lowercase();
            [&b"pin"[..], b"otp", b"code", b"cvv", b"cvc", b"passcode", b"ssn", b"password", b"totp", b"number"]
                .iter()
                .any(|known| name.ends_with(known))
        };
        let unit = skip_space(text, end);
        let counts = digits
            && is_at(text, unit, ALPHA)
            && unit > end
            && matches!(
                &text[unit..bare_end(text, unit)],
                b"characters"
                    | b"chars"
                    | b"times"
                    | b"attempts"
                    | b"bytes"
                    | b"of"
                    | b"seconds"
                    | b"minutes"
                    | b"days"
                    | b"bits"
                    | b"s"
            );
        let secret = if digits {
            named_code && value.len() >= 3 && (value.len() >= 4 || is_check_code(&text[word.clone()])) && !counts
        } else {
            is_tokenish(value) || (value.len() >= 6 && mix.digits > 0)
        };
        if !(option || secret) || (token::is_uuid(value) && kind == Kind::Line) {
            return None;
        }
        self.add(run.start..end, named(strategy));
        Some(end)
    }

    /// A quoted text after a quoted name: `("password", "x")`, PHP's `s:8:"password";s:1:"x";`, `"AUTH" "x"`. Its end.
    fn paired(&mut self, at: usize) -> Option<usize> {
        let text = self.text;
        let mut open = at;
        while open > self.floor && text[open - 1] == b'\\' {
            open -= 1;
        }
        let quote = text[at];
        let least = open.saturating_sub(96).max(self.floor);
        let head = &text[least..open];
        let gap = head.iter().rev().take_while(|&&byte| byte != quote).count();
        let between = &head[head.len() - gap..];
        let close = head.len().checked_sub(gap + 1)?;
        let name = head[..close].iter().rposition(|&byte| byte == quote)? + 1..close;
        let before = head[..name.start - 1].iter().rev().find(|&&byte| byte != b'\\' && byte != b' ').copied();
        let mut name = &head[name];
        while let [shorter @ .., b'\\'] = name {
            name = shorter;
        }
        if name.is_empty() {
            return None;
        }
        let header = before == Some(b',') && is(name[0], UPPER) && memchr::memchr(b'-', name).is_some();
        let listed = between.trim_ascii() == b"," && (header || matches!(before, Some(b'(' | b'[' | b'{')));
        let serialized = between.starts_with(b";s:")
            && between.ends_with(b":")
            && between[3..between.len() - 1].iter().all(|&byte| is(byte, DIGIT));
        let command = between == b" " && (name == b"AUTH" || name == b"requirepass");
        if name.is_empty() || !(listed || serialized || command) {
            return None;
        }
        let (kind, strategy) = match self.scan.meaning(name) {
            Meaning::Secret(kind, strategy) => (kind, strategy),
            _ if command => (Kind::Password, crate::name::STANDARD),
            _ => return None,
        };
        let quote = Quote::opens(text, open)?;
        let mut range = quote.inside..quote.closes(text);
        if command && let Some(last) = text[range.end..].strip_prefix(b"\" \"") {
            // The user before the password.
            range = range.end + 3..range.end + 3 + memchr::memchr(b'"', last).unwrap_or(last.len());
        }
        let value = &text[range.clone()];
        let name_again = matches!(self.scan.meaning(value), Meaning::Secret(..))
            && value.iter().all(|&byte| is(byte, LOWER) || byte == b'_');
        let plain = is_plain_word(value) && before != Some(b'(') && !serialized && !command;
        if name_again
            || plain
            || is_status(value)
            || !self.scan.hides_word(kind, value)
            || super::done_at(text, range.start).is_some()
        {
            return None;
        }
        let end = range.end;
        self.add(range, named(strategy));
        Some(end)
    }

    /// `sshpass -p x`, `mysql -px`, `redis-cli -a x`, `ldapsearch -w x`: the tool's name stands in `start..end`.
    pub(super) fn tool(&mut self, start: usize, end: usize) {
        let text = self.text;
        let name = text[start..end].trim_ascii_end();
        let option: &[u8] = match name {
            b"redis-cli" => b" -a",
            _ if name.starts_with(b"ldap") => b" -w",
            _ => b" -p",
        };
        let known = name.starts_with(b"ldap")
            || matches!(name, b"sshpass" | b"redis-cli" | b"mysql" | b"mysqldump" | b"mysqladmin")
            || (matches!(name, b"docker" | b"podman") && text[end..].starts_with(b" login "));
        if !known {
            return;
        }
        let line = end.saturating_sub(1)..line_end(&text[..text.len().min(end + COMMAND)], end);
        let Some(found) = memchr::memmem::find(&text[line.clone()], option) else { return };
        let after = line.start + found + 3;
        let spaced = is_at(text, after, crate::chars::SPACE);
        // With a space, mysql's would name the database.
        if spaced == name.starts_with(b"mysql") {
            return;
        }
        let value = skip_space(text, after);
        let range = match Quote::opens(text, value) {
            Some(quote) => quote.inside..quote.closes(text),
            None => value..bare_end(text, value.min(text.len())),
        };
        let word = &text[range.clone()];
        if super::done_at(text, range.start).is_some() {
            return;
        }
        if !word.is_empty() && !matches!(word[0], b'-' | b'$') && self.scan.hides_word(Kind::Password, word) {
            self.out.add(range, named(crate::name::STANDARD));
        }
    }

    /// `PASS x` after `USER`, `AUTH PLAIN x`: what stands after the words in `start..end`.
    pub(super) fn protocol_login(&mut self, start: usize, end: usize) {
        let text = self.text;
        if text[start] == b'P' {
            let head = &text[start.saturating_sub(200)..start];
            let begins = start == 0 || !is(text[start - 1], WORD);
            if !begins || memchr::memmem::find(head, b"USER ").is_none() {
                return;
            }
        }
        let value = if text[start] == b'A' {
            // SMTP's mechanism, and what it takes.
            let after = run_end(text, end, WORD);
            if !matches!(&text[end..after], b"PLAIN" | b"LOGIN") {
                return;
            }
            skip_space(text, after)
        } else {
            end
        };
        let range = value..bare_end(text, value.min(text.len()));
        if range.is_empty() || super::done_at(text, range.start).is_some() {
            return;
        }
        if self.scan.hides_word(Kind::Password, &text[range.clone()]) && !is_status(&text[range.clone()]) {
            self.out.add(range, named(crate::name::STANDARD));
        }
    }

    /// A quoted text that a sentence calls a secret: `invalid password "x"`. Its end.
    pub(super) fn told_quote(&mut self, at: usize) -> Option<usize> {
        if let Some(end) = self.paired(at) {
            return Some(end);
        }
        let text = self.text;
        let mut open = at;
        while open > self.floor && text[open - 1] == b'\\' {
            open -= 1;
        }
        if open == self.floor || !matches!(text[open - 1], b' ' | b'(' | b'[') {
            return None;
        }
        // SQL's `PASSWORD('x')`.
        if text[open - 1] == b'(' {
            let name =
                crate::chars::run_start(text, open - 1, (open - 1).saturating_sub(40).max(self.floor), WORD)..open - 1;
            let quote = Quote::opens(text, open)?;
            let range = quote.inside..quote.closes(text);
            let called = !name.is_empty() && is(text[name.start], UPPER);
            if called
                && let Meaning::Secret(kind, strategy) = self.scan.meaning(&text[name])
                && self.scan.hides_word(kind, &text[range.clone()])
                && super::done_at(text, range.start).is_none()
            {
                let end = range.end;
                self.add(range, named(strategy));
                return Some(end);
            }
        }
        let (kind, strategy, word) =
            self.told(open - usize::from(text[open - 1] != b' ')).or_else(|| self.told(open))?;
        let quote = Quote::opens(text, open)?;
        let close = quote.closes(text);
        let value = &text[quote.inside..close];
        let before = word_before(text, word.start, self.floor).map(|word| text[word].to_ascii_lowercase());
        let syntax = before.is_some_and(|word| {
            matches!(&word[..], b"unexpected" | b"expected" | b"next" | b"unknown" | b"missing" | b"no" | b"field")
        });
        let words = value.iter().filter(|&&byte| byte == b' ').count();
        if close > self.ahead.find(text, Needle::Line, open)
            || syntax
            || value.len() < 3
            || words > 4
            || !self.scan.hides_word(kind, value)
        {
            return None;
        }
        // A field's name, or a message, is quoted more often than a secret of small letters.
        if kind != Kind::Password && is_plain_word(value) && value.len() < 16 {
            return None;
        }
        if matches!(self.scan.meaning(value), Meaning::Secret(..))
            && value.iter().all(|&byte| is(byte, LOWER) || byte == b'_')
        {
            return None;
        }
        self.add(quote.inside..close, named(strategy));
        Some(close)
    }

    /// `--password x` and `password is x` with a word for a password. `at` is where `password` ends.
    pub(super) fn told_password(&mut self, at: usize) {
        let text = self.text;
        let start = crate::chars::run_start(text, at, at.saturating_sub(40), WORD);
        let option = text[start..].starts_with(b"--");
        let mut value = skip_space(text, at);
        let table = text[value.min(text.len())..].starts_with(b"| ");
        if table {
            value = skip_space(text, value + 1);
        }
        if value == at || value >= text.len() || matches!(text[value], b'\n' | b'-' | b'=' | b':') {
            return;
        }
        let first_end = bare_end(text, value);
        let login = {
            let before = &text[at.saturating_sub(80)..start];
            memchr::memmem::find(before, b"login ").is_some()
                || memchr::memmem::find(before, b"user ")
                    .is_some_and(|found| !before[found + 5..].iter().any(|&byte| byte == b'.'))
        };
        if matches!(&text[value..first_end], b"is" | b"was" | b"ist" | b"est" | b"es") {
            value = skip_space(text, first_end);
        } else if !option && !login && !table {
            return;
        }
        let end = bare_end(text, value.min(text.len()));
        if value >= end
            || is_status(&text[value..end])
            || super::done_at(text, value).is_some()
            || !is_at(text, value, ALNUM)
        {
            return;
        }
        let word = &text[value..end];
        // `the password is case sensitive`.
        let next = skip_space(text, end);
        let goes_on = !option
            && next > end
            && next < text.len()
            && !table
            && !login
            && is_plain_word(word)
            && is_plain_word(&text[next..bare_end(text, next)]);
        if self.scan.hides_word(Kind::Password, word) && !goes_on {
            let strategy = match self.scan.meaning(&text[start..at]) {
                Meaning::Secret(_, strategy) => strategy,
                _ => return,
            };
            self.out.add(value..end, named(strategy));
        }
    }

    /// Credentials behind the name of their scheme: `Bearer x`, `Basic x`. Their end.
    pub(super) fn scheme(&mut self, run: &Range<usize>) -> Option<usize> {
        let text = self.text;
        let head = text[self.floor..run.start].trim_ascii_end();
        let basic = match head.last()? | 0x20 {
            b'r' => false,
            b'c' => true,
            _ => return None,
        };
        let name: &[u8] = if basic { b"basic" } else { b"bearer" };
        let at = head.len().checked_sub(name.len())?;
        if !head[at..].eq_ignore_ascii_case(name) || (at > 0 && is(head[at - 1], ALNUM)) {
            return None;
        }
        let start = run.start;
        let mut end = start;
        while end < text.len() && (is(text[end], WORD) || matches!(text[end], b'.' | b'~' | b'+' | b'/' | b'=' | b':'))
        {
            end += 1;
        }
        while end > start && matches!(text[end - 1], b'.' | b':') {
            end -= 1;
        }
        let value = &text[start..end];
        // A challenge's parameter: `Bearer realm="api"`.
        if value.ends_with(b"=") && text.get(end) == Some(&b'"') {
            return None;
        }
        let mix = Mix::of(value);
        let enough = if basic {
            value.ends_with(b"=") || mix.digits > 0 || (mix.upper > 1 && mix.lower > 0 && changes(value) > 1)
        } else {
            mix.digits > 0 || changes(value) > 2 || value.len() >= 20 || !is_plain_word(value)
        };
        let cut = self.scan.is_cut_at(text, end) && !value.is_empty();
        let shape = if basic { Shape::Credentials } else { Shape::Token };
        if !((value.len() >= 4 && enough && !is_technical(value)) || cut) || !self.scan.rules.takes(shape) {
            return None;
        }
        self.add(start..end, Why::Shape(shape));
        Some(end)
    }

    /// Whether a digest's name stands before.
    pub(super) fn is_digest(&self, start: usize) -> bool {
        if self.hint == Hint::Digest {
            return true;
        }
        let head = &self.text[start.saturating_sub(24)..start];
        let lower = head.to_ascii_lowercase();
        const WORDS: [&[u8]; 11] = [
            b"sha",
            b"digest",
            b"checksum",
            b"md5",
            b"etag",
            b"integrity",
            b"fingerprint",
            b"blake",
            b"hash",
            b"commit",
            b"w/\"",
        ];
        WORDS.iter().any(|word| memchr::memmem::find(&lower, word).is_some())
    }
}

/// Whether a name of a secret can end so: most words do not.
fn could_tell(name: &[u8]) -> bool {
    matches!(
        name[name.len() - 1] | 0x20,
        b'd' | b't' | b'n' | b'y' | b'e' | b'p' | b'r' | b'v' | b'c' | b's' | b'w' | b'k' | b'h' | b'z'
    ) || name[name.len() - 1] >= 0x80
}

/// The three digits on a card's back.
fn is_check_code(name: &[u8]) -> bool {
    [&b"cvv"[..], b"cvc", b"csc", b"cvv2", b"cvc2"].iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// Names of methods and formats, which mix letters and digits as tokens do.
fn is_technical(value: &[u8]) -> bool {
    const WORDS: [&str; 26] = [
        "sha1", "sha256", "sha384", "sha512", "oauth2", "oauth2.0", "base64", "utf8", "utf-8", "x509", "ed25519",
        "rs256", "hs256", "es256", "hs512", "bcrypt", "argon2", "argon2id", "pbkdf2", "pkcs8", "pkcs1", "md5",
        "aes256", "aes-256", "ipv4", "http2",
    ];
    let end = value.iter().rposition(|byte| byte.is_ascii_alphanumeric()).map_or(0, |at| at + 1);
    let value = &value[..end];
    WORDS.iter().any(|word| value.eq_ignore_ascii_case(word.as_bytes()))
        || (value.len() <= 8
            && value.first().is_some_and(|&byte| byte | 0x20 == b'v')
            && value[1..].iter().all(|&byte| is(byte, DIGIT) || byte == b'.'))
}
