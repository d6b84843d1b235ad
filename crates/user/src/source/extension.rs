use std::sync::Arc;

use http::Extensions;
use tower_telemetry_core::{User, UserClaim};

/// Reads what another layer left.
pub(crate) struct Extension {
    look: Box<Look>,
}

type Look = dyn Fn(&Extensions) -> Option<UserClaim> + Send + Sync;

impl Extension {
    pub(crate) fn new<T>(read: impl Fn(&T) -> Option<User> + Send + Sync + 'static) -> Self
    where
        T: Clone + Send + Sync + 'static,
    {
        let read = Arc::new(read);
        let look = move |extensions: &Extensions| {
            let value = extensions.get::<T>()?;
            Some(match read(value) {
                Some(user) => UserClaim::Known(user),
                // A shared handle, perhaps, that names somebody once the handler has logged them in.
                None => {
                    let (value, read) = (value.clone(), read.clone());
                    UserClaim::Watched(Box::new(move || read(&value)))
                }
            })
        };
        Self { look: Box::new(look) }
    }

    pub(crate) fn ask(&self, extensions: &Extensions) -> Option<UserClaim> {
        (self.look)(extensions)
    }

    pub(crate) fn read(&self, extensions: &Extensions) -> Option<User> {
        match (self.look)(extensions)? {
            UserClaim::Known(user) => Some(user),
            _ => None,
        }
    }
}
