use fastrand::Rng;

/// Another one plants others: each run finds all of its own.
const SEED: u64 = 0x706c_616e;

const LETTERS_DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const LOWER_DIGITS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
const UPPER_DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const HEX: &[u8] = b"0123456789abcdef";
const DIGITS: &[u8] = b"0123456789";

/// What is known by how it looks. In braces: how many letters and digits (`a`), small ones (`l`), capitals (`u`), hexadecimal
/// digits (`x`) or digits (`d`).
const SHAPES: &[&str] = &[
    "ghp_{a36}",
    "github_pat_{a22}_{a59}",
    "glpat-{a20}",
    "AKIA{u16}",
    "AIza{a35}",
    "sk_live_{a24}",
    "rk_live_{a24}",
    "xoxb-{d12}-{d13}-{a24}",
    "SG.{a22}.{a43}",
    "npm_{a36}",
    "hf_{a34}",
    "sk-ant-api03-{a93}AA",
    "sk-proj-{a74}T3BlbkFJ{a74}",
    "dop_v1_{x64}",
    "shpat_{x32}",
    "pypi-AgEIcHlwaS5vcmc{a120}",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI{a40}.{a43}",
    "{l14}@{l8}.example.com",
    "{l7}.{l7}+{l5}@example.org",
];

/// Secrets that are drawn from a seed, each but once, and where each was planted.
pub(crate) struct Secrets {
    rng: Rng,
    next_shape: usize,
    place: String,
    pub(crate) planted: Vec<Planted>,
}

pub(crate) struct Planted {
    pub(crate) value: String,
    pub(crate) place: String,
}

impl Secrets {
    pub(crate) fn new() -> Self {
        Self { rng: Rng::with_seed(SEED), next_shape: 0, place: String::new(), planted: Vec::new() }
    }

    /// Where those are planted that are drawn from here on.
    pub(crate) fn at(&mut self, place: impl Into<String>) {
        self.place = place.into();
    }

    /// Fills in a text: `{plain}` is what nothing but a name beside it gives away, `{shape}` what is known by itself, each time
    /// another; `{card}`, `{iban}`, `{ip}`, `{ip6}`, `{ssn}`, `{hex}` and `{basic}` are what they say.
    pub(crate) fn fill(&mut self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('{') {
            out += &rest[..at];
            let end = rest[at..].find('}').map(|length| at + length);
            let drawn = end.and_then(|end| Some((self.draw(&rest[at + 1..end])?, end + 1)));
            let (drawn, next) = drawn.unwrap_or_else(|| ("{".to_owned(), at + 1));
            out += &drawn;
            rest = &rest[next..];
        }
        out + rest
    }

    pub(crate) fn plain(&mut self) -> String {
        self.fill("{plain}")
    }

    fn draw(&mut self, kind: &str) -> Option<String> {
        let value = match kind {
            "plain" => self.spec("{a20}"),
            // What is written in some other way in JSON, in URLs or in both.
            "odd" => self.spec("{a10}%+/=&!{a10}"),
            "shape" => {
                self.next_shape += 1;
                self.spec(SHAPES[self.next_shape % SHAPES.len()])
            }
            "email" => self.spec("{l14}@example.org"),
            "hex" => self.spec("{x32}"),
            "card" => self.card(),
            "iban" => self.iban(),
            "ip" => format!("203.{}.{}.{}", self.byte(), self.byte(), self.byte()),
            "ip6" => self.spec("2001:4860:{x4}:{x4}:{x4}:{x4}:{x4}:8844").replace(":0", ":1"),
            "ssn" => format!("{}-{}-{}", self.rng.u16(100..660), self.rng.u8(10..99), self.rng.u16(1000..9999)),
            "basic" => {
                let password = self.spec("{l8}:{a20}");
                self.plant(&password);
                super::search::base64(password.as_bytes())
            }
            _ => return None,
        };
        self.plant(&value);
        Some(value)
    }

    fn plant(&mut self, value: &str) {
        self.planted.push(Planted { value: value.to_owned(), place: self.place.clone() });
    }

    fn spec(&mut self, spec: &str) -> String {
        let mut pieces = spec.split('{');
        let mut out = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let (class, rest) = piece.split_once('}').expect("a specification closes its braces");
            let alphabet = match &class[..1] {
                "a" => LETTERS_DIGITS,
                "l" => LOWER_DIGITS,
                "u" => UPPER_DIGITS,
                "x" => HEX,
                _ => DIGITS,
            };
            let length: usize = class[1..].parse().expect("a class has a length");
            out.extend((0..length).map(|_| char::from(alphabet[self.rng.usize(..alphabet.len())])));
            out += rest;
        }
        out
    }

    /// Three digits, so that no other address begins with it.
    fn byte(&mut self) -> u8 {
        self.rng.u8(100..)
    }

    /// With the check digit that makes it one: Luhn's.
    fn card(&mut self) -> String {
        let body = self.spec("4{d14}");
        let sum: u32 = body
            .bytes()
            .rev()
            .enumerate()
            .map(|(at, digit)| {
                let digit = u32::from(digit - b'0');
                let doubled = digit * 2;
                if at % 2 == 0 { doubled / 10 + doubled % 10 } else { digit }
            })
            .sum();
        format!("{body}{}", (10 - sum % 10) % 10)
    }

    /// With the check digits that make it one: ISO 7064.
    fn iban(&mut self) -> String {
        let account = self.spec("{d18}");
        // DE is 13 14.
        let rest = format!("{account}131400").bytes().fold(0, |rest, digit| (rest * 10 + u32::from(digit - b'0')) % 97);
        format!("DE{:02}{account}", 98 - rest)
    }
}
