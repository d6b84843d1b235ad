//! Passwords in command lines and in the dialogues of old protocols.

use memchr::memmem;

use super::is_status;
use crate::{
    chars::{SPACE, WORD, is, is_at, run_end},
    edits::Why,
    name::{Kind, STANDARD},
    scan::{
        done::done_at,
        place::{line_end, skip_space},
        text::Text,
        value::{Quote, bare_end},
    },
};

/// How far behind a tool's name its option is looked for.
const COMMAND: usize = 512;

impl Text<'_, '_, '_> {
    /// `sshpass -p x`, `mysql -px`, `redis-cli -a x`, `ldapsearch -w x`: the tool's name stands in `start..end`.
    pub(in crate::scan) fn tool(&mut self, start: usize, end: usize) {
        let text = self.text;
        let name = text[start..end].trim_ascii_end();
        let Some(option) = password_option(name, &text[end..]) else { return };
        let line = end.saturating_sub(1)..line_end(&text[..text.len().min(end + COMMAND)], end);
        let Some(found) = memmem::find(&text[line.clone()], option) else { return };
        let after = line.start + found + option.len();
        let spaced = is_at(text, after, SPACE);
        // With a space, mysql's would name the database.
        if spaced == name.starts_with(b"mysql") {
            return;
        }
        let value = skip_space(text, after);
        let range = match Quote::opens(text, value) {
            Some(quote) => quote.inside..quote.closes(text),
            None => value..bare_end(text, value),
        };
        let word = &text[range.clone()];
        if !matches!(word.first(), None | Some(b'-' | b'$'))
            && done_at(text, range.start).is_none()
            && Kind::Password.hides_word(word)
        {
            self.out.add(range, Why::Name(STANDARD));
        }
    }

    /// `PASS x` after `USER`, `AUTH PLAIN x`: what stands after the words in `start..end`.
    pub(in crate::scan) fn protocol_login(&mut self, start: usize, end: usize) {
        let text = self.text;
        let value = if text[start] == b'P' {
            let begins = start == 0 || !is(text[start - 1], WORD);
            let head = &text[start.saturating_sub(200)..start];
            if !begins || memmem::find(head, b"USER ").is_none() {
                return;
            }
            end
        } else {
            // SMTP's mechanism, and what it takes.
            let after = run_end(text, end, WORD);
            if !matches!(&text[end..after], b"PLAIN" | b"LOGIN") {
                return;
            }
            skip_space(text, after)
        };
        let range = value..bare_end(text, value);
        let word = &text[range.clone()];
        if done_at(text, range.start).is_none() && Kind::Password.hides_word(word) && !is_status(word) {
            self.out.add(range, Why::Name(STANDARD));
        }
    }
}

/// How this tool takes a password, if it does.
fn password_option(name: &[u8], after: &[u8]) -> Option<&'static [u8]> {
    match name {
        b"redis-cli" => Some(b" -a"),
        b"sshpass" | b"mysql" | b"mysqldump" | b"mysqladmin" => Some(b" -p"),
        b"docker" | b"podman" if after.starts_with(b" login ") => Some(b" -p"),
        _ if name.starts_with(b"ldap") => Some(b" -w"),
        _ => None,
    }
}
