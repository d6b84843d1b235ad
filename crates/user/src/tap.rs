use http::request;
use tower_telemetry_core::{Observe, RequestContext, RequestHead};

use crate::{UserSource, Users, UsersExchange};

/// Observer that looks for users further in. Made by [`Users::tap`].
#[derive(Clone, Debug)]
pub struct UserTap {
    users: Users,
}

impl UserTap {
    pub(crate) fn new(users: Users) -> Self {
        Self { users }
    }
}

impl Observe for UserTap {
    type Exchange = UsersExchange;

    // Where nobody outside observes the exchange, nobody would hear of it.
    fn admits(&self, head: &RequestHead<'_>) -> bool {
        head.extensions.get::<RequestContext>().is_some()
    }

    fn begin(&self, head: &mut request::Parts, cx: &RequestContext) -> UsersExchange {
        let head = RequestHead::of(head);
        let exchange = self.users.ask(UserSource::may_answer_inside, &head, cx);
        cx.tell_user();
        exchange
    }
}
