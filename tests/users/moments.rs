//! When something is reported of an exchange.

use std::{
    future::pending,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use sentry::Level;
use tokio::{sync::Notify, task::yield_now};
use tokio_stream::Stream;
use tower_telemetry::{RequestContext, in_exchange};
use tracing::Instrument;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    BeforeFirstAwait,
    InScope,
    AfterAwait,
    /// In a future with a span, and a hub, of its own, where the user is found out after an await.
    Instrumented,
    InTask,
    /// In a task that the exchange did not wait for.
    AfterEnd,
    InBody,
    AtBodyEnd,
    /// In what is dropped as the caller goes.
    Cancelled,
    Panic,
}

/// What the test and the handler tell each other.
#[derive(Clone, Default)]
pub(crate) struct Signals {
    /// The handler waits, for ever.
    pub(crate) waits: Arc<Notify>,
    /// The exchange is over.
    pub(crate) over: Arc<Notify>,
}

impl Moment {
    pub(crate) const ALL: [Self; 10] = [
        Self::BeforeFirstAwait,
        Self::InScope,
        Self::AfterAwait,
        Self::Instrumented,
        Self::InTask,
        Self::AfterEnd,
        Self::InBody,
        Self::AtBodyEnd,
        Self::Cancelled,
        Self::Panic,
    ];

    pub(crate) fn named(name: &str) -> Self {
        let is_meant = |moment: &Self| format!("{moment:?}") == name;
        Self::ALL.into_iter().find(is_meant).expect("the test says when")
    }

    /// Whether there is a response head before.
    pub(crate) fn is_behind_head(self) -> bool {
        matches!(self, Self::AfterEnd | Self::InBody | Self::AtBodyEnd)
    }

    pub(crate) fn has_response(self) -> bool {
        !matches!(self, Self::Cancelled | Self::Panic)
    }

    /// What a handler does.
    pub(crate) async fn run(
        self,
        signals: Signals,
        cx: RequestContext,
        sign_in: Box<dyn Fn() + Send + Sync>,
    ) -> Frames {
        if self != Self::Instrumented {
            sign_in();
        }
        match self {
            Self::BeforeFirstAwait => self.report(),
            Self::InScope => sentry::with_scope(|scope| scope.set_tag("inner", "yes"), || self.report()),
            Self::AfterAwait => {
                yield_now().await;
                self.report();
            }
            Self::Instrumented => {
                let work = async {
                    yield_now().await;
                    sign_in();
                    yield_now().await;
                    self.report();
                };
                work.instrument(tracing::info_span!("work")).await;
            }
            Self::InTask => {
                let task = async move {
                    yield_now().await;
                    self.report();
                };
                tokio::spawn(in_exchange(&cx, task)).await.expect("the task does not panic");
            }
            Self::AfterEnd => {
                let task = async move {
                    signals.over.notified().await;
                    self.report();
                };
                tokio::spawn(in_exchange(&cx, task));
            }
            Self::InBody | Self::AtBodyEnd => {}
            Self::Cancelled => {
                let _dropped = OnDrop(self);
                signals.waits.notify_one();
                pending::<()>().await;
            }
            Self::Panic => panic!("{self:?}"),
        }
        Frames { moment: self, sent: 0 }
    }

    fn report(self) {
        sentry::capture_message(&format!("{self:?}"), Level::Error);
    }
}

/// A body of two frames.
pub(crate) struct Frames {
    moment: Moment,
    sent: usize,
}

impl Stream for Frames {
    type Item = &'static str;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<&'static str>> {
        let at = if self.sent == 1 { Some(Moment::InBody) } else { (self.sent == 2).then_some(Moment::AtBodyEnd) };
        if at == Some(self.moment) {
            self.moment.report();
        }
        self.sent += 1;
        Poll::Ready(["one", "two"].get(self.sent - 1).copied())
    }
}

struct OnDrop(Moment);

impl Drop for OnDrop {
    fn drop(&mut self) {
        self.0.report();
    }
}
