use std::{ops::Range, sync::LazyLock};

use regex::bytes::Regex;

use super::providers::{Chars, PREFIXES, Prefix};
use crate::chars::{ALNUM, DIGIT, HEX, Mix, UPPER, WORD, is};

/// From here on, a run of token characters is a token by its length alone.
pub(crate) const LONG: usize = 64;

/// The key of a provider, or the JWT, in the run that is `run`. It can be longer than the run.
pub(crate) fn known(text: &[u8], run: Range<usize>, cut: bool) -> Option<Range<usize>> {
    let mut at = run.start;
    loop {
        if let Some(end) = begins(text, at, cut) {
            return Some(at..end);
        }
        // A key can follow a separator: `TOKEN_ghp…`, `x-sk-…`.
        at += 1;
        while at < run.end && is(text[at - 1], ALNUM) {
            at += 1;
        }
        if at >= run.end {
            return None;
        }
    }
}

/// The end of the key or JWT that begins at `from`.
fn begins(text: &[u8], from: usize, cut: bool) -> Option<usize> {
    let rest = &text[from..];
    if rest.starts_with(b"eyJ") {
        return jwt(text, from);
    }
    let &[first, second, ..] = rest else { return None };
    // The longest prefix first: it knows best.
    for prefix in prefixes(first, second) {
        if rest.starts_with(prefix.text.as_bytes()) {
            let body = from + prefix.text.len();
            // Whether a short one is one is told by what is near.
            let near = if prefix.text.len() > 3 { text.len() } else { text.len().min(body + SHORT_PREFIX) };
            let end = end_of(&text[..near], body, prefix.chars);
            if end == near && near < text.len() && !looks_drawn(&text[body..near]) {
                continue;
            }
            let end = end_of(text, end, prefix.chars);
            let least = usize::from(prefix.rest);
            let enough = end - body >= least || (end == text.len() && end - body >= if cut { 1 } else { least.min(8) });
            if enough && (prefix.text.len() > 3 || looks_drawn(&text[body..end.min(body + SHORT_PREFIX)])) {
                return Some(tail(text, end));
            }
        }
    }
    None
}

/// How far behind a short prefix its key is looked at: the least of the longest has 150 characters.
const SHORT_PREFIX: usize = 256;

/// Whether there is more in it than letters as words have them.
fn looks_drawn(body: &[u8]) -> bool {
    body.iter().any(|&byte| is(byte, DIGIT)) || Mix::of(body).is_random(body)
}

/// Some keys go on in other characters: a checksum after `=`, a second part.
fn tail(text: &[u8], mut end: usize) -> usize {
    while end + 1 < text.len()
        && matches!(text[end], b'=' | b'.' | b'+' | b'/' | b'%' | b':' | b'~' | b'_' | b'-')
        && is(text[end + 1], ALNUM)
    {
        let start = end + 1;
        let mut next = start;
        while next < text.len() && is(text[next], WORD) {
            next += 1;
        }
        // A word after a separator is none of it.
        if !(text[end] == b'=' || text[end] == b'%' || Mix::of(&text[start..next]).is_random(&text[start..next])) {
            break;
        }
        end = next;
    }
    let padded = text[end..].iter().take_while(|&&byte| byte == b'=').count();
    end += padded;
    // Sentry's have the secret itself behind the padding.
    if padded > 0 && text.get(end) == Some(&b'_') {
        while end < text.len() && (is(text[end], WORD) || matches!(text[end], b'+' | b'/')) {
            end += 1;
        }
    }
    end
}

/// A JWT, or another text of JSON in base64: `eyJ` is its `{"`. Its parts end where the dots end.
fn jwt(text: &[u8], from: usize) -> Option<usize> {
    let mut end = from;
    let mut dots = 0;
    while end < text.len() && (is(text[end], WORD) || matches!(text[end], b'.' | b'=' | b'+' | b'/')) {
        dots += usize::from(text[end] == b'.');
        // What follows a whole one in a path.
        if text[end] == b'/' && dots > 0 {
            break;
        }
        end += 1;
    }
    while text[end - 1] == b'.' || text[end - 1] == b'/' {
        end -= 1;
    }
    (end - from >= 12).then_some(end)
}

fn end_of(text: &[u8], from: usize, chars: Chars) -> usize {
    let holds = |byte: u8| match chars {
        Chars::Alnum => is(byte, ALNUM),
        Chars::Word => is(byte, WORD),
        Chars::Hex => is(byte, HEX),
        Chars::Upper => is(byte, UPPER | DIGIT),
        Chars::Dotted => is(byte, WORD) || byte == b'.',
        Chars::Base64 => is(byte, WORD) || matches!(byte, b'+' | b'/' | b'='),
    };
    let mut end = from;
    while end < text.len() && holds(text[end]) {
        end += 1;
    }
    while end > from && text[end - 1] == b'.' {
        end -= 1;
    }
    end
}

/// The prefixes that begin with these two bytes, the longest first.
fn prefixes(first: u8, second: u8) -> &'static [&'static Prefix] {
    static BY_HEAD: LazyLock<ByHead> = LazyLock::new(ByHead::new);
    let (start, end) = BY_HEAD.places[usize::from(first & 0x7f) << 7 | usize::from(second & 0x7f)];
    &BY_HEAD.sorted[usize::from(start)..usize::from(end)]
}

/// The prefixes in order, and where those of two first bytes stand among them.
struct ByHead {
    sorted: Vec<&'static Prefix>,
    places: Vec<(u16, u16)>,
}

