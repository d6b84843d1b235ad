use std::{cell::Cell, sync::Arc};

use sentry::{Hub, HubSwitchGuard};

use crate::request::Snapshot;

thread_local! {
    static CURRENT: Cell<Option<Arc<Snapshot>>> = const { Cell::new(None) };
}

/// While it lives, what this thread does belongs to an exchange: its hub is the current one.
///
/// `sentry-tracing` forks a hub at each enter of a span, and what is added to a fork is gone when the span is left. So what
/// is to last as long as the exchange is kept with the exchange, which is found here.
///
/// The handle is lent, not copied: polls are many.
pub(crate) struct Entered<'a> {
    lent: &'a mut Option<Arc<Snapshot>>,
    before: Option<Arc<Snapshot>>,
    _hub: HubSwitchGuard,
}

impl<'a> Entered<'a> {
    pub(crate) fn new(hub: &Arc<Hub>, request: &'a mut Option<Arc<Snapshot>>) -> Self {
        let before = CURRENT.replace(request.take());
        Self { lent: request, before, _hub: HubSwitchGuard::new(hub.clone()) }
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        *self.lent = CURRENT.replace(self.before.take());
    }
}

/// The exchange that this thread is in.
pub(crate) fn current() -> Option<Arc<Snapshot>> {
    let copy = |current: &Cell<Option<Arc<Snapshot>>>| {
        let exchange = current.take();
        current.set(exchange.clone());
        exchange
    };
    CURRENT.try_with(copy).ok().flatten()
}

/// Has a task that is spawned in an exchange belong to it: the exchange's hub, and with it its user, tags, trace and
/// breadcrumbs, in a scope of its own. Outside an exchange it belongs to the current hub.
pub fn in_exchange<F: Future>(task: F) -> impl Future<Output = F::Output> + use<F> {
    let hub = Arc::new(Hub::new_from_top(Hub::current()));
    let mut request = current();
    let mut task = Box::pin(task);
    std::future::poll_fn(move |cx| {
        let _entered = Entered::new(&hub, &mut request);
        task.as_mut().poll(cx)
    })
}
