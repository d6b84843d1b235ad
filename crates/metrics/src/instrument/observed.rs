use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
};

use pin_project_lite::pin_project;

use super::{
    Ended, Instrument, Kind,
    ended::{CANCELLED, PANIC},
    kind::HasLabels,
    work::Work,
};

pin_project! {
    /// A future whose work is observed, from its first poll to its end or its drop. Made by an [`Instrument`].
    #[must_use = "a future does nothing until it is polled"]
    ///
    /// `C` is what judges its output, if a closure of the user's does.
    pub struct Observed<'a, K: Kind, F: Future, C = Judge<'a, K, F>> {
        instrument: &'a Instrument<K>,
        work: Work<K::Labels<'a>>,
        stage: Stage,
        ends: Option<C>,
        // Taken out when it is done, so that what it drops is dropped in its span.
        #[pin]
        future: Option<F>,
    }

    impl<K: Kind, F: Future, C> PinnedDrop for Observed<'_, K, F, C> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            let error = match this.stage {
                Stage::Polling => PANIC,
                Stage::Pending => CANCELLED,
                Stage::Waiting | Stage::Done => return,
            };
            this.work.span.in_scope(|| this.future.set(None));
            this.instrument.end(this.work, error);
        }
    }
}

/// Judges a future's output, where no closure of the user's does.
pub type Judge<'a, K, F> = fn(&<F as Future>::Output, &mut <K as HasLabels>::Labels<'a>) -> Ended;

#[derive(Clone, Copy, Debug)]
enum Stage {
    Waiting,
    /// A drop now is a panic's.
    Polling,
    Pending,
    Done,
}

impl<'a, K: Kind, F: Future, C> Observed<'a, K, F, C> {
    pub(super) fn new(instrument: &'a Instrument<K>, labels: K::Labels<'a>, future: F, ends: C) -> Self {
        Self { instrument, work: Work::new(labels), stage: Stage::Waiting, ends: Some(ends), future: Some(future) }
    }
}

impl<'a, K, F, C> Future for Observed<'a, K, F, C>
where
    K: Kind,
    F: Future,
    C: FnOnce(&F::Output, &mut K::Labels<'a>) -> Ended,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        if let Stage::Waiting = this.stage {
            this.instrument.begin(this.work);
        }
        *this.stage = Stage::Polling;
        let polled = this.work.span.in_scope(|| {
            let polled = match this.future.as_mut().as_pin_mut() {
                Some(future) => future.poll(cx),
                // Polled again after its end, which no future has to answer.
                None => Poll::Pending,
            };
            if polled.is_ready() {
                this.future.set(None);
            }
            polled
        });
        let Poll::Ready(output) = polled else {
            *this.stage = Stage::Pending;
            return Poll::Pending;
        };
        let ended = this.ends.take().map_or(Ended::Ok, |ends| ends(&output, &mut this.work.labels));
        *this.stage = Stage::Done;
        this.instrument.end(this.work, ended.error_type());
        Poll::Ready(output)
    }
}

impl<K: Kind, F: Future, C> fmt::Debug for Observed<'_, K, F, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Observed").field("stage", &self.stage).finish_non_exhaustive()
    }
}
