//! URLs in a text: who logs in by them, and what their paths give away.

use std::ops::Range;

use super::{
    ahead::Needle,
    done::{done_at, is_done},
    place::is_space,
    text::Text,
    value::{bare_end, is_tokenish},
};
use crate::{
    Shape,
    chars::{ALNUM, DIGIT, Mix, WORD, is, is_at, run_start},
    edits::Why,
    shape::{email, token},
};

/// How long an authority is looked through.
const AUTHORITY: usize = 1024;

/// Path segments after which one is a secret, if it looks random.
const BEFORE_SECRET: &[&[u8]] = &[
    b"reset",
    b"reset-password",
    b"password-reset",
    b"password",
    b"verify",
    b"verification",
    b"confirm",
    b"confirmation",
    b"activate",
    b"activation",
    b"invite",
    b"invitation",
    b"invitations",
    b"invites",
    b"magic",
    b"magic-link",
    b"unsubscribe",
    b"token",
    b"tokens",
    b"secret",
    b"auth",
    b"login",
    b"sso",
    b"share",
    b"s",
    b"unlock",
    b"recover",
    b"recovery",
    b"callback",
    b"hooks",
    b"webhook",
    b"webhooks",
    b"services",
    b"session",
    b"sessions",
    b"key",
    b"keys",
    b"join",
    b"download",
    b"link",
    b"l",
    b"reset_password",
    b"password_reset",
    b"verify-email",
    b"verify_email",
    b"email-verification",
    b"apikey",
    b"api-key",
    b"claim",
    b"accept",
    b"signin",
    b"passwordreset",
];

