//! Each way to write a byte by others. A function writes what the escape at `at` stands for, and gives its length; 0 if it is none.

use crate::chars::{HEX, is_at};

pub(super) fn percent(text: &[u8], at: usize, out: &mut Vec<u8>) -> usize {
    if text[at] == b'+' {
        out.push(b' ');
        return 1;
    }
    if !(is_at(text, at + 1, HEX) && is_at(text, at + 2, HEX)) {
        return 0;
    }
    out.push(hex(text[at + 1]) << 4 | hex(text[at + 2]));
    3
}

pub(super) fn escape(text: &[u8], at: usize, out: &mut Vec<u8>) -> usize {
    let Some(&kind) = text.get(at + 1) else { return 0 };
    let plain = match kind {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'b' => 8,
        b'f' => 12,
        b'"' | b'\\' | b'/' | b'\'' => kind,
        b'u' => return unicode(text, at, out),
        b'x' if is_at(text, at + 2, HEX) && is_at(text, at + 3, HEX) => {
            push_char(out, u32::from(hex(text[at + 2]) << 4 | hex(text[at + 3])));
            return 4;
        }
        _ => return 0,
    };
    out.push(plain);
    2
}

fn unicode(text: &[u8], at: usize, out: &mut Vec<u8>) -> usize {
    if text.get(at + 2) == Some(&b'{') {
        let digits = text[at + 3..].iter().take(6).take_while(|byte| byte.is_ascii_hexdigit()).count();
        if digits == 0 || text.get(at + 3 + digits) != Some(&b'}') {
            return 0;
        }
        push_char(out, text[at + 3..at + 3 + digits].iter().fold(0, |code, &digit| code << 4 | u32::from(hex(digit))));
        return digits + 4;
    }
    let Some(first) = four(text, at + 2) else { return 0 };
    if (0xd800..0xdc00).contains(&first)
        && text.get(at + 6..at + 8) == Some(b"\\u")
        && let Some(second @ 0xdc00..0xe000) = four(text, at + 8)
    {
        push_char(out, 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00));
        return 12;
    }
    push_char(out, first);
    6
}

fn four(text: &[u8], at: usize) -> Option<u32> {
    let digits = text.get(at..at + 4)?;
    let all = digits.iter().all(u8::is_ascii_hexdigit);
    all.then(|| digits.iter().fold(0, |code, &digit| code << 4 | u32::from(hex(digit))))
}

fn push_char(out: &mut Vec<u8>, code: u32) {
    let c = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

pub(super) fn entity(text: &[u8], at: usize, out: &mut Vec<u8>) -> usize {
    let rest = &text[at..text.len().min(at + 10)];
    let Some(end) = memchr::memchr(b';', rest) else { return 0 };
    let byte = match &rest[1..end] {
        b"quot" => b'"',
        b"apos" => b'\'',
        b"lt" => b'<',
        b"gt" => b'>',
        b"amp" => b'&',
        b"equals" => b'=',
        b"commat" => b'@',
        b"colon" => b':',
        [b'#', b'x' | b'X', digits @ ..] if !digits.is_empty() && digits.iter().all(u8::is_ascii_hexdigit) => {
            push_char(out, digits.iter().fold(0, |code, &digit| code << 4 | u32::from(hex(digit))));
            return end + 1;
        }
        [b'#', digits @ ..] if !digits.is_empty() && digits.iter().all(u8::is_ascii_digit) => {
            push_char(out, digits.iter().fold(0, |code, &digit| code * 10 + u32::from(digit - b'0')));
            return end + 1;
        }
        _ => return 0,
    };
    out.push(byte);
    end + 1
}

fn hex(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit | 0x20) - b'a' + 10,
    }
}
