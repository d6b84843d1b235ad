use std::{error::Error, fmt};

use tower_telemetry_scrub::Scrubber;
use tracing::field::{Field, Visit};
use tracing_subscriber::{
    field::RecordFields,
    fmt::{FormatFields, format::Writer},
};

/// Formats the fields of spans and events as `tracing_subscriber::fmt` does, scrubbed: a field by its name and what is in it, a
/// message by what is in it.
///
/// ```
/// use tower_telemetry_scrub::{BuildError, Scrub};
/// use tower_telemetry_trace::ScrubFields;
///
/// # fn main() -> Result<(), BuildError> {
/// let scrubber = Scrub::standard().build()?;
/// let subscriber = tracing_subscriber::fmt().fmt_fields(ScrubFields::new(scrubber)).finish();
/// # tracing::subscriber::with_default(subscriber, || {
/// tracing::info!(password = "hunter2", "signed in"); // INFO … signed in password="[Filtered]"
/// # });
/// # Ok(()) }
/// ```
///
/// It costs an allocation for each field. A subscriber that writes JSON has its own formatter of fields: there, use
/// [`ScrubWriter`](crate::ScrubWriter).
#[derive(Clone, Debug)]
pub struct ScrubFields {
    scrubber: Scrubber,
}

impl ScrubFields {
    /// Formats fields by these rules.
    pub fn new(scrubber: Scrubber) -> Self {
        Self { scrubber }
    }
}

impl<'writer> FormatFields<'writer> for ScrubFields {
    fn format_fields<R: RecordFields>(&self, writer: Writer<'writer>, fields: R) -> fmt::Result {
        let mut line = Line { writer, scrubber: &self.scrubber, empty: true, result: Ok(()) };
        fields.record(&mut line);
        line.result
    }
}

struct Line<'a, 'writer> {
    writer: Writer<'writer>,
    scrubber: &'a Scrubber,
    empty: bool,
    result: fmt::Result,
}

impl Line<'_, '_> {
    fn field(&mut self, name: &str, value: &str, quoted: bool) {
        if self.result.is_ok() {
            self.result = self.write(name, value, quoted);
        }
    }

    fn write(&mut self, name: &str, value: &str, quoted: bool) -> fmt::Result {
        // What the `log` crate's records bring along, which the formatter has shown already.
        if name.starts_with("log.") {
            return Ok(());
        }
        if !std::mem::take(&mut self.empty) {
            self.writer.write_char(' ')?;
        }
        if name == "message" {
            let scrubber = self.scrubber;
            return self.plain(&scrubber.text(value));
        }
        let name = name.strip_prefix("r#").unwrap_or(name);
        if self.writer.has_ansi_escapes() {
            write!(self.writer, "\x1b[3m{name}\x1b[0m\x1b[2m=\x1b[0m")?;
        } else {
            write!(self.writer, "{name}=")?;
        }
        let value = self.scrubber.value(name, value);
        if quoted { write!(self.writer, "{value:?}") } else { self.plain(&value) }
    }

    /// Without what would steer a terminal.
    fn plain(&mut self, text: &str) -> fmt::Result {
        for char in text.chars() {
            match char {
                '\n' | '\t' => self.writer.write_char(char)?,
                '\0'..='\x7f' if char.is_control() => write!(self.writer, "\\x{:02x}", u32::from(char))?,
                _ if char.is_control() => write!(self.writer, "{}", char.escape_unicode())?,
                _ => self.writer.write_char(char)?,
            }
        }
        Ok(())
    }
}

impl Visit for Line<'_, '_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.field(field.name(), value, true);
    }

    fn record_error(&mut self, field: &Field, error: &(dyn Error + 'static)) {
        self.field(field.name(), &error.to_string(), false);
        let mut sources = Vec::new();
        let mut source = error.source();
        while let Some(error) = source {
            sources.push(error.to_string());
            source = error.source();
        }
        if !sources.is_empty() {
            self.field(&format!("{}.sources", field.name()), &format!("[{}]", sources.join(", ")), false);
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.field(field.name(), &format!("{value:?}"), false);
    }
}