impl Text<'_, '_, '_> {
    /// The URL whose `://` stands at `at`.
    pub(super) fn url(&mut self, at: usize) -> usize {
        let text = self.text;
        let start = at + 3;
        let scheme = &text[run_start(text, at, at.saturating_sub(24).max(self.floor), ALNUM)..at];
        let web = scheme.eq_ignore_ascii_case(b"http")
            || scheme.eq_ignore_ascii_case(b"https")
            || scheme.eq_ignore_ascii_case(b"ws")
            || scheme.eq_ignore_ascii_case(b"wss");
        let limit = text.len().min(start + AUTHORITY);
        let whole = self.ahead.find(text, Needle::EndOfUrl, start).min(limit);
        let authority = start
            + text[start..whole]
                .iter()
                .position(|byte| matches!(byte, b'/' | b'?' | b'#' | b';'))
                .unwrap_or(whole - start);
        let mut userinfo = memchr::memrchr(b'@', &text[start..authority]).map(|found| start + found);
        if userinfo.is_none() {
            // A password that should have been encoded, and was not.
            let colon = memchr::memchr(b':', &text[start..authority]).map(|found| start + found);
            let port = colon.is_some_and(|colon| text[colon + 1..authority].iter().all(|&byte| is(byte, DIGIT)));
            if colon.is_some() && !port {
                userinfo = memchr::memrchr(b'@', &text[start..whole])
                    .map(|found| start + found)
                    .filter(|_| !web || colon.is_some());
            }
            let unfinished = userinfo.is_none() && whole == text.len() && authority == whole;
            if unfinished
                && colon.is_some()
                && !port
                && (!web || self.scan.cut || colon.is_some_and(|colon| is_tokenish(&text[colon + 1..whole])))
                && self.scan.rules.takes(Shape::Credentials)
            {
                self.add(start..whole, Why::Shape(Shape::Credentials));
                return whole;
            }
        }
        if userinfo.is_none()
            && let Some(end) = self.hook(start..authority, whole)
        {
            return end;
        }
        let Some(end) = userinfo else { return start };
        let written = &text[start..end];
        if written == b"git"
            || written.is_empty()
            || !self.scan.rules.takes(Shape::Credentials)
            || is_done(written)
            || is_template(written)
        {
            return start;
        }
        self.add(start..end, Why::Shape(Shape::Credentials));
        end + 1
    }

    /// The address of a chat's hook, which is all that one needs to write there. Its end.
    fn hook(&mut self, host: Range<usize>, whole: usize) -> Option<usize> {
        const HOOKS: [(&[u8], &[u8]); 7] = [
            (b"hooks.slack.com", b"/services/"),
            (b"hooks.slack.com", b"/workflows/"),
            (b"hooks.slack.com", b"/triggers/"),
            (b"discord.com", b"/api/webhooks/"),
            (b"discordapp.com", b"/api/webhooks/"),
            (b"webhook.office.com", b"/webhookb2/"),
            (b"hooks.zapier.com", b"/hooks/catch/"),
        ];
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
        Some(self.add_token(start..end))
    }

    /// `user:password@host` without a scheme, where it cannot be an e-mail address.
    pub(super) fn bare_userinfo(&mut self, at: usize) -> Option<usize> {
        let text = self.text;
        if !self.scan.rules.takes(Shape::Credentials) {
            return None;
        }
        let least = at.saturating_sub(160).max(self.floor);
        memchr::memchr(b':', &text[least..at])?;
        let part = |byte: u8| {
            !is_space(byte)
                && !matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'`' | b'/' | b'(' | b',' | b';' | b'{' | b'[' | b'|')
        };
        let mut start = at;
        while start > least && part(text[start - 1]) {
            start -= 1;
        }
        // What was replaced by a hash: `[credentials:…]`.
        if start.checked_sub(1).is_some_and(|open| done_at(text, open).is_some()) {
            return None;
        }
        if let Some(equals) = memchr::memrchr(b'=', &text[start..at])
            .filter(|&found| memchr::memchr(b':', &text[start + found..at]).is_some())
        {
            start += equals + 1;
        }
        let colon = start + memchr::memchr(b':', &text[start..at])?;
        let user = &text[start..colon];
        let named = !user.is_empty()
            && user.iter().all(|&byte| is(byte, WORD) || byte == b'.' || byte == b'$')
            && colon + 1 < at;
        if !named {
            return None;
        }
        const LABELS: [&[u8]; 18] = [
            b"mailto",
            b"email",
            b"mail",
            b"e-mail",
            b"from",
            b"to",
            b"cc",
            b"bcc",
            b"user",
            b"username",
            b"contact",
            b"author",
            b"sip",
            b"xmpp",
            b"acct",
            b"owner",
            b"login",
            b"npm",
        ];
        if LABELS.iter().any(|label| user.eq_ignore_ascii_case(label)) {
            return None;
        }
        let host = &text[at + 1..text.len().min(at + 80)];
        let tells = host.starts_with(b"tcp(") || host.starts_with(b"unix(") || host.first() == Some(&b'[') || {
            let length = host.iter().take_while(|&&byte| is(byte, ALNUM) || matches!(byte, b'.' | b'-' | b'_')).count();
            let name = &host[..length];
            let digest = name.starts_with(b"sha");
            let version = name.iter().all(|&byte| is(byte, DIGIT) || byte == b'.')
                && name.iter().filter(|&&byte| byte == b'.').count() < 3;
            length > 0 && !digest && !version
        };
        let length = host.iter().take_while(|&&byte| is(byte, ALNUM) || matches!(byte, b'.' | b'-' | b'_')).count();
        let address = email::around(text, at, self.floor, false).is_some_and(|found| found.start == colon + 1);
        let served = matches!(host.get(length), Some(b':' | b'/')) || memchr::memchr(b'.', &host[..length]).is_none();
        if !tells || (address && !served) {
            return None;
        }
        self.add(start..at, Why::Shape(Shape::Credentials));
        Some(at + 1)
    }

    /// Oracle's `user/password@//host`. The `@` stands at `at`.
    pub(super) fn thin_login(&mut self, at: usize) -> Option<usize> {
        let text = self.text;
        if !text[at..].starts_with(b"@//") || !self.scan.rules.takes(Shape::Credentials) {
            return None;
        }
        let least = at.saturating_sub(160).max(self.floor);
        let start = least
            + text[least..at]
                .iter()
                .rposition(|&byte| is_space(byte) || matches!(byte, b':' | b'"' | b'\'' | b'='))
                .map_or(0, |found| found + 1);
        memchr::memchr(b'/', &text[start..at])?;
        self.add(start..at, Why::Shape(Shape::Credentials));
        Some(at + 1)
    }

    /// `-u user:password`, as curl and others take it. `at` is the colon.
    pub(super) fn user_option(&mut self, at: usize) -> Option<usize> {
        let text = self.text;
        let least = at.saturating_sub(64).max(self.floor);
        let start = run_start(text, at, least, WORD);
        if start == at || start < 3 || !matches!(text[start - 1], b' ' | b'"' | b'\'' | b'=') {
            return None;
        }
        let head =
            text[..start].strip_suffix(b"\"").or_else(|| text[..start].strip_suffix(b"'")).unwrap_or(&text[..start]);
        let option = [&b" -u "[..], b" -u", b" --user ", b" --user=", b" --proxy-user ", b" -U ", b" -a "]
            .iter()
            .any(|option| head.ends_with(option));
        if !option || start == at || !self.scan.rules.takes(Shape::Credentials) {
            return None;
        }
        let end = bare_end(text, at + 1);
        if end == at + 1 {
            return None;
        }
        self.add(at + 1..end, Why::Shape(Shape::Credentials));
        Some(end)
    }

    /// A path's segment that is a secret: a link that resets a password, a hook's address.
    pub(super) fn path_token(&mut self, run: &Range<usize>, mix: Mix) -> Option<usize> {
        let text = self.text;
        if run.start == 0 || text[run.start - 1] != b'/' || !mix.is_mixed() || !self.scan.rules.takes(Shape::Token) {
            return None;
        }
        let value = &text[run.clone()];
        if !(is_tokenish(value) || token::is_hex(value) || token::is_uuid(value)) {
            return None;
        }
        // Up to three segments back: `/services/T…/B…/…`.
        let mut end = run.start - 1;
        for distance in 0..3 {
            let least = end.saturating_sub(48).max(self.floor);
            let start = run_start(text, end, least, WORD);
            let segment = &text[start..end];
            let known = BEFORE_SECRET.iter().any(|word| segment.eq_ignore_ascii_case(word));
            let hook = matches!(
                segment,
                b"services" | b"webhooks" | b"hooks" | b"webhook" | b"webhookb2" | b"IncomingWebhook"
            );
            if (distance == 0
                && known
                && !(token::is_uuid(value)
                    && matches!(
                        segment,
                        b"s" | b"services"
                            | b"download"
                            | b"l"
                            | b"key"
                            | b"keys"
                            | b"session"
                            | b"sessions"
                            | b"auth"
                            | b"login"
                            | b"share"
                            | b"token"
                            | b"tokens"
                            | b"link"
                            | b"hooks"
                            | b"webhooks"
                            | b"webhook"
                            | b"callback"
                            | b"secret"
                            | b"invitations"
                            | b"invites"
                    )))
                || hook
            {
                return Some(self.add_token(run.clone()));
            }
            if start == 0 || text[start - 1] != b'/' || start == end {
                break;
            }
            end = start - 1;
        }
        None
    }

    fn add_token(&mut self, range: Range<usize>) -> usize {
        let end = range.end;
        self.add(range, Why::Shape(Shape::Token));
        end
    }
}

/// `$USER:$PASSWORD`, in a text that explains.
fn is_template(userinfo: &[u8]) -> bool {
    userinfo.starts_with(b"$")
        && is_at(userinfo, 1, WORD)
        && userinfo.iter().all(|&byte| is(byte, WORD) || matches!(byte, b'$' | b':'))
}
