use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

/// What one exchange may need while it is not known whether it is kept: the SDK records up to 1,000 spans of it, at about a
/// kilobyte each.
pub(crate) const EACH: usize = 1 << 20;

/// Room for the spans of exchanges that may yet be kept.
#[derive(Clone)]
pub(crate) struct Room(Arc<Left>);

struct Left {
    exchanges: AtomicUsize,
}

/// The room of one exchange, which its drop gives back.
pub(crate) struct Permit(Room);

impl Room {
    pub(crate) fn new(bytes: usize) -> Self {
        Self(Arc::new(Left { exchanges: AtomicUsize::new(bytes / EACH) }))
    }

    pub(crate) fn take(&self) -> Option<Permit> {
        let left = &self.0.exchanges;
        let taken = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        taken.is_ok().then(|| Permit(self.clone()))
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.0.exchanges.fetch_add(1, Ordering::Relaxed);
    }
}

impl fmt::Debug for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Room({})", self.0.exchanges.load(Ordering::Relaxed))
    }
}

impl fmt::Debug for Permit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Permit")
    }
}
