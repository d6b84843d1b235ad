use std::{
    fmt,
    io::{self, Write},
};

use tower_telemetry_scrub::Scrubber;
use tracing::Metadata;
use tracing_subscriber::fmt::MakeWriter;

/// A longer line is cut there, in bytes: a secret that is cut apart is not found.
const MAX_LINE: usize = 64 * 1024;

/// Scrubs all that is written, in any format, before the writers inside see it.
///
/// ```
/// use tower_telemetry_scrub::{BuildError, Scrub};
/// use tower_telemetry_trace::ScrubWriter;
///
/// # fn main() -> Result<(), BuildError> {
/// let scrubber = Scrub::standard().build()?;
/// let subscriber = tracing_subscriber::fmt().with_writer(ScrubWriter::new(std::io::stdout, scrubber)).finish();
/// # tracing::subscriber::with_default(subscriber, || {
/// tracing::info!("login as ada@example.com"); // INFO … login as [email]
/// # });
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct ScrubWriter<M> {
    inner: M,
    scrubber: Scrubber,
}

impl<M> ScrubWriter<M> {
    /// Scrubs what goes to the writers that `inner` makes.
    pub fn new(inner: M, scrubber: Scrubber) -> Self {
        Self { inner, scrubber }
    }
}

impl<'a, M: MakeWriter<'a>> MakeWriter<'a> for ScrubWriter<M> {
    type Writer = ScrubLines<M::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        ScrubLines::new(self.inner.make_writer(), self.scrubber.clone())
    }

    fn make_writer_for(&'a self, meta: &Metadata<'_>) -> Self::Writer {
        ScrubLines::new(self.inner.make_writer_for(meta), self.scrubber.clone())
    }
}

/// Writer that scrubs whole lines. What is not a whole line yet waits for its end, or for the drop; a line of more than 64 KiB is
/// cut.
pub struct ScrubLines<W: Write> {
    inner: W,
    scrubber: Scrubber,
    /// What has no end yet.
    open: Vec<u8>,
    /// Whether the rest of this line is dropped.
    cut: bool,
}

impl<W: Write> ScrubLines<W> {
    /// Scrubs what goes to `inner`.
    pub fn new(inner: W, scrubber: Scrubber) -> Self {
        Self { inner, scrubber, open: Vec::new(), cut: false }
    }

    /// Lines, together: a key may have several.
    fn lines(&mut self, lines: &[u8]) -> io::Result<()> {
        self.inner.write_all(&self.scrubber.bytes(lines))
    }

    /// Takes the line's beginning, to its last whole word, and forgets the rest.
    fn cut(&mut self) -> io::Result<()> {
        let open = std::mem::take(&mut self.open);
        let end = open.iter().rposition(u8::is_ascii_whitespace).unwrap_or_default();
        self.cut = true;
        self.lines(&open[..end])?;
        self.inner.write_all(b" [cut]")
    }
}

impl<W: Write> Write for ScrubLines<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut rest = bytes;
        if self.cut {
            let Some(end) = rest.iter().position(|&byte| byte == b'\n') else { return Ok(bytes.len()) };
            self.cut = false;
            self.inner.write_all(b"\n")?;
            rest = &rest[end + 1..];
        }
        if let Some(end) = rest.iter().rposition(|&byte| byte == b'\n') {
            let (whole, after) = rest.split_at(end + 1);
            rest = after;
            if self.open.is_empty() {
                self.lines(whole)?;
            } else {
                let mut lines = std::mem::take(&mut self.open);
                lines.extend_from_slice(whole);
                self.lines(&lines)?;
            }
        }
        self.open.extend_from_slice(rest);
        if self.open.len() > MAX_LINE {
            self.cut()?;
        }
        Ok(bytes.len())
    }

    /// Lines that have ended.
    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<W: Write> Drop for ScrubLines<W> {
    fn drop(&mut self) {
        let open = std::mem::take(&mut self.open);
        if !open.is_empty() {
            let _ = self.lines(&open);
        }
    }
}

impl<W: Write> fmt::Debug for ScrubLines<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScrubLines").finish_non_exhaustive()
    }
}
