//! Runs of word characters: what is asked of each, in which order.

use std::ops::Range;

use super::Text;
use crate::{
    Shape,
    chars::{ALNUM, DIGIT, Mix, WORD, is, run_end, run_start},
    shape::{iban, token},
};

/// No path's segment that is shorter is a secret.
const PATH_TOKEN: usize = 16;

impl Text<'_, '_, '_> {
    /// The run of word characters around `at`. Where to go on.
    pub(super) fn word(&mut self, at: usize) -> usize {
        if let Some(end) = self.percent(at) {
            return end;
        }
        let public = self.public.partition_point(|public| public.end <= at);
        if let Some(public) = self.public.get(public).filter(|public| public.contains(&at)) {
            return public.end;
        }
        let run = self.run(at);
        let written = &self.text[run.clone()];
        if written.is_empty() || is_date(written) || is_whole_id(&run, written) {
            return run.end;
        }
        self.shaped(&run, Mix::of(written)).unwrap_or(run.end)
    }

    /// The run of word characters around `at`, without what an escape before it makes part of it.
    fn run(&mut self, at: usize) -> Range<usize> {
        let text = self.text;
        let mut run = run_start(text, at, self.floor, WORD)..run_end(text, at, WORD);
        // A terminal's colour: `ESC [ 3 1 m`.
        if text[..run.start].ends_with(b"\x1b[") {
            let digits = run_end(text, run.start, DIGIT);
            if digits < run.end && text[digits] == b'm' {
                run.start = digits + 1;
                self.floor = run.start;
                if run.is_empty() {
                    return run;
                }
            }
        }
        // An escape that nobody took off: `\n`.
        let escaped = text[..run.start].ends_with(b"\\") && matches!(text[run.start], b'n' | b'r' | b't');
        if escaped && run.len() > 1 {
            run.start += 1;
            self.floor = run.start;
        }
        run
    }

    /// What the run is, by its shape or by what stands before it. Its end.
    fn shaped(&mut self, run: &Range<usize>, mix: Mix) -> Option<usize> {
        if run.start > 0
            && self.text[run.start - 1] == b' '
            && let Some(end) = self.scheme(run)
        {
            return Some(end);
        }
        if mix.letters() > 0
            && self.scan.rules.takes(Shape::Token)
            && let Some(end) = self.token(run)
        {
            return Some(end);
        }
        if mix.digits > 0
            && let Some(end) = self.numbers(run)
        {
            return Some(end);
        }
        if mix.letters() > 0
            && mix.digits >= 2
            && let Some(end) = iban::number(self.text, run.start, self.scan.cut)
            && self.stands_alone(run.start)
        {
            return Some(self.add_shape(run.start..end, Shape::Iban));
        }
        if let Some(end) = self.told_run(run, mix) {
            return Some(end);
        }
        if run.len() >= PATH_TOKEN { self.path_token(run, mix) } else { None }
    }

    fn stands_alone(&self, start: usize) -> bool {
        start == 0 || start == self.floor || !is(self.text[start - 1], ALNUM)
    }
}

/// A date, perhaps with an hour: most of what has digits in it is one.
fn is_date(run: &[u8]) -> bool {
    let form: &[u8] = match run.len() {
        10 => b"0000-00-00",
        13 => b"0000-00-00T00",
        _ => return false,
    };
    run[0] < b'3'
        && run.iter().zip(form).all(|(&byte, &form)| if form == b'0' { is(byte, DIGIT) } else { byte == form })
}

/// Whether all of the text is one id, as of a trace: a value without anything around it.
fn is_whole_id(run: &Range<usize>, written: &[u8]) -> bool {
    run.start == 0 && matches!(written.len(), 16 | 32 | 40) && token::is_id(written)
}
