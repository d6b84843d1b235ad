//! Bodies that are captured as they pass, into the request's context.

use std::{
    io::IoSlice,
    mem,
    sync::{
        Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use bytes::{Buf, Bytes};
use http::{
    HeaderMap, HeaderValue,
    header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING},
};

use crate::{Capture, CapturedBody, Omitted, media, recording::quietly};

/// What was asked for of the two bodies of an exchange, and what came.
///
/// The request's has its place here, because most of those who capture capture that; the response's is made when it is asked for.
#[derive(Default)]
pub(crate) struct Bodies {
    request_limit: AtomicUsize,
    request: OnceLock<Capturing>,
    response_limit: AtomicUsize,
    response: OnceLock<Box<Capturing>>,
}

/// A body that is being captured.
pub(crate) struct Capturing {
    limit: usize,
    declared: Option<u64>,
    content_type: Option<HeaderValue>,
    /// Written where the body is polled, which is in one place at a time, and read when an event is made, perhaps while the
    /// body is half read, and on another thread. So this lock is free but for that moment, when it is held to take a reference
    /// and not to read: nobody waits for a scrubber. No code of others runs while it is held, so no panic of theirs finds it
    /// locked on its way through a panic hook that reports the body. Atomics would do without, byte by byte.
    state: Mutex<State>,
}

struct State {
    held: Held,
    omitted: Option<Omitted>,
    seen: u64,
    ended: bool,
}

/// What has passed, in one of the two.
///
/// The frames are copied. To keep them as they are would cost no copy, but a frame of one byte may be a view into a read
/// buffer of 400 kB, which then lives as long as the exchange; and many small ones take more memory than they hold. To
/// capture 1 kB costs an exchange 0.15 µs, and 10 kB 0.4 µs, lock and allocation included.
#[derive(Default)]
struct Held {
    growing: Vec<u8>,
    /// Somebody has asked for it. It grows on without a copy once they are done.
    shared: Bytes,
}

/// Frames in more pieces are rare, and are not captured beyond these.
const PIECES: usize = 16;

/// What is allocated first where the length is not known, in bytes.
const FIRST: usize = 1024;

/// The most that is allocated on a caller's word, in bytes, before it has sent any.
const AT_ONCE: usize = 64 * 1024;

impl Bodies {
    pub(crate) fn ask_for_request(&self, capture: Capture) {
        ask(&self.request_limit, capture);
    }

    pub(crate) fn ask_for_response(&self, capture: Capture) {
        ask(&self.response_limit, capture);
    }

    /// Begins with the request's body, which is not empty, if it was asked for.
    #[cfg_attr(
        not(any(feature = "axum", feature = "hyper", feature = "tonic")),
        expect(dead_code, reason = "none is watched")
    )]
    pub(crate) fn begin_request(&self, headers: &HeaderMap, length: Option<u64>) {
        if let Some(limit) = asked(&self.request_limit) {
            self.request.get_or_init(|| Capturing::new(limit, headers, length));
        }
    }

    /// Describes the request's body, which cannot be watched, if it was asked for and there is one.
    pub(crate) fn begin_unwatched_request(&self, headers: &HeaderMap) {
        let Some(limit) = asked(&self.request_limit) else { return };
        let length = declared(headers);
        if length.map_or_else(|| headers.contains_key(TRANSFER_ENCODING), |length| length > 0) {
            self.request.get_or_init(|| {
                let capturing = Capturing::new(limit, headers, length);
                capturing.state().omit(Omitted::Unwatched);
                capturing
            });
        }
    }

    /// Begins with the response's body, which is not empty, if it was asked for. `false` if not, or if a layer further in has
    /// begun: each would add every frame.
    pub(crate) fn begin_response(&self, headers: &HeaderMap, length: Option<u64>) -> bool {
        let Some(limit) = asked(&self.response_limit) else { return false };
        self.response.set(Box::new(Capturing::new(limit, headers, length))).is_ok()
    }

    pub(crate) fn request(&self) -> Option<&Capturing> {
        self.request.get()
    }

    pub(crate) fn response(&self) -> Option<&Capturing> {
        self.response.get().map(|capturing| &**capturing)
    }
}

