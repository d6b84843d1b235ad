//! Paths that are secrets, or have one in them.

use std::{ops::Range, sync::LazyLock};

use crate::{
    Shape,
    chars::{Mix, WORD, is, run_start},
    edits::Why,
    scan::{text::Text, value::is_tokenish},
    shape::token,
    word_set::WordSet,
};

/// Hosts of hooks, and how their paths begin.
const HOOKS: [(&[u8], &[u8]); 7] = [
    (b"hooks.slack.com", b"/services/"),
    (b"hooks.slack.com", b"/workflows/"),
    (b"hooks.slack.com", b"/triggers/"),
    (b"discord.com", b"/api/webhooks/"),
    (b"discordapp.com", b"/api/webhooks/"),
    (b"webhook.office.com", b"/webhookb2/"),
    (b"hooks.zapier.com", b"/hooks/catch/"),
];

/// Segments of a hook's path, wherever it is served.
const HOOK_PATHS: [&[u8]; 6] = [b"services", b"webhooks", b"hooks", b"webhook", b"webhookb2", b"IncomingWebhook"];

/// Segments after which one is a secret, if it looks random.
static BEFORE_SECRET: LazyLock<WordSet> = LazyLock::new(|| {
    WordSet::of(
        "accept activate activation api-key apikey auth callback claim confirm confirmation download \
         email-verification hooks invitation invitations invite invites join key keys l link login magic magic-link \
         password password-reset password_reset passwordreset recover recovery reset reset-password reset_password \
         s secret services session sessions share signin sso token tokens unlock unsubscribe verification verify \
         verify-email verify_email webhook webhooks",
    )
});

/// Those of them after which a UUID is more often the id of something.
static BEFORE_ID: LazyLock<WordSet> = LazyLock::new(|| {
    WordSet::of(
        "auth callback download hooks invitations invites key keys l link login s secret services session sessions \
         share token tokens webhook webhooks",
    )
});

impl Text<'_, '_, '_> {
    /// The address of a chat's hook, which is all that one needs to write there. Its end.
    pub(super) fn hook(&mut self, host: Range<usize>, whole: usize) -> Option<usize> {
        let text = self.text;
        let (_, path) = HOOKS
            .iter()
            .find(|(name, path)| text[host.clone()].ends_with(name) && text[host.end..whole].starts_with(path))?;
        let start = host.end + path.len();
        let mut end = start;
        while end < whole && (is(text[end], WORD) || matches!(text[end], b'/' | b'@' | b'+')) {
            end += 1;
        }
        if start == end || !self.scan.rules.takes(Shape::Token) {
            return None;
        }
        self.add(start..end, Why::Shape(Shape::Token));
        Some(end)
    }

    /// A path's segment that is a secret: a link that resets a password, a hook's address.
    pub(in crate::scan) fn path_token(&mut self, run: &Range<usize>, mix: Mix) -> Option<usize> {
        let text = self.text;
        let is_segment = run.start > 0 && text[run.start - 1] == b'/';
        if !is_segment || !mix.is_mixed() || !self.scan.rules.takes(Shape::Token) {
            return None;
        }
        let value = &text[run.clone()];
        let is_id = token::is_uuid(value);
        if !(is_id || is_tokenish(value) || token::is_hex(value)) {
            return None;
        }
        // Up to three segments back: `/services/T…/B…/…`.
        let mut end = run.start - 1;
        for distance in 0..3 {
            let least = end.saturating_sub(48).max(self.floor);
            let start = run_start(text, end, least, WORD);
            let segment = &text[start..end];
            let known = distance == 0 && BEFORE_SECRET.has_in_any_case(segment) && !(is_id && BEFORE_ID.has(segment));
            if known || HOOK_PATHS.contains(&segment) {
                self.add(run.clone(), Why::Shape(Shape::Token));
                return Some(run.end);
            }
            if start == 0 || text[start - 1] != b'/' || start == end {
                break;
            }
            end = start - 1;
        }
        None
    }
}
