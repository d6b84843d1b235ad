use std::time::{Duration, Instant};

use metrics::Gauge;
use tracing::Span;

use super::{Ended, Instrument, Kind, kind::LabelSet, span, spec::Active};

/// A piece of work.
pub(super) struct Work<L> {
    pub(super) labels: L,
    pub(super) span: Span,
    began: Option<Instant>,
    /// The labels that were absent when it began, by bit: the span is told of those that the work's end adds.
    absent: u16,
    /// The very gauge that was incremented: another recorder may be current at the end.
    active: Option<Gauge>,
}

impl<L> Work<L> {
    /// It has not begun yet.
    pub(super) fn new(labels: L) -> Self {
        Self { labels, span: Span::none(), began: None, absent: 0, active: None }
    }
}

impl<K: Kind> Instrument<K> {
    /// Work that was timed elsewhere: it makes the same metrics, but neither a span nor an event.
    pub fn record<'l>(&self, labels: impl Into<K::Labels<'l>>, elapsed: Duration, ended: Ended) {
        self.measure(&labels.into(), elapsed, ended.error_type(), Instant::now());
    }

    #[inline]
    pub(super) fn begin(&self, work: &mut Work<K::Labels<'_>>) {
        let Work { labels, .. } = work;
        if tracing::dispatcher::has_been_set() {
            let scrubber = self.series.scrubber.as_ref();
            work.span = span::open(labels, self.op_of(labels), self.spec.duration.labels, scrubber);
            work.absent = absent(labels);
        }
        let began = Instant::now();
        work.began = Some(began);
        if self.spec.active == Active::Counted {
            work.active = self.active(labels, began);
        }
    }

    /// Of work that began. A second time does nothing.
    #[inline]
    pub(super) fn end(&self, work: &mut Work<K::Labels<'_>>, error: &'static str) {
        let Some(began) = work.began.take() else { return };
        let now = Instant::now();
        let elapsed = now.saturating_duration_since(began);
        if let Some(active) = work.active.take() {
            active.decrement(1.0);
        }
        let slow = self.measure(&work.labels, elapsed, error, now);
        if slow || !work.span.is_disabled() {
            self.show(work, elapsed, error, slow);
        }
        // It closes here, and not when whoever holds the work lets go of it.
        work.span = Span::none();
    }

    /// Whether it was slow.
    fn measure(&self, labels: &K::Labels<'_>, elapsed: Duration, error: &'static str, now: Instant) -> bool {
        let values = labels.values();
        let seconds = elapsed.as_secs_f64();
        self.series.tell(&self.spec.duration, values.as_ref(), error, now, |durations| durations.record(seconds));
        let slow = elapsed >= self.spec.slow_after;
        if slow {
            self.series.tell(&self.spec.slow(), values.as_ref(), "", now, |slow| slow.count(1));
        }
        slow
    }

    fn active(&self, labels: &K::Labels<'_>, now: Instant) -> Option<Gauge> {
        self.series.tell(&self.spec.active(), labels.values().as_ref(), "", now, |active| {
            let active = active.gauge()?;
            active.increment(1.0);
            Some(active)
        })
    }

    #[cold]
    fn show(&self, work: &Work<K::Labels<'_>>, elapsed: Duration, error: &'static str, slow: bool) {
        let scrubber = self.series.scrubber.as_ref();
        let Work { labels, span, absent, .. } = work;
        span::record(span, labels, self.spec.duration.labels, scrubber, |at| absent & (1 << at) != 0);
        if !error.is_empty() {
            span.record("error.type", error);
            span.record("otel.status_code", "ERROR");
        }
        if slow {
            span.record("tags.slow", true);
            let op = self.op_of(labels);
            let name = span::Name { labels, op, scrubber };
            let after = self.spec.slow_after.as_secs_f64();
            span.in_scope(|| {
                tracing::warn!(
                    target: "tower_telemetry::slow",
                    op,
                    name = %name,
                    elapsed_secs = elapsed.as_secs_f64(),
                    threshold_secs = after,
                    error_type = error,
                    "slow"
                );
            });
        }
    }

    fn op_of(&self, labels: &K::Labels<'_>) -> &'static str {
        self.spec.op.or_else(|| labels.op()).unwrap_or(self.spec.duration.base)
    }
}

fn absent<'a>(labels: &impl LabelSet<'a>) -> u16 {
    let values = labels.values();
    let absent = values.as_ref().iter().take(16).enumerate().filter(|(_, label)| label.is_absent());
    absent.fold(0, |bits, (at, _)| bits | 1 << at)
}