impl ByHead {
    fn new() -> Self {
        let head =
            |prefix: &Prefix| usize::from(prefix.text.as_bytes()[0]) << 7 | usize::from(prefix.text.as_bytes()[1]);
        let mut sorted: Vec<_> = PREFIXES.iter().collect();
        sorted.sort_by_key(|prefix| (head(prefix), std::cmp::Reverse(prefix.text.len())));
        let mut places = vec![(0, 0); 1 << 14];
        for (place, prefix) in (0..).zip(&sorted) {
            let (start, end) = &mut places[head(prefix)];
            if *end == 0 {
                *start = place;
            }
            *end = place + 1;
        }
        Self { sorted, places }
    }
}

/// Whether a long run looks as if drawn by lot: a path, a long name or a line of dashes does not.
pub(crate) fn is_long(run: &[u8]) -> bool {
    let mix = Mix::of(run);
    let separators = run.len() - mix.letters() - mix.digits;
    let dense = separators * 8 <= run.len();
    (dense && mix.is_random(run)) || is_hex(run)
}

/// Keys that are known by what stands within them, or by their whole form.
pub(crate) fn within(text: &[u8], start: usize, run: &Range<usize>, floor: usize) -> Option<Range<usize>> {
    static FORMS: LazyLock<Regex> = LazyLock::new(|| {
        let forms = [
            // Airtable, its personal tokens; Terraform; Azure's application secrets, DevOps, AI services.
            r"pat[A-Za-z0-9]{14}\.[0-9a-f]{40,64}",
            r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{40,70}",
            r"[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{24,34}",
            r"[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}",
            r"[A-Za-z0-9]{52}JQQJ99[A-Za-z0-9]{26}",
            // Mailchimp, Mailgun, Resend, Salesforce, New Relic, MaxMind.
            r"[0-9a-f]{32}-us[0-9]{1,2}",
            r"[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}",
            r"re_[A-Za-z0-9]{8}_[A-Za-z0-9]{18,24}",
            r"00D[A-Za-z0-9]{12,15}![A-Za-z0-9._]{60,}",
            r"[0-9a-fA-F]{36,40}NRAL",
            r"(AA[0-9a-f]{40}|eu01xx[0-9a-f]{36})-NRMA",
            r"[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk",
            // 1Password, Discord's and Telegram's bots, Okta, ngrok, Dropbox.
            r"A3-[A-Z0-9]{6}-([A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(-[A-Z0-9]{5}){3}",
            r"[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6,7}\.[A-Za-z0-9_-]{27,38}",
            r"[0-9]{8,10}:AA[A-Za-z0-9_-]{32,33}",
            r"00[A-Za-z0-9_-]{40}",
            r"2[A-Za-z0-9]{26}_[0-9][A-Za-z0-9]{20}",
            r"[A-Za-z0-9]{11}AAAAAAAAAA[A-Za-z0-9_=-]{43}",
            // Firebase, Facebook, GoDaddy, Twitter, Stripe's and Stytch's, ClickUp, Klaviyo, LaunchDarkly, Harness.
            r"AAAA[A-Za-z0-9_-]{7}:[A-Za-z0-9_-]{120,152}",
            r"[0-9]{15,16}\|[A-Za-z0-9_-]{27,40}",
            r"(pi|seti)_[A-Za-z0-9]{24}_secret_[A-Za-z0-9]{16,25}",
            r"secret-(live|test)-[A-Za-z0-9_-]{30,}=",
            r"pk_[0-9]{7,9}_[0-9A-Z]{32}",
            r"pk_[A-Za-z0-9]{6}_[0-9a-f]{34}",
            r"(api|sdk)-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
            r"sk_(test_)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
            r"(pat|sat)\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{20}",
            r"[A-Za-z0-9_-]+-[A-Za-z0-9_-]+-(PRD|SBX)-[0-9a-f]{8,12}-[0-9a-f]{8,12}",
            r"TEST-[0-9]{16}-[0-9]{6}-[0-9a-f]{32}-[0-9]+",
            r"[A-Za-z0-9]{8}\.[A-Za-z0-9]{32}",
        ];
        Regex::new(&format!("(?-u)(?:^|[^A-Za-z0-9_-])(?:bot)?({})(?:$|[^A-Za-z0-9])", forms.join("|")))
            .expect("well-formed forms")
    });
    if run.len() < 14 || is_uuid(&text[run.clone()]) {
        return None;
    }
    let mut end = run.end;
    while end < text.len()
        && end < run.start + 256
        && (is(text[end], WORD) || matches!(text[end], b'.' | b'~' | b'!' | b'|' | b'=' | b':'))
    {
        end += 1;
    }
    let part = |byte: u8| is(byte, WORD) || matches!(byte, b'.' | b'~' | b'!' | b'|' | b':');
    let mut start = start;
    while start > floor && start + 64 > run.start && part(text[start - 1]) {
        start -= 1;
    }
    let region = &text[start..end];
    // Trace ids and their like: of those without a separator, only the long ones are in the list.
    if region.len() < 40 && region.iter().all(|&byte| is(byte, ALNUM)) || !FORMS.is_match(region) {
        return None;
    }
    let found = FORMS.captures(region)?.get(1)?;
    Some(start + found.start()..start + found.end())
}

/// Whether it is an id in hexadecimal, in small letters.
pub(crate) fn is_id(run: &[u8]) -> bool {
    let mix = Mix::of(run);
    mix.hex == mix.len && mix.lower > 0 && mix.upper == 0
}

/// Whether all of it is hexadecimal, with digits and letters.
pub(crate) fn is_hex(run: &[u8]) -> bool {
    let mix = Mix::of(run);
    mix.hex == mix.len && mix.is_mixed()
}

/// Whether the run is a UUID.
pub(crate) fn is_uuid(run: &[u8]) -> bool {
    run.len() == 36
        && run
            .iter()
            .enumerate()
            .all(|(i, &byte)| if matches!(i, 8 | 13 | 18 | 23) { byte == b'-' } else { is(byte, HEX) })
}
