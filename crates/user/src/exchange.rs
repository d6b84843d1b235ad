use std::{fmt, sync::Arc};

use http::response;
use tower_telemetry_core::{Exchange, Outcome, RequestContext, UserClaim};

use crate::config::Shared;

/// One exchange's part of [`Users`](crate::Users).
pub struct UsersExchange {
    /// Most have nothing left to ask, and each move of an exchange costs.
    pub(crate) open: Option<Box<Open>>,
}

/// Where a source may answer that has not.
pub(crate) struct Open {
    pub(crate) users: Arc<Shared>,
    pub(crate) cx: RequestContext,
    /// Whether one is asked again and again.
    pub(crate) is_watched: bool,
}

impl Exchange for UsersExchange {
    fn head(&mut self, head: &mut response::Parts) {
        let Some(open) = &self.open else { return };
        for (rank, source) in open.users.sources.iter().enumerate() {
            if let Some(user) = source.read_extension(&head.extensions) {
                open.cx.claim_user(rank, UserClaim::Known(user));
            }
        }
        open.cx.tell_user();
    }

    fn end(&mut self, cx: &RequestContext, _: &Outcome<'_>) {
        if let Some(open) = self.open.take() {
            cx.tell_user();
            if open.is_watched {
                cx.settle_user();
            }
        }
    }
}

impl fmt::Debug for UsersExchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UsersExchange").finish_non_exhaustive()
    }
}
