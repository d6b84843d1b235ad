use crate::scrub::names::{PLAIN, Spelling};

use super::super::{Draw, finance::luhn};

/// Something harmless of this kind.
pub(crate) fn filler(draw: &mut Draw, kind: &str) -> String {
    match kind {
        "user" => (*draw.pick(&["ada", "grace", "linus", "margaret", "dennis"])).to_owned(),
        "word" => draw.word(),
        "host" => format!("{}.example.com", draw.word()),
        "path" => format!("/srv/{}/{}.rs", draw.word(), draw.word()),
        "int" => draw.rng.u32(100..99_999).to_string(),
        "port" => draw.rng.u16(1024..65_000).to_string(),
        "float" => format!("{}.{}", draw.rng.u8(..), draw.spec("{d3}")),
        "uuid" => draw.uuid(),
        "trace" | "md5" => draw.spec("{x32}"),
        "span" => draw.spec("{x16}"),
        "sha1" => draw.spec("{x40}"),
        "short" => draw.spec("{x7}"),
        "sha256" => draw.spec("{x64}"),
        "sri" => draw.spec("{s43}="),
        "ver" => format!("{}.{}.{}", draw.rng.u8(..30), draw.rng.u8(..20), draw.rng.u8(..99)),
        "date" => format!("20{}-0{}-1{}", draw.rng.u8(19..29), draw.rng.u8(1..9), draw.rng.u8(..9)),
        "time" => format!("1{}:{}:{}", draw.rng.u8(..9), draw.rng.u8(10..59), draw.rng.u8(10..59)),
        "epoch" => format!("17{}", draw.digits(8)),
        "millis" => format!("17{}", draw.digits(11)),
        "nanos" => no_card(draw, "17", 19),
        "mac" => draw.spec("{x2}:{x2}:{x2}:{x2}:{x2}:{x2}"),
        "macdash" => draw.spec("{x2}-{x2}-{x2}-{x2}-{x2}-{x2}"),
        "order" => format!("ORD-{}-{}", draw.rng.u16(2019..2029), draw.digits(7)),
        "phone" => format!("+49 30 {} {}", draw.digits(4), draw.digits(4)),
        "isbn" => format!("978-3-16-{}-{}", draw.digits(6), draw.digits(1)),
        "ean" => no_card(draw, "40", 13),
        "badcard" => no_card(draw, "4", 16),
        "badcardspaces" => {
            no_card(draw, "5", 16).as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ")
        }
        "noissuer" => format!("{}{}", draw.pick(&["1", "7", "9"]), draw.digits(15)),
        "snow" => format!("1{}", draw.digits(17)),
        "up" => draw.spec("{k8}"),
        "b64user" => draw.spec("{a8}"),
        "b64" => draw.spec("{s24}"),
        "name" => {
            let spelling = *draw.pick(&[Spelling::Snake, Spelling::Camel, Spelling::Kebab, Spelling::Pascal]);
            name(draw, spelling)
        }
        "snake" => name(draw, Spelling::Snake),
        "camel" => name(draw, Spelling::Camel),
        "kebab" => name(draw, Spelling::Kebab),
        "dotted" => format!("app.{}", name(draw, Spelling::Kebab)),
        "env" | "upper" => name(draw, Spelling::Upper),
        kind => panic!("no filler is called {kind}"),
    }
}

fn name(draw: &mut Draw, spelling: Spelling) -> String {
    let name: &&str = draw.pick(PLAIN);
    spelling.of(name)
}

/// Digits that look like a card's number, but for the check digit.
fn no_card(draw: &mut Draw, prefix: &str, length: usize) -> String {
    loop {
        let digits = format!("{prefix}{}", draw.digits(length - prefix.len()));
        if !luhn(&digits) {
            return digits;
        }
    }
}
