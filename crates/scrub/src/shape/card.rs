use crate::chars::{ALNUM, DIGIT, is, is_at};

/// The end of the payment card's number that begins at `from`: an issuer's beginning and length, a usual grouping, and Luhn's
/// check digit. With `cut`, it may end with the text.
pub(crate) fn number(text: &[u8], from: usize, cut: bool) -> Option<usize> {
    if !matches!(text[from], b'2'..=b'6') {
        return None;
    }
    let mut digits = [0_u8; 19];
    let mut count = 0;
    let mut groups = [0_u8; 8];
    let mut group = 0;
    let mut at = from;
    // Where the longest number that holds ends.
    let mut found = None;
    loop {
        while count < 19 && is_at(text, at, DIGIT) {
            digits[count] = text[at] - b'0';
            count += 1;
            groups[group] += 1;
            at += 1;
        }
        if is_at(text, at, DIGIT) {
            break;
        }
        if (12..=19).contains(&count)
            && ends(text, at)
            && is_grouped(&groups[..=group])
            && is_issued(&digits[..count])
            && luhn(&digits[..count])
        {
            found = Some(at);
        }
        let Some(next) = separator(text, at).filter(|_| group < 5 && groups[0] >= 4) else { break };
        group += 1;
        at = next;
    }
    if found.is_none() && cut && at == text.len() && count >= 8 && is_issuers(&digits[..count]) {
        return Some(at);
    }
    found
}

/// Where the next digit stands, if only a separator is between.
fn separator(text: &[u8], at: usize) -> Option<usize> {
    let rest = &text[at..];
    let width = match rest {
        [b' ' | b'-' | b'.' | b'_' | b'/' | b'+', ..] => 1,
        [0xc2, 0xa0, ..] => 2,
        [0xe2, 0x80, 0x80..=0x95 | 0xaf, ..] => 3,
        _ => return None,
    };
    let width = width + usize::from(matches!(rest, [b' ', b' ', ..]));
    is_at(text, at + width, DIGIT).then_some(at + width)
}

fn ends(text: &[u8], at: usize) -> bool {
    let fraction = text.get(at) == Some(&b'.') && is_at(text, at + 1, DIGIT);
    !is_at(text, at, ALNUM) && !fraction
}

/// Together, in fours, or as American Express and Diners write it.
#[rustfmt::skip]
fn is_grouped(groups: &[u8]) -> bool {
    matches!(
        groups,
        [_]
            | [4, 4, 4, 1..=4] | [4, 4, 4, 4, 1..=3]
            | [4, 6, 4 | 5] | [4, 4, 5 | 8] | [4, 5, 6] | [5, 5, 5] | [4, 8, 4] | [4, 3, 4, 4]
            | [6, 6..=13] | [4, 12] | [8, 8]
    )
}

fn prefix(digits: &[u8], length: usize) -> u32 {
    digits[..length].iter().fold(0, |number, &digit| number * 10 + u32::from(digit))
}

fn is_issuers(digits: &[u8]) -> bool {
    digits.len() >= 4
        && matches!(prefix(digits, 4), 3000..=3059 | 3095 | 3400..=3499 | 3528..=3589 | 3600..=3999 | 4000..=4999 | 5018..=5099 | 5100..=5599 | 5612..=5899 | 6011 | 6012..=6999 | 2221..=2720)
}

/// Whether an issuer gives out numbers that begin so and are this long.
fn is_issued(digits: &[u8]) -> bool {
    let length = digits.len();
    match prefix(digits, 4) {
        // Visa.
        4000..=4999 => matches!(length, 13 | 16 | 19),
        // Mastercard.
        5100..=5599 | 2221..=2720 => length == 16,
        // American Express.
        3400..=3499 | 3700..=3799 => length == 15,
        // Diners Club.
        3000..=3059 | 3095 | 3600..=3699 | 3800..=3999 => matches!(length, 14 | 16 | 19),
        // Mir, JCB, Discover, UnionPay, RuPay.
        2200..=2204 | 3528..=3589 | 6000..=6099 | 6200..=6299 | 6440..=6599 | 8100..=8199 => {
            (16..=19).contains(&length)
        }
        // Maestro.
        5018 | 5020 | 5038 | 5893 | 6304 | 6759 | 6761..=6763 | 6771 => (12..=19).contains(&length),
        _ => false,
    }
}

/// Luhn's check digit (ISO/IEC 7812-1, annex B).
fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, &digit)| {
            let digit = u32::from(digit);
            match (i % 2, digit * 2) {
                (0, _) => digit,
                (_, twice @ 0..=9) => twice,
                (_, twice) => twice - 9,
            }
        })
        .sum();
    // A row of one digit holds, too, but is a placeholder.
    sum.is_multiple_of(10) && digits.iter().any(|digit| digit != &digits[0])
}

/// Whether a number may begin here: not within a word, a fraction or a longer number.
pub(crate) fn may_begin(text: &[u8], from: usize) -> bool {
    let Some(before) = from.checked_sub(1) else { return true };
    match text[before] {
        b'.' => !(before > 0 && is(text[before - 1], DIGIT)),
        byte => !is(byte, ALNUM),
    }
}
