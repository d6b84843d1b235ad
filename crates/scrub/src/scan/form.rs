//! Query strings and forms.

use std::{ops::Range, sync::LazyLock};

use super::{Hint, Scan, decode::Layer, value::is_random};
use crate::{
    chars::{ALNUM, TRIGGER, is},
    edits::{Edits, Why},
    name::{Meaning, STANDARD},
    word_set::WordSet,
};

/// How much of a text is looked at to know that it is a form.
const HEAD: usize = 512;

/// Parameters whose values pass a right on, if they look like it: OAuth's and SAML's answers, links by mail.
static PASSING: LazyLock<WordSet> = LazyLock::new(|| {
    WordSet::of(
        "activation code confirmation grant hash id_token_hint invite k key logout_hint magic oobcode relaystate \
         reset samlrequest samlresponse se share state sv t ticket verify x-amz-credential x-goog-credential",
    )
});

/// Whether the text is names and values with `&` between, and no space.
pub(super) fn is_form(text: &[u8]) -> bool {
    let head = &text[..text.len().min(HEAD)];
    begins(head)
        && memchr::memchr(b'&', head).is_some_and(|and| memchr::memchr(b';', &head[..and]).is_none())
        && !head
            .trim_ascii_end()
            .iter()
            .any(|&byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t' | b'"' | b'<' | b'>' | b'{'))
}

/// Whether the text begins with a name and `=`.
pub(crate) fn begins(text: &[u8]) -> bool {
    let name = |byte: u8| {
        is(byte, ALNUM) || matches!(byte, b'_' | b'-' | b'.' | b'[' | b']' | b'%' | b'+' | b'$' | b'~') || byte >= 0x80
    };
    memchr::memchr(b'=', &text[..text.len().min(HEAD)])
        .is_some_and(|equals| equals > 0 && text[..equals].iter().all(|&byte| name(byte)))
}

impl Scan<'_> {
    /// Reads the pairs in `text[range]`.
    pub(crate) fn form(&self, text: &[u8], range: Range<usize>, out: &mut Edits) {
        let mut start = range.start;
        while start <= range.end {
            let end = memchr::memchr(b'&', &text[start..range.end]).map_or(range.end, |found| start + found);
            self.form_pair(text, start..end, out);
            start = end + 1;
        }
    }

    fn form_pair(&self, text: &[u8], pair: Range<usize>, out: &mut Edits) {
        let Some(equals) = memchr::memchr(b'=', &text[pair.clone()]).map(|found| pair.start + found) else {
            self.encoded_value(text, pair, Layer::Form, out);
            return;
        };
        let name = &text[pair.start..equals];
        let value = equals + 1..pair.end;
        let meaning = self.meaning(name);
        if name.len() >= 10 || name.iter().any(|&byte| is(byte, TRIGGER) || byte == b'%') {
            self.encoded_value(text, pair.start..equals, Layer::Form, out);
        }
        match meaning {
            Meaning::Secret(kind, strategy) if kind.hides(&text[value.clone()]) => {
                out.add(value, Why::Name(strategy));
                return;
            }
            Meaning::Plain if is_passing(name) && is_random(&text[value.clone()]) => {
                out.add(value, Why::Name(STANDARD));
                return;
            }
            _ => {}
        }
        match meaning {
            Meaning::Digest => self.part(text, value, Hint::Digest, out),
            Meaning::Version => self.part(text, value, Hint::Version, out),
            _ => self.encoded_value(text, value, Layer::Form, out),
        }
    }
}

pub(super) fn is_passing(name: &[u8]) -> bool {
    PASSING.has_in_any_case(name)
}
