use std::{ops::Range, sync::LazyLock};

use aho_corasick::{Span, packed::Searcher};
use memchr::memmem;

static END: LazyLock<Searcher> =
    LazyLock::new(|| Searcher::new(["-----END", "---- END"]).expect("few and short literals"));

/// What stands at a PEM line's beginning.
pub(crate) enum Block {
    /// A private key: it ends here.
    Private(usize),
    /// What everybody may see, such as a certificate: it ends here.
    Public(usize),
}

/// The PEM block (RFC 7468) or PGP block whose `-----BEGIN` stands at `from`. Without its end line, it goes on to the text's end.
pub(crate) fn block(text: &[u8], from: usize) -> Option<Block> {
    let head = &text[from..text.len().min(from + 80)];
    let label = head.strip_prefix(b"-----BEGIN").or_else(|| head.strip_prefix(b"---- BEGIN "))?;
    let close = memmem::find(label, b"----").unwrap_or(label.len());
    let private = memmem::find(&label[..close], b"PRIVATE").is_some();
    if close == label.len() && head.len() == 80 {
        return None;
    }
    // Cut off within its first line: whichever it is, nothing follows.
    let body = from + (10 + close + 5).min(head.len());
    // Whichever comes first: to look for either alone would read all of the text again for each block that has the other.
    let end = match END.find_in(text, Span { start: body, end: text.len() }) {
        Some(found) => {
            let line = found.end();
            memmem::find(&text[line..text.len().min(line + 80)], b"----").map_or(text.len().min(line + 80), |at| {
                line + at + 4 + usize::from(text.get(line + at + 4) == Some(&b'-'))
            })
        }
        None => text.len(),
    };
    Some(if private { Block::Private(end) } else { Block::Public(end) })
}

/// The lines of a private key as `PuTTY` writes it, whose number stands at `at`.
pub(crate) fn lines(text: &[u8], at: usize) -> Option<Range<usize>> {
    let digits = text[at..].trim_ascii_start();
    let count = digits
        .iter()
        .take(4)
        .take_while(|byte| byte.is_ascii_digit())
        .fold(0, |count, byte| count * 10 + usize::from(byte - b'0'));
    let start = at + memchr::memchr(b'\n', &text[at..text.len().min(at + 16)])? + 1;
    if text.get(start) == Some(&b'[') {
        return None;
    }
    let mut end = start;
    for _ in 0..count {
        end = memchr::memchr(b'\n', &text[end..]).map_or(text.len(), |found| end + found + 1);
    }
    let trimmed = text[start..end].trim_ascii_end().len();
    (trimmed > 0).then_some(start..start + trimmed)
}
