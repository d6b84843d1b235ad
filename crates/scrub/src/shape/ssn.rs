use crate::chars::{ALNUM, DIGIT, is_at};

/// The end of the US social security number that begins at `from`: `123-45-6789`, as far as such a number can have been given
/// out (no 000, 666 or 9xx, no 00, no 0000).
pub(crate) fn number(text: &[u8], from: usize) -> Option<usize> {
    let written = text.get(from..from + 11)?;
    let dash = written[3];
    let shaped = matches!(dash, b'-' | b' ')
        && written[6] == dash
        && written.iter().enumerate().all(|(i, byte)| i == 3 || i == 6 || byte.is_ascii_digit());
    if !shaped {
        return None;
    }
    let (area, group, serial) = (&written[..3], &written[4..6], &written[7..]);
    let given_out = area != b"000" && area != b"666" && area[0] != b'9' && group != b"00" && serial != b"0000";
    let end = from + 11;
    let goes_on = is_at(text, end, ALNUM)
        || (matches!(text.get(end), Some(b'-' | b'.' | b':')) && is_at(text, end + 1, ALNUM))
        || (dash == b' ' && text.get(end) == Some(&b' ') && is_at(text, end + 1, DIGIT));
    let goes_before = from > 0 && matches!(text[from - 1], b'-' | b'.' | b'/' | b'+' | b'_')
        || (dash == b' ' && from > 1 && text[from - 1] == b' ' && is_at(text, from - 2, DIGIT));
    (given_out && !goes_on && !goes_before).then_some(end)
}
