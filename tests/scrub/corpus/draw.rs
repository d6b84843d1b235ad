use std::collections::HashMap;

use fastrand::Rng;

use super::{
    case::Known,
    encode::{base64, base64_url},
    finance, personal, providers,
};

const LOWER: &[u8] = b"abcdefghijklmnopqrstuvwxyz";
const UPPER: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const DIGITS: &[u8] = b"0123456789";
const HEX: &[u8] = b"0123456789abcdef";
const BASE32: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const LOWER_DIGITS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
const LETTERS_DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const SYLLABLES: [&str; 16] =
    ["zor", "kal", "vem", "tup", "qui", "bax", "dro", "fyn", "gle", "hoj", "wip", "mur", "nez", "pha", "sko", "yul"];

/// Draws secrets, and what stands around them.
pub(crate) struct Draw {
    pub(crate) rng: Rng,
    /// What was drawn under a label, to be drawn again in the same text.
    pub(crate) again: HashMap<String, (String, Known)>,
}

impl Draw {
    pub(crate) fn new(rng: Rng) -> Self {
        Self { rng, again: HashMap::new() }
    }

    pub(crate) fn pick<'a, T>(&mut self, among: &'a [T]) -> &'a T {
        &among[self.rng.usize(..among.len())]
    }

    pub(crate) fn chance(&mut self, percent: u8) -> bool {
        self.rng.u8(..100) < percent
    }

    pub(crate) fn run(&mut self, alphabet: &[u8], length: usize) -> String {
        (0..length).map(|_| char::from(*self.pick(alphabet))).collect()
    }

    pub(crate) fn digits(&mut self, length: usize) -> String {
        self.run(DIGITS, length)
    }

    /// Fills in a specification: `{a36}` are 36 letters and digits, `x` is hex, `d` digits, `l` lower case and digits,
    /// `u` upper case, `k` base32, `b` base64 for URLs, `s` standard base64 and `w` lower-case letters.
    pub(crate) fn spec(&mut self, spec: &str) -> String {
        let mut pieces = spec.split('{');
        let mut out = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let (class, rest) = piece.split_once('}').expect("a specification closes its braces");
            let length = class[1..].parse().expect("a class has a length");
            out += &match &class[..1] {
                "a" => self.run(LETTERS_DIGITS, length),
                "x" => self.run(HEX, length),
                "d" => self.run(DIGITS, length),
                "l" => self.run(LOWER_DIGITS, length),
                "u" => self.run(UPPER, length),
                "k" => self.run(BASE32, length),
                "w" => self.run(LOWER, length),
                "b" => self.ends_plain(b'-', b'_', length),
                "s" => self.ends_plain(b'+', b'/', length),
                class => panic!("no class {class}"),
            };
            out += rest;
        }
        out
    }

    fn any_of(&mut self, specs: &[&str]) -> String {
        let spec: &&str = self.pick(specs);
        self.spec(spec)
    }

    /// Base64, whose ends are letters or digits: no text's end can be mistaken for punctuation.
    fn ends_plain(&mut self, first: u8, second: u8, length: usize) -> String {
        let alphabet = [LETTERS_DIGITS, &[first, second]].concat();
        let middle = self.run(&alphabet, length.saturating_sub(2));
        self.run(LETTERS_DIGITS, 1) + &middle + &self.run(LETTERS_DIGITS, 1)
    }

    /// A secret of this kind, and how it can be known.
    pub(crate) fn secret(&mut self, kind: &str) -> (String, Known) {
        // Of userinfo whose end is hard to tell.
        if let Some(kind) = kind.strip_prefix("u:") {
            return (self.secret(kind).0, Known::Userinfo(usize::MAX));
        }
        let text = match kind {
            "pw" => self.password(),
            "upw" => return (self.spec("{w1}") + &self.password(), Known::Userinfo(6)),
            "pws" => self.spiked(b"@:/#?&%=+$^(){}[];,<>|~ '\"\\!"),
            "pwq" => self.spiked(b"@:/#?&%=+$^()[];,|~ '!"),
            "pw12" => return (self.spec("{w5}{d2}"), Known::Shape(7)),
            "bare" => return (self.spec("{x32}"), Known::Shape(32)),
            "pwq2" => self.spiked(b"@/#?&%=+$^()[];,|~ !"),
            "json64" => base64(format!(r#"{{"user":"{}","password":"{}"}}"#, self.syllables(2), self.password())),
            "pwu" => self.spiked(b"!$*+-._~"),
            "phrase" => [self.word(), self.word(), self.word(), self.spec("{l5}")].join(" "),
            "uni" => format!("{}é{}ж{}", self.syllables(2), self.spec("{a3}"), self.spec("{d3}")),
            "pin" => self.any_of(&["{d4}", "{d6}"]),
            "num" => format!("{}{}", self.rng.u32(1..9), self.spec("{d9}")),
            "tok" => self.any_of(&["{a20}", "{a24}", "{b32}", "{a40}", "{x32}", "{l26}", "{x40}"]),
            "short" => self.any_of(&["{l6}", "{a8}", "{x8}"]),
            "uuid" => self.uuid(),
            "hex" => self.any_of(&["{x32}", "{x40}"]),
            "b64" => self.any_of(&["{s30}==", "{s43}=", "{s22}=="]),
            "b64pw" => base64(self.password()),
            "basic" => base64(format!("{}:{}", self.syllables(2), self.password())),
            // Of lengths that no digest has.
            "long" => {
                return (self.any_of(&["{a64}", "{b86}", "{x80}", "{a100}"]), Known::Shape(64));
            }
            "jwt" => return (self.jwt(), Known::Shape(16)),
            "jwe" => return (self.spec("eyJ{a40}.{b43}.{b16}.{b60}.{b22}"), Known::Shape(16)),
            "pem" => return (self.spec(&["{s64}\n"; 4].concat()), Known::Shape(1)),
            "sshkey" => return (self.spec(&["{s70}\n"; 3].concat()), Known::Shape(1)),
            _ => return self.other(kind),
        };
        (text, Known::Name)
    }

    fn other(&mut self, kind: &str) -> (String, Known) {
        if let Some(found) = finance::secret(self, kind).or_else(|| personal::secret(self, kind)) {
            return found;
        }
        match kind.strip_prefix("key:") {
            Some(provider) => providers::named(self, provider),
            None => panic!("no secret is called {kind}"),
        }
    }

    fn password(&mut self) -> String {
        match self.rng.u8(..6) {
            0 => self.syllables(2) + &self.spec("{d2}"),
            1 => self.syllables(3),
            2 => self.spec("{a12}"),
            3 => format!("{}-{}.{}", self.syllables(1), self.syllables(1), self.spec("{d3}")),
            4 => format!("{}!{}", self.syllables(2), self.spec("{a3}")),
            _ => self.spec("{u1}") + &self.syllables(2) + "_" + &self.spec("{d4}"),
        }
    }

    /// A password with a special character in each few.
    fn spiked(&mut self, specials: &[u8]) -> String {
        let mut out = self.spec("{a3}");
        for _ in 0..self.rng.usize(2..5) {
            out.push(char::from(*self.pick(specials)));
            out += &self.spec("{a2}");
        }
        out
    }

    pub(crate) fn syllables(&mut self, count: usize) -> String {
        (0..count).map(|_| *self.pick(&SYLLABLES)).collect()
    }

    pub(crate) fn word(&mut self) -> String {
        let count = self.rng.usize(2..4);
        self.syllables(count)
    }

    pub(crate) fn uuid(&mut self) -> String {
        let version = *self.pick(&["4", "7", "1"]);
        self.spec(&format!("{{x8}}-{{x4}}-{version}{{x3}}-a{{x3}}-{{x12}}"))
    }

    fn jwt(&mut self) -> String {
        let algorithm = *self.pick(&["HS256", "RS256", "ES256", "EdDSA"]);
        let header = match self.rng.u8(..3) {
            0 => format!(r#"{{"alg":"{algorithm}","typ":"JWT"}}"#),
            1 => format!(r#"{{"typ":"JWT","alg":"{algorithm}"}}"#),
            _ => format!(r#"{{"kid":"{}","alg":"{algorithm}"}}"#, self.spec("{a10}")),
        };
        let claims = format!(r#"{{"sub":"{}","iat":17{},"n":"{}"}}"#, self.digits(6), self.digits(8), self.word());
        let signature = self.spec("{b43}");
        format!("{}.{}.{signature}", base64_url(header), base64_url(claims))
    }
}
