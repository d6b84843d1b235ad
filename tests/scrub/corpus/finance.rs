use super::{case::Known, draw::Draw};

/// A card issuer: how its numbers begin, and how long they are.
const ISSUERS: &[(&str, usize)] = &[
    ("4", 16),
    ("51", 16),
    ("53", 16),
    ("55", 16),
    ("2221", 16),
    ("2720", 16),
    ("34", 15),
    ("37", 15),
    ("6011", 16),
    ("65", 16),
    ("3528", 16),
    ("3589", 16),
    ("300", 14),
    ("36", 14),
    ("62", 16),
];

/// A country's account numbers, in the classes of [`Draw::spec`].
const ACCOUNTS: &[(&str, &str)] = &[
    ("DE", "{d18}"),
    ("GB", "{u4}{d14}"),
    ("FR", "{d10}{d11}{d2}"),
    ("NL", "{u4}{d10}"),
    ("CH", "{d17}"),
    ("AT", "{d16}"),
    ("ES", "{d20}"),
    ("IT", "{u1}{d22}"),
    ("BE", "{d12}"),
    ("PL", "{d24}"),
    ("SE", "{d20}"),
    ("NO", "{d11}"),
    ("DK", "{d14}"),
    ("FI", "{d14}"),
    ("IE", "{u4}{d14}"),
    ("PT", "{d21}"),
    ("CZ", "{d20}"),
    ("SK", "{d20}"),
    ("HU", "{d24}"),
    ("RO", "{u4}{d16}"),
    ("GR", "{d23}"),
    ("LU", "{d16}"),
    ("SA", "{d20}"),
    ("AE", "{d19}"),
    ("TR", "{d22}"),
    ("BR", "{d23}{u1}{d1}"),
    ("LT", "{d16}"),
    ("LV", "{u4}{d13}"),
    ("EE", "{d16}"),
    ("HR", "{d17}"),
    ("MT", "{u4}{d23}"),
    ("CY", "{d24}"),
];

pub(crate) fn secret(draw: &mut Draw, kind: &str) -> Option<(String, Known)> {
    let text = match kind {
        "card" => card(draw),
        "card16" => card_of(draw, "4", 16),
        "cardspaces" => grouped(&card(draw), ' '),
        "carddashes" => grouped(&card(draw), '-'),
        "iban" => iban(draw),
        "ibanspaces" => in_fours(&iban(draw)),
        "ibanlower" => iban(draw).to_lowercase(),
        "ssn" => ssn(draw),
        "ssndigits" => return Some((ssn(draw).replace('-', ""), Known::Name)),
        "cardname" => return Some((card(draw), Known::Name)),
        "cvv" => return Some((draw.spec("{d3}"), Known::Name)),
        _ => return None,
    };
    let least = if kind == "ssn" { 11 } else { 10 };
    Some((text, Known::Shape(least)))
}

pub(crate) fn card(draw: &mut Draw) -> String {
    let (prefix, length) = *draw.pick(ISSUERS);
    card_of(draw, prefix, length)
}

fn card_of(draw: &mut Draw, prefix: &str, length: usize) -> String {
    let body = format!("{prefix}{}", draw.digits(length - 1 - prefix.len()));
    let check = (0..10).find(|check| luhn(&format!("{body}{check}"))).expect("one digit in ten fits");
    format!("{body}{check}")
}

pub(crate) fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit - b'0');
            let doubled = digit * 2;
            if place % 2 == 0 { digit } else { doubled / 10 + doubled % 10 }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// As printed on the card: 4-6-5 and 4-6-4 with fewer than sixteen digits.
fn grouped(card: &str, separator: char) -> String {
    let breaks: &[usize] = if card.len() == 16 { &[4, 8, 12] } else { &[4, 10] };
    let mut out = String::new();
    for (place, digit) in card.chars().enumerate() {
        if breaks.contains(&place) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}

fn iban(draw: &mut Draw) -> String {
    let (country, spec) = *draw.pick(ACCOUNTS);
    let account = draw.spec(spec);
    let check = 98 - remainder(&format!("{account}{country}00"));
    format!("{country}{check:02}{account}")
}

/// Of the number with letters as 10 to 35, by 97: ISO 7064.
fn remainder(text: &str) -> u32 {
    text.chars().fold(0, |rest, char| {
        let value = char.to_digit(36).expect("letters and digits alone");
        (if value < 10 { rest * 10 } else { rest * 100 } + value) % 97
    })
}

fn in_fours(text: &str) -> String {
    text.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four).into_owned()).collect::<Vec<_>>().join(" ")
}

fn ssn(draw: &mut Draw) -> String {
    let area = match draw.rng.u16(1..899) {
        666 => 665,
        area => area,
    };
    format!("{area:03}-{:02}-{:04}", draw.rng.u8(1..99), draw.rng.u16(1..9999))
}
