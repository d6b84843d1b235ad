use super::{
    known::RulesId,
    meaning::{Kind, Meaning, STANDARD},
    user::{Found, UserNames},
    vocabulary::{
        ABOUT, ASKING, AUTH, CARD, CODE, COUNTED, DIGEST, HOLDER, KEY, LINE, NUMBER, OF_CODE, OF_KEY, OF_NUMBER,
        OF_PASS, PASS, PASSWORD, PERSONAL, PHRASES, PLURAL, SECRET, SESSION, SIGNATURE, TOKEN, VERSION,
    },
    word::{OPENS_PHRASE, flags_of},
    words::Words,
};

/// The rules by name.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    pub(crate) id: RulesId,
    pub(crate) user: UserNames,
    /// Whether personal data goes by its name, too.
    pub(crate) personal: bool,
    /// Whether the standard's names are rules at all.
    pub(crate) standard: bool,
}

/// Words for passwords in scripts that have no spaces.
const WRITTEN: [&str; 8] = ["密码", "密碼", "口令", "パスワード", "비밀번호", "סיסמה", "कूटशब्द", "كلمة المرور"];

/// Without a word that says one of these, a name says nothing.
const TOLD: u32 = OPENS_PHRASE
    | PASSWORD
    | SECRET
    | TOKEN
    | SESSION
    | KEY
    | AUTH
    | CODE
    | CARD
    | NUMBER
    | PASS
    | SIGNATURE
    | DIGEST
    | VERSION;

impl Names {
    /// What this name says. Percent-encoding and `\u` escapes in it are the caller's business.
    pub(crate) fn meaning(&self, name: &[u8]) -> Meaning {
        // No word that says something is shorter.
        if name.len() < 2 {
            return Meaning::Plain;
        }
        if !name.is_ascii() {
            if self.standard && WRITTEN.iter().any(|word| memchr::memmem::find(name, word.as_bytes()).is_some()) {
                return Meaning::Secret(Kind::Password, STANDARD);
            }
            // Capitals of other scripts.
            let lower = String::from_utf8_lossy(&name[name.len().saturating_sub(256)..]).to_lowercase();
            if lower.as_bytes() != name && lower.len() < 512 {
                return self.meaning(lower.as_bytes());
            }
        }
        let words = Words::of(name);
        if words.len() == 0 {
            return Meaning::Plain;
        }
        if !self.user.is_empty() {
            match self.user.find(&words) {
                Some(Found::Rule(strategy)) => return Meaning::Secret(Kind::Password, strategy),
                Some(Found::Allowed) => return Meaning::Plain,
                None => {}
            }
        }
        if self.standard { self.standard(&words) } else { Meaning::Plain }
    }

    fn standard(&self, words: &Words) -> Meaning {
        let mut flags = [0_u32; 24];
        let mut any = 0;
        for (i, slot) in flags.iter_mut().enumerate().take(words.len()) {
            *slot = flags_of(words.get(i));
            any |= *slot;
        }
        let flags = &flags[..words.len()];
        if any == 0 {
            return Meaning::Plain;
        }
        let personal = if self.personal { PERSONAL } else { 0 };
        if any & (TOLD | personal) == 0 {
            return Meaning::Plain;
        }
        let mut found = None;
        for i in 0..flags.len() {
            if let Some((kind, end)) = self.evidence(words, flags, i)
                && !is_about(flags, i, end)
            {
                let better = found.is_none_or(|kept| kept == Kind::Random || kept == Kind::Plural);
                if better {
                    found = Some(kind);
                }
            }
        }
        let last = flags[flags.len() - 1];
        match found {
            Some(kind) => Meaning::Secret(kind, STANDARD),
            None if any & DIGEST != 0 => Meaning::Digest,
            None if last & VERSION != 0 => Meaning::Version,
            None => Meaning::Plain,
        }
    }

