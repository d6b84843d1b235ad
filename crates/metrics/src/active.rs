use std::{
    collections::HashMap,
    sync::{
        Arc, LazyLock, Mutex, PoisonError, Weak,
        atomic::{AtomicI64, Ordering},
    },
};

use metrics::{Gauge, Key, Label, Recorder, SharedString, Unit};

use crate::{
    kept::{Here, Kept},
    recorder,
    series::METADATA,
};

/// A gauge of exchanges in flight.
///
/// The process's recorder is told what our own count says, after each change: so it is right too where the recorder came late,
/// or has forgotten the gauge meanwhile. A local recorder is told of what begins while it is there.
pub(crate) struct Active {
    key: Key,
    count: Arc<AtomicI64>,
    kept: Kept<Gauge>,
}

/// The gauge of a recorder that is not known to be there to stay.
pub(crate) struct Local {
    gauge: Gauge,
    address: usize,
    counted: bool,
}

impl Active {
    pub(crate) fn new(name: SharedString, labels: Vec<Label>) -> Self {
        let key = Key::from_parts(name, labels);
        Self { count: count(&key), key, kept: Kept::default() }
    }

    /// One more. What it gives is to be given back to [`down`](Self::down).
    pub(crate) fn up(&self, here: Here<'_>) -> Option<Local> {
        if here.is_lasting {
            self.count.fetch_add(1, Ordering::AcqRel);
            self.show(here);
            return None;
        }
        let gauge = self.register(here.recorder);
        gauge.increment(1.0);
        // It may turn out to be the process's.
        let counted = !recorder::are_all_known();
        if counted {
            self.count.fetch_add(1, Ordering::AcqRel);
        }
        Some(Local { gauge, address: here.address, counted })
    }

    /// One less, in the recorder where it was one more.
    pub(crate) fn down(&self, local: Option<&Local>, here: Here<'_>) {
        if let Some(local) = local {
            if !recorder::is_known(local.address) {
                local.gauge.decrement(1.0);
            }
            if !local.counted {
                return;
            }
        }
        self.count.fetch_sub(1, Ordering::AcqRel);
        if here.is_lasting {
            self.show(here);
        } else {
            self.kept.last(|gauge| self.settle(gauge));
        }
    }

    fn show(&self, here: Here<'_>) {
        self.kept.with(here, || self.register(here.recorder), |gauge| self.settle(gauge));
    }

    /// Sets the gauge to the count. Who sets it last has seen the count afterwards, so that is what it stays at.
    fn settle(&self, gauge: &Gauge) {
        let mut count = self.count.load(Ordering::Acquire);
        loop {
            #[expect(clippy::cast_precision_loss, reason = "there are no 2^53 exchanges in flight")]
            gauge.set(count as f64);
            let later = self.count.load(Ordering::Acquire);
            if later == count {
                return;
            }
            count = later;
        }
    }

    fn register(&self, recorder: &dyn Recorder) -> Gauge {
        let help = "HTTP server requests in flight.";
        recorder.describe_gauge(self.key.name_shared(), Some(Unit::Count), help.into());
        recorder.register_gauge(&self.key, &METADATA)
    }
}

/// The count of a gauge: one in the process, whatever the number of layers.
fn count(key: &Key) -> Arc<AtomicI64> {
    static COUNTS: LazyLock<Mutex<HashMap<Key, Weak<AtomicI64>>>> = LazyLock::new(Mutex::default);

    let mut counts = COUNTS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(count) = counts.get(key).and_then(Weak::upgrade) {
        return count;
    }
    if counts.len() == counts.capacity() {
        counts.retain(|_, count| count.strong_count() > 0);
    }
    let count = Arc::default();
    counts.insert(key.clone(), Arc::downgrade(&count));
    count
}
