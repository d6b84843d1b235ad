use std::{fmt, sync::Arc};

use http::response;
use tower_telemetry_core::{Exchange, Outcome, RequestContext, UserClaim};

use crate::config::Shared;

/// One exchange's part of [`Users`](crate::Users).
pub struct UsersExchange {
    /// Where a source may answer that has not, who it is, and whom to tell.
    pub(crate) open: Option<(Arc<Shared>, RequestContext)>,
    /// Whether a source is asked again and again.
    pub(crate) is_watched: bool,
}

impl Exchange for UsersExchange {
    fn head(&mut self, head: &mut response::Parts) {
        let Some((users, cx)) = self.open.take() else { return };
        for (rank, source) in users.sources.iter().enumerate() {
            if let Some(user) = source.ask_response(&head.extensions) {
                cx.claim_user(rank, UserClaim::Known(user));
            }
        }
        cx.tell_user();
    }

    fn end(&mut self, cx: &RequestContext, _: &Outcome<'_>) {
        // Without a head, since the service panicked, say, or the client has gone.
        if self.open.take().is_some() {
            cx.tell_user();
        }
        if self.is_watched {
            cx.settle_user();
        }
    }
}

impl fmt::Debug for UsersExchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UsersExchange").finish_non_exhaustive()
    }
}
