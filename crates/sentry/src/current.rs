use std::{
    cell::RefCell,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use sentry::{Hub, HubSwitchGuard};

use crate::request::Snapshot;

thread_local! {
    static CURRENT: RefCell<Option<Arc<Snapshot>>> = const { RefCell::new(None) };
}

/// While it lives, what this thread does belongs to an exchange: its hub is the current one.
///
/// `sentry-tracing` forks a hub at each enter of a span, and what is added to a fork is gone when the span is left. So what is to last as long as the exchange is kept
/// with the exchange, which is found here.
pub(crate) struct Entered {
    before: Option<Arc<Snapshot>>,
    _hub: HubSwitchGuard,
}

impl Entered {
    pub(crate) fn new(hub: &Arc<Hub>, request: Arc<Snapshot>) -> Self {
        Self { before: CURRENT.replace(Some(request)), _hub: HubSwitchGuard::new(hub.clone()) }
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        CURRENT.replace(self.before.take());
    }
}

/// The exchange that this thread is in.
pub(crate) fn current() -> Option<Arc<Snapshot>> {
    CURRENT.try_with(|current| current.try_borrow().ok()?.clone()).ok().flatten()
}

/// Has a task that is spawned in an exchange belong to it: the exchange's hub, and with it its user, tags, trace and breadcrumbs, in a
/// scope of its own. Outside an exchange it belongs to the current hub.
pub fn in_exchange<F: Future>(task: F) -> impl Future<Output = F::Output> + use<F> {
    let hub = Arc::new(Hub::new_from_top(Hub::current()));
    let request = current();
    let mut task = Box::pin(task);
    std::future::poll_fn(move |cx: &mut Context<'_>| poll(task.as_mut(), &hub, request.as_ref(), cx))
}

fn poll<F: Future>(
    task: Pin<&mut F>,
    hub: &Arc<Hub>,
    request: Option<&Arc<Snapshot>>,
    cx: &mut Context<'_>,
) -> Poll<F::Output> {
    match request {
        Some(request) => {
            let _entered = Entered::new(hub, request.clone());
            task.poll(cx)
        }
        None => {
            let _current = HubSwitchGuard::new(hub.clone());
            task.poll(cx)
        }
    }
}
