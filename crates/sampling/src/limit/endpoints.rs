use std::{
    cell::Cell,
    hash::{Hash, Hasher},
    iter,
    sync::{
        OnceLock,
        atomic::{AtomicBool, AtomicI64, AtomicU64, AtomicUsize, Ordering},
    },
};

use rustc_hash::FxHasher;
use tower_telemetry_core::Reason;

/// How many endpoints have a share of their own. Those that come later have one together.
const MAX: usize = 1000;

/// A power of two that leaves room enough for short searches.
const SLOTS: usize = 2048;

/// Threads count in one of so many places each, so that they do not wait for each other's caches.
const STRIPES: usize = 8;

/// An endpoint's rates are counted in fractions of this.
const UNIT: f64 = 1024.0;

/// The endpoints that were asked for. One that is there stays, so a search needs no lock.
pub(crate) struct Endpoints {
    slots: Box<[OnceLock<Box<Endpoint>>]>,
    len: AtomicUsize,
    others: Endpoint,
    /// What a new one may have at first.
    new: AtomicI64,
}

/// What was asked for of one endpoint, and what it may have.
pub(crate) struct Endpoint {
    name: Box<str>,
    /// Where its estimate is.
    pub(crate) index: usize,
    counts: [Stripe; STRIPES],
    /// The bits of the share of its wanted traces that it may have.
    share: AtomicU64,
    /// The bits of the share that was granted lately of what would have been traced.
    granted: AtomicU64,
    taken: AtomicU64,
    refused: AtomicU64,
    /// Traces that it may have before shares are worked out again.
    left: AtomicI64,
    /// Whether it is for its volume that its share is less than all; else it is for the budget.
    for_volume: AtomicBool,
}

/// Exchanges in the upper half, and what of them was wanted in the lower, in `UNIT`s.
#[repr(align(128))]
#[derive(Default)]
struct Stripe(AtomicU64);

/// What was asked for in a while.
pub(crate) struct Count {
    pub(crate) exchanges: f64,
    pub(crate) wanted: f64,
    pub(crate) taken: f64,
    pub(crate) refused: f64,
}

impl Endpoints {
    pub(crate) fn new() -> Self {
        Self {
            slots: iter::repeat_with(OnceLock::new).take(SLOTS).collect(),
            len: AtomicUsize::new(0),
            others: Endpoint::new("", 0, i64::MAX),
            new: AtomicI64::new(i64::MAX),
        }
    }

    /// Sets what new endpoints may have until shares are worked out again.
    pub(crate) fn grant_new(&self, left: i64) {
        self.new.store(left, Ordering::Relaxed);
    }

    pub(crate) fn get(&self, name: &str) -> &Endpoint {
        let mut hasher = FxHasher::default();
        name.hash(&mut hasher);
        #[expect(clippy::cast_possible_truncation, reason = "what is lost would be masked")]
        let mut slot = hasher.finish() as usize;
        loop {
            slot &= SLOTS - 1;
            let endpoint = match self.slots[slot].get() {
                Some(endpoint) => endpoint,
                // It may turn out to be another thread's other endpoint, which is why the name is looked at in any case.
                None => match self.room() {
                    Some(index) => {
                        let left = self.new.load(Ordering::Relaxed);
                        self.slots[slot].get_or_init(|| Box::new(Endpoint::new(name, index, left)))
                    }
                    None => return &self.others,
                },
            };
            if *endpoint.name == *name {
                return endpoint;
            }
            slot += 1;
        }
    }

    /// The index of a new endpoint. One is lost if two threads make the same endpoint at a time.
    fn room(&self) -> Option<usize> {
        let room = |len| (len < MAX).then_some(len + 1);
        self.len.fetch_update(Ordering::Relaxed, Ordering::Relaxed, room).ok().map(|before| before + 1)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Endpoint> {
        let named = self.slots.iter().filter_map(|slot| slot.get().map(|endpoint| &**endpoint));
        iter::once(&self.others).chain(named)
    }
}

impl Endpoint {
    fn new(name: &str, index: usize, left: i64) -> Self {
        Self {
            name: name.into(),
            index,
            counts: Default::default(),
            share: AtomicU64::new(1.0_f64.to_bits()),
            granted: AtomicU64::new(1.0_f64.to_bits()),
            taken: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            left: AtomicI64::new(left),
            for_volume: AtomicBool::new(false),
        }
    }

    pub(crate) fn count(&self, wanted: f64) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is from 0 to 1024")]
        let wanted = (wanted * UNIT).round() as u64;
        self.counts[stripe()].0.fetch_add((1 << 32) | wanted, Ordering::Relaxed);
    }

    /// What was counted since this was last called.
    #[expect(clippy::cast_precision_loss, reason = "they have 32 bits each")]
    pub(crate) fn drain(&self) -> Count {
        let counts = self.counts.iter().map(|stripe| stripe.0.swap(0, Ordering::Relaxed));
        let (exchanges, wanted) =
            counts.fold((0, 0), |(exchanges, wanted), n| (exchanges + (n >> 32), wanted + (n & 0xffff_ffff)));
        let [taken, refused] = [&self.taken, &self.refused].map(|count| count.swap(0, Ordering::Relaxed) as f64);
        Count { exchanges: exchanges as f64, wanted: wanted as f64 / UNIT, taken, refused }
    }

    pub(crate) fn share(&self) -> f64 {
        f64::from_bits(self.share.load(Ordering::Relaxed))
    }

    /// The share of what would be traced that really is: bursts can be more than it may have.
    pub(crate) fn granted(&self) -> f64 {
        f64::from_bits(self.granted.load(Ordering::Relaxed))
    }

    /// Takes one of the traces that it may have, if `rest` has one for it too.
    pub(crate) fn take(&self, rest: impl FnOnce() -> bool) -> bool {
        let taken = self.left.fetch_sub(1, Ordering::Relaxed) > 0 && rest();
        let count = if taken { &self.taken } else { &self.refused };
        count.fetch_add(1, Ordering::Relaxed);
        taken
    }

    pub(crate) fn reason(&self) -> Reason {
        if self.for_volume.load(Ordering::Relaxed) { Reason::Volume } else { Reason::Budget }
    }

    pub(crate) fn grant(&self, share: f64, granted: f64, left: i64, for_volume: bool) {
        self.share.store(share.to_bits(), Ordering::Relaxed);
        self.granted.store(granted.to_bits(), Ordering::Relaxed);
        self.left.store(left, Ordering::Relaxed);
        self.for_volume.store(for_volume, Ordering::Relaxed);
    }

    /// The traces that it has left of those granted.
    pub(crate) fn left(&self) -> i64 {
        self.left.load(Ordering::Relaxed).max(0)
    }
}

/// This thread's place to count in.
fn stripe() -> usize {
    static THREADS: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static STRIPE: Cell<usize> = Cell::new(THREADS.fetch_add(1, Ordering::Relaxed) % STRIPES);
    }
    STRIPE.get()
}
