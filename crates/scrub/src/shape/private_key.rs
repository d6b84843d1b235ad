use memchr::memmem;

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
    let label = head.strip_prefix(b"-----BEGIN")?;
    let close = memmem::find(label, b"-----").unwrap_or(label.len());
    let private = memmem::find(&label[..close], b"PRIVATE").is_some();
    if close == label.len() && head.len() == 80 {
        return None;
    }
    // Cut off within its first line: whichever it is, nothing follows.
    let body = from + (10 + close + 5).min(head.len());
    let end = match memmem::find(&text[body..], b"-----END") {
        Some(at) => {
            let line = body + at + 8;
            memmem::find(&text[line..text.len().min(line + 80)], b"-----").map_or(text.len().min(line + 80), |at| line + at + 5)
        }
        None => text.len(),
    };
    Some(if private { Block::Private(end) } else { Block::Public(end) })
}