    /// Whether the words that begin at `i` name a secret, and where they end.
    fn evidence(&self, words: &Words, flags: &[u32], i: usize) -> Option<(Kind, usize)> {
        if flags[i] & OPENS_PHRASE != 0 {
            for (phrase, kind) in PHRASES {
                if i + phrase.len() <= words.len()
                    && phrase.iter().enumerate().all(|(k, word)| words.get(i + k) == word.as_bytes())
                    && (kind & PERSONAL == 0 || self.personal)
                {
                    return Some((kind_of(*kind), i + phrase.len()));
                }
            }
        }
        let flag = flags[i];
        let before = if i > 0 { flags[i - 1] } else { 0 };
        let after = flags.get(i + 1).copied();
        let is_last = after.is_none();
        let held = is_last || after.is_some_and(|after| after & HOLDER != 0);
        let is_held = flag & (TOKEN | SESSION | AUTH) != 0 && held;
        let is_of = (flag & KEY != 0 && before & OF_KEY != 0) || (flag & CODE != 0 && before & OF_CODE != 0);
        let found = if flag & (PASSWORD | SECRET) != 0 {
            kind_of(flag)
        } else if flag & TOKEN != 0 && before & COUNTED != 0 && flag & PLURAL != 0 {
            return None;
        } else if is_held || is_of {
            kind_of(flag)
        } else if flag & CARD != 0 && after.is_some_and(|after| after & NUMBER != 0) {
            return Some((Kind::Token, i + 2));
        } else if flag & NUMBER != 0 && before & OF_NUMBER != 0 {
            Kind::Token
        } else if flag & PASS != 0 && (words.len() == 1 || (is_last && before & OF_PASS != 0)) {
            Kind::Plural
        } else if flag & SIGNATURE != 0 && held {
            Kind::Random
        } else if flag & PERSONAL != 0 && self.personal && is_last {
            Kind::Password
        } else {
            return None;
        };
        Some((found, i + 1))
    }
}

/// Whether what is told is not the secret, but something about it: how many there are, when it ends, whether there is one.
fn is_about(flags: &[u32], from: usize, to: usize) -> bool {
    let last = flags[flags.len() - 1];
    (to < flags.len() && last & ABOUT != 0) || (from > 0 && flags[0] & ASKING != 0)
}

fn kind_of(flag: u32) -> Kind {
    if flag & LINE != 0 {
        Kind::Line
    } else if flag & PLURAL != 0 {
        Kind::Plural
    } else if flag & (PASSWORD | PERSONAL) != 0 {
        Kind::Password
    } else if flag & SIGNATURE != 0 {
        Kind::Random
    } else {
        Kind::Token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_by_their_words() {
        let names = Names { id: RulesId::next(), user: UserNames::default(), personal: false, standard: true };
        let goes = "password userPassword new_password_confirmation stripeApiKey X-Forwarded-Authorization mysql_pwd \
             connect.sid __Secure-next-auth.session-token csrfmiddlewaretoken cardNumber cvv ssn otp pin \
             db_pass API_KEY access_token user[password] SESSION Set-Cookie authToken2 PHPSESSID newpassword \
             passwordConfirmation credit_card_number AWS_SECRET_ACCESS_KEY x-functions-key пароль";
        for name in goes.split_ascii_whitespace() {
            assert!(matches!(names.meaning(name.as_bytes()), Meaning::Secret(..)), "{name}");
        }
        let stays = "author token_count secretary passenger keyboard bypass session_count shipping max_tokens \
             prompt_tokens password_changed_at has_password token_type public_key key compass session_duration \
             auth_method cookie_domain passwordless tokenizer status_code order_number country_code primaryKey \
             postcode pinned spinner cached_tokens passed passing signed_up";
        for name in stays.split_ascii_whitespace() {
            assert!(!matches!(names.meaning(name.as_bytes()), Meaning::Secret(..)), "{name}");
        }
        assert_eq!(names.meaning(b"tokens_used"), Meaning::Plain);
    }
}
