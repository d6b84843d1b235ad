//! Values on the lines below their names, as in YAML.

use std::ops::Range;

use super::sign::Named;
use crate::{
    edits::Why,
    name::Kind,
    scan::{
        done::done_at,
        place::{is_space, line_end, line_start, skip_space},
        text::Text,
    },
};

impl Text<'_, '_, '_> {
    /// A list on the lines below its name. YAML's other blocks begin behind the sign, so [`bare`](Self::bare) sees them.
    pub(super) fn yaml_list(&mut self, named: &Named) -> Option<usize> {
        let text = self.text;
        let start = skip_space(text, named.sign + 1);
        if text[named.sign] != b':' || named.kind == Kind::Random || start >= text.len() {
            return None;
        }
        if text[start] != b'-' {
            return self.next_line(named, start);
        }
        let indent = indent(text, named.name.start, self.floor);
        let end = below(text, line_end(text, named.sign), indent).filter(|&end| start < end)?;
        self.add(start..end, Why::Name(named.strategy));
        Some(end)
    }
}

impl Text<'_, '_, '_> {
    /// A value alone on the next line, which stands deeper: `Password:`, and then `    x`.
    fn next_line(&mut self, named: &Named, start: usize) -> Option<usize> {
        let text = self.text;
        let line = line_start(text, start, self.floor);
        let end = line_end(text, start);
        let word = text[start..end].trim_ascii_end();
        let alone = named.kind == Kind::Password
            && start >= line + 2
            && line > named.sign
            && text[named.sign + 1..line].iter().all(|&byte| is_space(byte))
            && word.iter().all(|&byte| !is_space(byte) && !matches!(byte, b':' | b'=' | b'{' | b'<' | b'$'));
        if !alone || done_at(text, start).is_some() || !named.kind.hides_word(word) {
            return None;
        }
        let end = start + word.len();
        self.add(start..end, Why::Name(named.strategy));
        Some(end)
    }
}

/// The lines below `|` or `>`.
pub(super) fn yaml_block(text: &[u8], name: usize, start: usize, floor: usize) -> Option<Range<usize>> {
    if !matches!(text[start], b'|' | b'>') {
        return None;
    }
    let mark = text[start + 1..].iter().take_while(|byte| matches!(byte, b'-' | b'+' | b'0'..=b'9')).count();
    let line = line_end(text, start);
    if !text[start + 1 + mark..line].trim_ascii().is_empty() {
        return None;
    }
    let indent = indent(text, name, floor);
    let end = below(text, line, indent)?;
    Some(skip_space(text, line)..end)
}

/// How deep the name stands, if it begins its line.
fn indent(text: &[u8], name: usize, floor: usize) -> usize {
    let start = line_start(text, name, floor);
    if text[start..name].iter().all(|&byte| is_space(byte) || byte == b'-') { name - start } else { 0 }
}

/// The end of the lines after `line` that stand deeper than `indent`.
fn below(text: &[u8], mut line: usize, indent: usize) -> Option<usize> {
    let mut end = None;
    while line < text.len() {
        let newline = if text[line..].starts_with(b"\r\n") { 2 } else { 1 };
        let start = text.len().min(line + newline);
        line = line_end(text, start);
        let deeper = text[start..line].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        if start == line {
            continue;
        }
        if deeper <= indent {
            break;
        }
        end = Some(line);
    }
    end
}
