//! Keys that are known by what stands within them, or by their whole form.

use std::{ops::Range, sync::LazyLock};

use regex::bytes::Regex;

use super::token::is_uuid;
use crate::chars::{ALNUM, WORD, is};

/// By provider. In all of them, the least that tells a key from a word or an id.
const FORMS: &[&str] = &[
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
    // Firebase, Facebook, Stripe's and Stytch's, ClickUp, Klaviyo, LaunchDarkly, Checkout.com, Harness, eBay, Mercado Pago,
    // Baseten.
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

static FINDER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!("(?-u)(?:^|[^A-Za-z0-9_-])(?:bot)?({})(?:$|[^A-Za-z0-9])", FORMS.join("|")))
        .expect("well-formed forms")
});

/// Keys that are known by what stands within them, or by their whole form.
pub(crate) fn within(text: &[u8], start: usize, run: &Range<usize>, floor: usize) -> Option<Range<usize>> {
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
    if region.len() < 40 && region.iter().all(|&byte| is(byte, ALNUM)) || !FINDER.is_match(region) {
        return None;
    }
    let found = FINDER.captures(region)?.get(1)?;
    Some(start + found.start()..start + found.end())
}