impl Capturing {
    fn new(limit: usize, headers: &HeaderMap, length: Option<u64>) -> Self {
        let declared = length.or_else(|| declared(headers));
        let content_type = headers.get(CONTENT_TYPE);
        let omitted = if headers.get(CONTENT_ENCODING).is_some_and(media::is_compressed) {
            Some(Omitted::Compressed)
        } else if content_type.is_some_and(media::is_binary) {
            Some(Omitted::Binary)
        } else if declared.is_some_and(|length| length > limit as u64) {
            Some(Omitted::TooLarge)
        } else {
            None
        };
        let state = State { held: Held::default(), omitted, seen: 0, ended: false };
        Self { limit, declared, content_type: content_type.cloned(), state: Mutex::new(state) }
    }

    /// A data frame passes.
    pub(crate) fn data(&self, frame: &impl Buf) {
        let len = frame.remaining();
        // A view, which moves nothing. It is code of the body's author, so it runs before the lock is taken.
        let mut pieces = [IoSlice::new(&[]); PIECES];
        let count = quietly(|| frame.chunks_vectored(&mut pieces)).unwrap_or(0);
        let pieces = &pieces[..count.min(PIECES)];
        let whole = pieces.iter().map(|piece| piece.len()).sum::<usize>() == len;

        let mut state = self.state();
        state.seen += len as u64;
        if state.omitted.is_some() || len == 0 {
            return;
        }
        if state.seen > self.limit as u64 {
            return state.omit(Omitted::TooLarge);
        }
        if !whole {
            return state.omit(Omitted::Unwatched);
        }
        let held = state.held.growing();
        if held.capacity() - held.len() < len {
            // One allocation, where the length is known and not large.
            let declared = self.declared.and_then(|length| usize::try_from(length).ok());
            let room = if held.capacity() == 0 { declared.unwrap_or(FIRST).min(AT_ONCE) } else { held.capacity() * 2 };
            // Never more than the limit, within which `seen` is.
            let room = room.min(declared.unwrap_or(self.limit)).min(self.limit).max(held.len() + len);
            held.reserve_exact(room - held.len());
        }
        for piece in pieces {
            held.extend_from_slice(piece);
        }
    }

    /// The end has passed.
    pub(crate) fn end(&self) {
        self.state().ended = true;
    }

    /// What there is by now. Copies nothing.
    pub(crate) fn captured(&self) -> CapturedBody {
        let mut state = self.state();
        CapturedBody {
            bytes: state.held.share(),
            omitted: state.omitted,
            content_type: self.content_type.clone(),
            seen: state.seen,
            length: if state.ended { Some(state.seen) } else { self.declared },
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn omit(&mut self, why: Omitted) {
        self.omitted = Some(why);
        self.held = Held::default();
    }
}

impl Held {
    fn growing(&mut self) -> &mut Vec<u8> {
        if !self.shared.is_empty() {
            self.growing = mem::take(&mut self.shared).into();
        }
        &mut self.growing
    }

    fn share(&mut self) -> Bytes {
        if !self.growing.is_empty() {
            self.shared = mem::take(&mut self.growing).into();
        }
        self.shared.clone()
    }
}

fn ask(limit: &AtomicUsize, capture: Capture) {
    // Who asks for nothing pays for nothing.
    if capture.limit() > 0 {
        limit.fetch_max(capture.limit(), Ordering::Relaxed);
    }
}

fn asked(limit: &AtomicUsize) -> Option<usize> {
    Some(limit.load(Ordering::Relaxed)).filter(|&limit| limit > 0)
}

fn declared(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
