use std::{borrow::Cow, cell::Cell, sync::Arc};

use sentry::{
    Envelope, Hub, Transaction,
    protocol::{self, Context, EnvelopeItem, Map, Request, ResponseContext, SpanStatus, Value},
};
use tower_telemetry_core::User;

use crate::{dynamic_sampling, scrub::Walk, user::to_protocol};

/// What an exchange says of its transaction at its end.
///
/// The SDK copies all that it is told of a transaction, several times. It hands the transaction to the transport at once, on
/// this very thread, which takes this along. What is the service's own code is added as it is, the rest scrubbed.
#[derive(Debug)]
pub(crate) struct Conclusion {
    pub(crate) name: String,
    /// Whether nothing that a caller sends gets into the name.
    pub(crate) is_closed: bool,
    pub(crate) op: &'static str,
    pub(crate) status: SpanStatus,
    /// From closed sets, but for an open endpoint's name, and the [path](PATH) as it may be shown.
    pub(crate) data: Map<String, Value>,
    /// What we say: nothing that a caller writes gets in, unless the endpoint's name is an open one.
    pub(crate) tags: Map<String, String>,
    /// What the handler says, which comes first.
    pub(crate) handlers_tags: Vec<(Cow<'static, str>, Cow<'static, str>)>,
    pub(crate) user: Option<Arc<User>>,
    pub(crate) query: Option<String>,
    pub(crate) response: Option<ResponseContext>,
    pub(crate) sampling: Option<dynamic_sampling::Context>,
}

/// Source: <https://opentelemetry.io/docs/specs/semconv/registry/attributes/url/>
pub(crate) const PATH: &str = "url.path";

const ORIGIN: &str = "auto.http.tower_telemetry";

thread_local! {
    static HELD: Cell<Option<Box<Conclusion>>> = const { Cell::new(None) };
}

impl Conclusion {
    /// Finishes a transaction of a client of ours.
    pub(crate) fn finish(self: Box<Self>, transaction: Transaction) {
        struct Forget;

        impl Drop for Forget {
            fn drop(&mut self) {
                HELD.take();
            }
        }

        let _forget = Forget;
        HELD.set(Some(self));
        transaction.finish();
    }

    /// Finishes a transaction of another client, in the words that the SDK has.
    pub(crate) fn finish_elsewhere(self, transaction: Transaction, hub: &Hub) {
        transaction.set_name(&self.name);
        transaction.set_op(self.op);
        transaction.set_status(self.status);
        transaction.set_origin(ORIGIN);
        for (name, value) in self.data {
            transaction.set_data(&name, value);
        }
        for (name, value) in self.tags {
            transaction.set_tag(&name, value);
        }
        for (name, value) in self.handlers_tags {
            transaction.set_tag(&name, value);
        }
        if let Some(query) = self.query {
            transaction.set_request(with_query(query));
        }
        // It takes these from the scope alone.
        hub.configure_scope(|scope| {
            if scope.user().is_none() {
                scope.set_user(self.user.as_deref().map(to_protocol));
            }
            if let Some(response) = self.response {
                scope.set_context("response", response);
            }
        });
        transaction.finish();
    }

    /// What is held here for the transaction in this envelope, if it has one.
    pub(crate) fn take_for(envelope: &Envelope) -> Option<Box<Self>> {
        let has_transaction = envelope.items().any(|item| matches!(item, EnvelopeItem::Transaction(_)));
        // A thread that ends holds nothing any more.
        if has_transaction { HELD.try_with(Cell::take).ok().flatten() } else { None }
    }

    /// About how much memory it takes, in bytes.
    pub(crate) fn weight(&self) -> usize {
        /// What we say ourselves, and the user.
        const OURS: usize = 4096;
        let query = self.query.as_ref().map_or(0, String::len);
        let tags = self.handlers_tags.iter().map(|(name, value)| name.len() + value.len() + size_of_val(name) * 2);
        OURS + size_of_val(self) + self.name.len() + query + tags.sum::<usize>()
    }

    /// Adds all of it to a transaction that is scrubbed.
    pub(crate) fn add_to(mut self: Box<Self>, transaction: &mut protocol::Transaction<'static>, walk: &Walk<'_>) {
        if !self.is_closed {
            walk.text(&mut self.name);
            for (name, value) in &mut self.data {
                walk.value(name, value);
            }
            for value in self.tags.values_mut() {
                walk.text(value);
            }
        }
        transaction.name = Some(self.name);
        if let Some(Context::Trace(trace)) = transaction.contexts.get_mut("trace") {
            trace.op = Some(self.op.into());
            trace.status = Some(self.status);
            trace.origin = Some(ORIGIN.into());
            if let Some(Value::String(path)) = self.data.get_mut(PATH) {
                walk.path(path);
            }
            trace.data.append(&mut self.data);
        }
        transaction.tags.append(&mut self.tags);
        for (name, value) in self.handlers_tags {
            let (name, mut value) = (name.into_owned(), value.into_owned());
            walk.named(&name, &mut value);
            transaction.tags.insert(name, value);
        }
        // One that the service has told the SDK of is there already.
        if transaction.user.is_none() {
            transaction.user = self.user.and_then(|user| walk.shown_user(&user));
        }
        transaction.request = self.query.map(|query| with_query(walk.query(&query)));
        if let Some(response) = self.response {
            transaction.contexts.insert("response".into(), response.into());
        }
    }
}

// Here Sentry reads it as what it is. Elsewhere it would take a text with the word `password` for one, and hide all of it.
fn with_query(query: String) -> Request {
    Request { query_string: Some(query), ..Request::default() }
}
