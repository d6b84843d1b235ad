use std::borrow::Cow;

/// A captured body, or its beginning, with what its head says of it. Default: an empty one of which nothing is known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Body<'a> {
    /// What was captured.
    pub bytes: &'a [u8],
    /// Whether more of it was not captured. Then what begins to look like a secret at its end is taken for one.
    pub cut: bool,
    /// How long all of it is, in bytes, if that is known.
    pub length: Option<u64>,
    /// The value of `Content-Type`, if there is one. It tells of a form and of a boundary; else the bytes tell.
    pub content_type: Option<&'a [u8]>,
    /// The value of `Content-Encoding`, if there is one. What is compressed is not read.
    pub content_encoding: Option<&'a [u8]>,
}

/// What can be shown of a body: the answer of [`Scrubber::body`](crate::Scrubber::body).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Described<'a> {
    /// Its text, scrubbed. Borrowed if it is as it was captured.
    Text(Cow<'a, str>),
    /// Of a body that is no text, or compressed: its kind and size, such as `[image/png, 48213 bytes]`.
    Kind(String),
}

/// How much of a body is looked at to know that it is no text.
const HEAD: usize = 1024;

impl Body<'_> {
    /// What it is, if it cannot be shown.
    pub(crate) fn kind(&self) -> Option<String> {
        let encoding = self.content_encoding.map(<[u8]>::trim_ascii).filter(|encoding| !encoding.is_empty());
        let compressed = encoding.filter(|encoding| !encoding.eq_ignore_ascii_case(b"identity"));
        if compressed.is_none() && !self.is_binary() {
            return None;
        }
        let mut kind = media_type(self.content_type).unwrap_or("binary").to_owned();
        if let Some(encoding) = compressed.and_then(|encoding| media_type(Some(encoding))) {
            kind.push_str(", ");
            kind.push_str(encoding);
        }
        Some(match self.length {
            Some(length) => format!("[{kind}, {length} bytes]"),
            None if self.cut => format!("[{kind}, more than {} bytes]", self.bytes.len()),
            None => format!("[{kind}, {} bytes]", self.bytes.len()),
        })
    }

    /// Whether it says that it is a form.
    pub(crate) fn says_form(&self) -> bool {
        const FORM: &[u8] = b"application/x-www-form-urlencoded";
        self.content_type.is_some_and(|kind| kind.get(..FORM.len()).is_some_and(|kind| kind.eq_ignore_ascii_case(FORM)))
    }

    /// By its bytes: what it says of itself may be wrong.
    fn is_binary(&self) -> bool {
        const MAGIC: [&[u8]; 10] = [
            b"\x1f\x8b",
            b"\x28\xb5\x2f\xfd",
            b"PK\x03\x04",
            b"\x89PNG",
            b"\xff\xd8\xff",
            b"GIF8",
            b"%PDF-",
            b"BZh",
            b"\xfd7zXZ",
            b"RIFF",
        ];
        // zlib's head, which deflate is sent with: its two bytes are a multiple of 31.
        let zlib = matches!(self.bytes, [0x78, flags @ (0x01 | 0x5e | 0x9c | 0xda), ..] if (0x7800 + u16::from(*flags)) % 31 == 0);
        let head = &self.bytes[..self.bytes.len().min(HEAD)];
        let control =
            head.iter().filter(|&&byte| byte < 9 || (14..32).contains(&byte) && byte != 0x1b && byte != 0x1e).count();
        let is_multipart = self.bytes.starts_with(b"--");
        zlib || MAGIC.iter().any(|magic| self.bytes.starts_with(magic))
            || (control > 0 && !is_multipart && control * 20 > head.len())
            || (head.contains(&0) && !is_multipart)
    }
}

/// A media type or a coding, as far as it is one, without parameters.
fn media_type(value: Option<&[u8]>) -> Option<&str> {
    let value = value?.trim_ascii();
    let length =
        value.iter().take(60).take_while(|&&byte| byte.is_ascii_alphanumeric() || b"/+-.".contains(&byte)).count();
    std::str::from_utf8(&value[..length]).ok().filter(|kind| !kind.is_empty())
}
