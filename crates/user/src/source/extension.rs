use std::sync::Arc;

use http::Extensions;
use tower_telemetry_core::{RequestContext, User, UserClaim};

use super::Claimed;

/// Reads what another layer left.
pub(crate) struct Extension {
    claim: Box<Claim>,
    read: Box<Read>,
}

/// Claims what it reads where it reads it: a user is large, and to hand it on costs as much as to find it.
type Claim = dyn Fn(&Extensions, usize, &RequestContext) -> Claimed + Send + Sync;

type Read = dyn Fn(&Extensions) -> Option<User> + Send + Sync;

impl Extension {
    pub(crate) fn new<T>(read: impl Fn(&T) -> Option<User> + Send + Sync + 'static) -> Self
    where
        T: Clone + Send + Sync + 'static,
    {
        let read = Arc::new(read);
        let reader = read.clone();
        let claim = move |extensions: &Extensions, rank: usize, cx: &RequestContext| {
            let Some(value) = extensions.get::<T>() else { return Claimed::Nothing };
            if let Some(user) = read(value) {
                cx.claim_user(rank, UserClaim::Known(user));
                return Claimed::Certain;
            }
            // A shared handle, perhaps, that names somebody once the handler has logged them in.
            let (value, read) = (value.clone(), read.clone());
            cx.claim_user(rank, UserClaim::Watched(Box::new(move || read(&value))));
            Claimed::Watched
        };
        Self { claim: Box::new(claim), read: Box::new(move |extensions| reader(extensions.get::<T>()?)) }
    }

    pub(crate) fn claim(&self, extensions: &Extensions, rank: usize, cx: &RequestContext) -> Claimed {
        (self.claim)(extensions, rank, cx)
    }

    pub(crate) fn read(&self, extensions: &Extensions) -> Option<User> {
        (self.read)(extensions)
    }
}
