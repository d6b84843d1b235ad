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
    let first = *rest.first()?;
    // The longest prefix first: it knows best.
    for prefix in &by_first()[usize::from(first)] {
        if rest.starts_with(prefix.text.as_bytes()) {
            let body = from + prefix.text.len();
            let end = end_of(text, body, prefix.chars);
            let least = usize::from(prefix.rest);
            let enough = end - body >= least || (end == text.len() && end - body >= if cut { 1 } else { least.min(8) });
            if enough && (prefix.text.len() > 3 || text[body..end].iter().any(|&byte| is(byte, DIGIT))) {
                return Some(tail(text, end));
            }
        }
    }
    None
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
        if !(text[end] == b'=' || text[end] == b'%' || Mix::of(&text[start..next]).is_random()) {
            break;
        }
        end = next;
    }
    while text.get(end) == Some(&b'=') {
        end += 1;
    }
    end
}

/// A JWT, or another text of JSON in base64: `eyJ` is its `{"`. Its parts end where the dots end.
fn jwt(text: &[u8], from: usize) -> Option<usize> {
    let mut end = from;
    while end < text.len() && (is(text[end], WORD) || matches!(text[end], b'.' | b'=' | b'+' | b'/')) {
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
        Chars::Base64 => is(byte, ALNUM) || matches!(byte, b'+' | b'/' | b'='),
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

/// The prefixes by their first byte, the longest first.
fn by_first() -> &'static [Vec<&'static Prefix>; 256] {
    static BY_FIRST: LazyLock<Box<[Vec<&'static Prefix>; 256]>> = LazyLock::new(|| {
        let mut by_first = Box::new([const { Vec::new() }; 256]);
        for prefix in PREFIXES {
            by_first[usize::from(prefix.text.as_bytes()[0])].push(prefix);
        }
        for prefixes in by_first.iter_mut() {
            prefixes.sort_by_key(|prefix: &&Prefix| std::cmp::Reverse(prefix.text.len()));
        }
        by_first
    });
    &BY_FIRST
}

/// Whether a long run looks as if drawn by lot: a path, a long name or a line of dashes does not.
pub(crate) fn is_long(run: &[u8]) -> bool {
    let mix = Mix::of(run);
    let separators = run.len() - mix.letters() - mix.digits;
    let dense = separators * 12 <= run.len();
    (mix.is_random() && dense) || is_hex(run)
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
    if run.len() < 16 {
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
    let found = FORMS.captures(&text[start..end])?.get(1)?;
    Some(start + found.start()..start + found.end())
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
