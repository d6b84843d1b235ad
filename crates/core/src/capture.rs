use std::fmt;

use bytes::Bytes;
use http::HeaderValue;

/// How much of a body is captured, for whoever reports errors.
///
/// What is captured is copied as it passes, once, into one buffer: nothing is read ahead, held back, merged or split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capture {
    /// Nothing.
    Off,
    /// Bodies of up to so many bytes. Of a larger one nothing is kept but its type and size; `UpTo(0)` is [`Off`](Self::Off).
    UpTo(usize),
}

/// What was captured of a body, up to now.
#[derive(Clone)]
pub struct CapturedBody {
    pub(crate) bytes: Bytes,
    pub(crate) omitted: Option<Omitted>,
    pub(crate) content_type: Option<HeaderValue>,
    pub(crate) seen: u64,
    pub(crate) length: Option<u64>,
}

/// Why a body's bytes were not captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Omitted {
    /// It is larger than was asked for.
    TooLarge,
    /// Its `Content-Type` says that it is no text: an image, sound, a video, a gRPC message, a file of a known binary format.
    Binary,
    /// It has a `Content-Encoding`.
    Compressed,
    /// It, or what its frames hold, is of a type that cannot be watched; see [`ObserveService`](crate::ObserveService).
    Unwatched,
}

impl Capture {
    /// 10,000 bytes: the `medium` of Sentry's SDKs.
    pub const MEDIUM: Self = Self::UpTo(10_000);

    /// The largest body that is captured, in bytes.
    pub fn limit(self) -> usize {
        match self {
            Self::Off => 0,
            Self::UpTo(limit) => limit,
        }
    }
}

impl CapturedBody {
    /// What has passed so far. Empty if it was [omitted](Self::omitted).
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Why there are no bytes, where they were not to be captured.
    pub fn omitted(&self) -> Option<Omitted> {
        self.omitted
    }

    /// Whether [`bytes`](Self::bytes) are all of it. Not if nobody has read it to its end, so far.
    pub fn is_whole(&self) -> bool {
        self.omitted.is_none() && self.length == Some(self.bytes.len() as u64)
    }

    /// Its length in bytes, if it was declared or its end has passed.
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// How many of its bytes have passed so far. 0 if it is [`Unwatched`](Omitted::Unwatched).
    pub fn seen(&self) -> u64 {
        self.seen
    }

    /// The value of its `Content-Type`, if it has one.
    pub fn content_type(&self) -> Option<&HeaderValue> {
        self.content_type.as_ref()
    }
}

// Without the bytes: a body is not for a log.
impl fmt::Debug for CapturedBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { bytes, omitted, content_type: _, seen, length } = self;
        f.debug_struct("CapturedBody")
            .field("bytes", &bytes.len())
            .field("omitted", omitted)
            .field("seen", seen)
            .field("length", length)
            .finish_non_exhaustive()
    }
}
