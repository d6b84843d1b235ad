use std::io::IoSlice;

use bytes::Buf;

/// Counts gRPC messages in the frames of a body as they pass: of each, its five bytes of prefix are read, and no more.
///
/// Source: <https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests>, on `Length-Prefixed-Message`.
#[derive(Default)]
pub(crate) struct Messages {
    whole: u64,
    /// How much of a prefix has passed.
    prefix: usize,
    length: u32,
    /// What is to come of the message behind the prefix.
    left: u64,
    lost: bool,
}

/// The compression flag, and the length in four bytes.
const PREFIX: usize = 5;

/// Frames in more pieces are rare, and are not followed.
const PIECES: usize = 16;

impl Messages {
    /// A data frame passes.
    pub(crate) fn pass(&mut self, frame: &impl Buf) {
        let mut pieces = [IoSlice::new(&[]); PIECES];
        let count = frame.chunks_vectored(&mut pieces);
        let pieces = &pieces[..count.min(PIECES)];
        self.lost |= pieces.iter().map(|piece| piece.len()).sum::<usize>() != frame.remaining();
        for piece in pieces {
            self.read(piece);
        }
    }

    /// How many have passed whole. `None` if that cannot be told.
    pub(crate) fn whole(&self) -> Option<u64> {
        (!self.lost).then_some(self.whole)
    }

    fn read(&mut self, mut bytes: &[u8]) {
        while let Some((&byte, rest)) = bytes.split_first() {
            if self.prefix < PREFIX {
                // The flag is shifted out by the length.
                self.length = self.length << 8 | u32::from(byte);
                self.prefix += 1;
                self.left = u64::from(self.length);
                bytes = rest;
            } else {
                let passing = usize::try_from(self.left).map_or(bytes.len(), |left| left.min(bytes.len()));
                self.left -= passing as u64;
                bytes = &bytes[passing..];
            }
            if self.prefix == PREFIX && self.left == 0 {
                self.whole += 1;
                self.prefix = 0;
            }
        }
    }
}
