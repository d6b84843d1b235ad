//! Which recorders' handles may be kept.
//!
//! A handle belongs to the recorder that made it. The process's recorder is there to stay, and so is the no-op that is there
//! before it. A local recorder, as tests have, may be gone at any time, and the next one may stand at the same address: nothing
//! of it is kept. The facade does not say which of them the current one is. But a thread that has just begun has no local one.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use metrics::{Recorder, with_recorder};

/// Addresses of recorders that are there to stay: the process's, and the no-op. No recorder's address is 0.
static LASTING: [AtomicUsize; 2] = [const { AtomicUsize::new(0) }; 2];

/// When to look again. Where there are local recorders only, that is time and again.
static NEXT: Mutex<Option<Instant>> = Mutex::new(None);

const PAUSE: Duration = Duration::from_millis(100);

#[inline]
pub(crate) fn address(recorder: &dyn Recorder) -> usize {
    std::ptr::from_ref(recorder).cast::<()>().addr()
}

/// Whether the recorder is known to be there to stay. If not, another thread looks: nobody waits for it, and until it has, the
/// recorder's handles are made anew each time.
#[inline]
pub(crate) fn is_lasting(address: usize) -> bool {
    is_known(address) || {
        look_soon();
        false
    }
}

#[cold]
fn look_soon() {
    let now = Instant::now();
    if let Ok(mut next) = NEXT.try_lock()
        && next.is_none_or(|next| now >= next)
    {
        *next = Some(now + PAUSE);
        let _ = spawn();
    }
}

/// Looks which recorder the process has by now, and waits for it: some 50 µs.
pub(crate) fn look() {
    if !with_recorder(|recorder| is_known(address(recorder)))
        && let Ok(thread) = spawn()
    {
        let _ = thread.join();
    }
}

/// Whether the recorder was seen by a thread that had no local one.
pub(crate) fn is_known(address: usize) -> bool {
    LASTING.iter().any(|lasting| lasting.load(Ordering::Relaxed) == address)
}

/// Whether the process's recorder and the no-op are both known, so that any other is a local one.
pub(crate) fn are_all_known() -> bool {
    LASTING.iter().all(|lasting| lasting.load(Ordering::Relaxed) != 0)
}

fn spawn() -> std::io::Result<thread::JoinHandle<()>> {
    thread::Builder::new().name("telemetry-recorder".into()).spawn(|| {
        let seen = with_recorder(address);
        for lasting in &LASTING {
            // The first free place, unless it is there already.
            match lasting.compare_exchange(0, seen, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return,
                Err(other) if other == seen => return,
                Err(_) => {}
            }
        }
    })
}
