//! What is looked for by itself, before all else: it tells what the text around it is.

use std::sync::LazyLock;

use aho_corasick::{
    Span,
    packed::{Config, MatchKind, Searcher},
};

use super::Text;
use crate::{
    Shape,
    chars::{WORD, run_end},
    edits::Why,
    scan::sql,
    shape::private_key,
};

/// What a literal begins. What follows it may have no trigger.
#[derive(Clone, Copy)]
enum Literal {
    Pem,
    /// `PuTTY`'s private key, which says of how many lines it is.
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

impl Text<'_, '_, '_> {
    /// What has no trigger in it.
    pub(super) fn literals(&mut self) {
        let text = self.text;
        let mut at = 0;
        // A word is told of once, however often such a literal stands in it.
        let mut word = 0;
        while let Some(found) = FOUND.find_in(text, Span { start: at, end: text.len() }) {
            let (start, end) = (found.start(), found.end());
            at = end;
            match Literal::ALL[found.pattern().as_usize()].1 {
                Literal::Pem => at = self.pem(start).unwrap_or(end),
                Literal::Lines => at = self.key_lines(end).unwrap_or(end),
                Literal::Password | Literal::Tool if start < word => {}
                Literal::Password => {
                    word = run_end(text, end, WORD);
                    self.told_password(word);
                }
                Literal::Values => sql::values(self, start, end),
                Literal::Tool => {
                    word = run_end(text, end, WORD);
                    self.tool(start, word);
                }
                Literal::Login => self.protocol_login(start, end),
            }
        }
    }

    /// Takes a private key out, and notes where one that is public stands. Its end.
    fn pem(&mut self, start: usize) -> Option<usize> {
        let block = private_key::block(self.text, start)?;
        let (private_key::Block::Private(end) | private_key::Block::Public(end)) = block;
        if matches!(block, private_key::Block::Private(_)) && self.scan.rules.takes(Shape::PrivateKey) {
            self.out.add(start..end, Why::Shape(Shape::PrivateKey));
        }
        self.public.push(start..end);
        Some(end)
    }

    fn key_lines(&mut self, start: usize) -> Option<usize> {
        let lines = private_key::lines(self.text, start).filter(|_| self.scan.rules.takes(Shape::PrivateKey))?;
        let end = lines.end;
        self.public.push(lines.clone());
        self.out.add(lines, Why::Shape(Shape::PrivateKey));
        Some(end)
    }
}
