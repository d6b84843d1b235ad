use std::{
    cell::{Cell, RefCell},
    hash::Hasher,
    ptr,
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use hashbrown::HashTable;
use metrics::{Recorder, Unit, with_recorder};
use rustc_hash::FxHasher;
use tower_telemetry_core::semconv;
use tower_telemetry_scrub::Scrubber;

use super::{
    Label,
    cap::Cap,
    label::KeptLabel,
    metric::{Handle, Metric, Shape},
};
use crate::{recorder::address, series::OVERFLOW_HELP};

/// A recorder's idle timeout takes series away, and what is then told to an old handle is lost. A timeout of at least this long
/// takes away none that this thread was told of within it.
const FRESH: Duration = Duration::from_secs(1);

/// After so many series a thread forgets them all, since recorders that are gone leave theirs here.
const MAX_KEPT: usize = 4096;

/// The series of one instrument: which there may be, and where their handles are found.
pub(super) struct Series {
    /// Tells instruments apart, in the threads' tables: an address would be another instrument's one day. 0 is none yet.
    id: AtomicUsize,
    pub(crate) cap: Cap,
    /// `None` is the standard one, since no other can be made when the program is compiled.
    pub(crate) scrubber: Option<Scrubber>,
}

thread_local! {
    /// Each thread has handles of its own, so that none waits for another. It also keeps those of a local recorder, which is
    /// one thread's, where they belong.
    static KEPT: RefCell<HashTable<Kept>> = const { RefCell::new(HashTable::new()) };
}

struct Kept {
    id: SeriesId,
    labels: Box<[KeptLabel]>,
    handle: Handle,
    /// When it was last told something.
    told: Cell<Instant>,
}

/// What tells one series from another, beside its labels.
#[derive(Clone, Copy)]
struct SeriesId {
    recorder: usize,
    instrument: usize,
    part: u8,
    extra: &'static str,
}

impl SeriesId {
    /// As [`KeptLabel::is`]: one text may have two places.
    #[inline]
    fn same(self, other: Self) -> bool {
        (self.recorder, self.instrument, self.part) == (other.recorder, other.instrument, other.part)
            && ptr::eq(self.extra, other.extra)
    }

    #[inline]
    fn hash(self, state: &mut impl Hasher) {
        // Each differs in bits of its own, or nearly: one word to be hashed in place of three.
        let part = usize::from(self.part) << 24 ^ self.extra.as_ptr().addr() << 32;
        state.write_usize(self.recorder ^ self.instrument << 48 ^ part);
    }
}

impl Series {
    pub(crate) const fn new() -> Self {
        Self { id: AtomicUsize::new(0), cap: Cap::new(), scrubber: None }
    }

    /// Tells the series with these labels, of the recorder that is current now.
    pub(crate) fn tell<R>(
        &self,
        metric: &Metric,
        labels: &[Label<'_>],
        extra: &'static str,
        now: Instant,
        tell: impl Fn(&Handle) -> R,
    ) -> R {
        with_recorder(|recorder| {
            let id = SeriesId { recorder: address(recorder), instrument: self.id(), part: metric.part, extra };
            find(id, labels, now, &tell).unwrap_or_else(|| self.tell_new(metric, recorder, id, labels, now, &tell))
        })
    }

    #[cold]
    fn tell_new<R>(
        &self,
        metric: &Metric,
        recorder: &dyn Recorder,
        id: SeriesId,
        labels: &[Label<'_>],
        now: Instant,
        tell: &impl Fn(&Handle) -> R,
    ) -> R {
        if self.cap.admits(labels) {
            return self.register(metric, recorder, id, labels, now, tell);
        }
        count_overflow(metric, now);
        let labels: Vec<_> =
            labels.iter().map(|label| if label.is_free() { Label::overflow() } else { *label }).collect();
        find(id, &labels, now, tell).unwrap_or_else(|| self.register(metric, recorder, id, &labels, now, tell))
    }

    /// Registering is the recorder's work, and may come back here: nothing is borrowed meanwhile.
    fn register<R>(
        &self,
        metric: &Metric,
        recorder: &dyn Recorder,
        id: SeriesId,
        labels: &[Label<'_>],
        now: Instant,
        tell: &impl Fn(&Handle) -> R,
    ) -> R {
        let key = metric.key(labels, id.extra, self.scrubber.as_ref());
        let handle = metric.register(&key, recorder);
        let told = tell(&handle);
        let kept = labels.iter().map(Label::keep).collect();
        keep(Kept { id, labels: kept, handle, told: Cell::new(now) }, labels);
        told
    }

    #[inline]
    fn id(&self) -> usize {
        static NEXT: AtomicUsize = AtomicUsize::new(1);

        match self.id.load(Ordering::Relaxed) {
            0 => {
                let id = NEXT.fetch_add(1, Ordering::Relaxed);
                self.id.compare_exchange(0, id, Ordering::Relaxed, Ordering::Relaxed).map_or_else(|other| other, |_| id)
            }
            id => id,
        }
    }
}

/// Of no closure's type, since it would be of its own again.
fn count_overflow(metric: &Metric, now: Instant) {
    // The program has so many metrics, and no more.
    static OVERFLOWS: Series = {
        let mut overflows = Series::new();
        overflows.cap.set_max(usize::MAX);
        overflows
    };

    OVERFLOWS.tell(&OVERFLOW, &[Label::text(&metric.name())], "", now, |overflows| overflows.count(1));
}

/// How often an instrument's free texts were too many: the counter that the metrics of requests have too.
pub(super) const OVERFLOW: Metric = Metric {
    part: 0,
    base: semconv::TELEMETRY_METRIC_OVERFLOW,
    suffix: "",
    shape: Shape::Counter,
    unit: Unit::Count,
    help: OVERFLOW_HELP,
    labels: &[semconv::METRIC],
    extra: "",
};

/// Tells a series that this thread has, if its handle is fresh.
fn find<R>(id: SeriesId, labels: &[Label<'_>], now: Instant, tell: &impl Fn(&Handle) -> R) -> Option<R> {
    let hash = hash(id, labels.iter().map(Label::word));
    KEPT.try_with(|kept| {
        let kept = kept.try_borrow().ok()?;
        let series = kept.find(hash, |series| series.is(id, labels))?;
        (now.saturating_duration_since(series.told.get()) < FRESH).then(|| {
            series.told.set(now);
            tell(&series.handle)
        })
    })
    .ok()?
}

fn keep(new: Kept, labels: &[Label<'_>]) {
    // A thread that ends has no table any more, and one that is in its table does without.
    let _ = KEPT.try_with(|kept| {
        let Ok(mut kept) = kept.try_borrow_mut() else { return };
        let hash = new.hash();
        match kept.find_mut(hash, |series| series.is(new.id, labels)) {
            Some(stale) => *stale = new,
            None => {
                if kept.len() >= MAX_KEPT {
                    kept.clear();
                }
                kept.insert_unique(hash, new, Kept::hash);
            }
        }
    });
}

impl Kept {
    #[inline]
    fn is(&self, id: SeriesId, labels: &[Label<'_>]) -> bool {
        self.id.same(id)
            && self.labels.len() == labels.len()
            && self.labels.iter().zip(labels).all(|(kept, label)| kept.is(label))
    }

    fn hash(&self) -> u64 {
        hash(self.id, self.labels.iter().map(KeptLabel::word))
    }
}

#[inline]
fn hash(id: SeriesId, labels: impl Iterator<Item = u64>) -> u64 {
    let mut hasher = FxHasher::default();
    id.hash(&mut hasher);
    labels.for_each(|word| hasher.write_u64(word));
    hasher.finish()
}
