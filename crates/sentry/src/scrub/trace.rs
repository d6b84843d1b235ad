use sentry::protocol::{Span, Transaction};

use super::walk::Walk;

impl Walk<'_> {
    pub(super) fn transaction(&self, transaction: &mut Transaction<'static>) {
        let Transaction {
            event_id: _,
            name,
            release: _,
            environment: _,
            user,
            tags,
            extra,
            sdk: _,
            platform: _,
            timestamp: _,
            start_timestamp: _,
            spans,
            contexts,
            request,
            server_name,
        } = transaction;
        self.text_opt(name);
        self.user(user);
        self.names(tags);
        self.values(extra);
        for span in spans {
            self.span(span);
        }
        self.contexts(contexts);
        self.request(request);
        if let Some(server_name) = server_name {
            self.host(server_name);
        }
    }

    fn span(&self, span: &mut Span) {
        let Span {
            span_id: _,
            trace_id: _,
            parent_span_id: _,
            same_process_as_parent: _,
            op,
            description,
            timestamp: _,
            start_timestamp: _,
            status: _,
            tags,
            data,
        } = span;
        self.text_opt(op);
        self.text_opt(description);
        self.names(tags);
        self.values(data);
    }
}
