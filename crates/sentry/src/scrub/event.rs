use sentry::protocol::{Breadcrumb, Event, Exception, LogEntry, Mechanism, Stacktrace, Thread, ThreadId, Values};

use super::walk::Walk;

// Each type is taken apart to its last field, here and in the other files of this folder, so that a field that a later SDK adds
// does not compile before somebody has decided on it.
impl Walk<'_> {
    pub(super) fn event(&self, event: &mut Event<'static>) {
        let Event {
            event_id: _,
            level: _,
            fingerprint,
            culprit,
            transaction,
            message,
            logentry,
            logger,
            modules: _,
            platform: _,
            timestamp: _,
            server_name,
            release: _,
            dist: _,
            environment: _,
            user,
            request,
            contexts,
            breadcrumbs: Values { values: breadcrumbs },
            exception: Values { values: exceptions },
            stacktrace,
            template,
            threads: Values { values: threads },
            tags,
            extra,
            // Addresses, ids and paths of what the program was built from.
            debug_meta: _,
            sdk: _,
        } = event;
        self.fingerprint(fingerprint);
        for text in [culprit, transaction, message, logger] {
            self.text_opt(text);
        }
        if let Some(LogEntry { message, params }) = logentry {
            self.text(message);
            for param in params {
                self.value("", param);
            }
        }
        if let Some(server_name) = server_name {
            self.host(server_name);
        }
        self.user(user);
        self.request(request);
        self.contexts(contexts);
        for breadcrumb in breadcrumbs {
            self.breadcrumb(breadcrumb);
        }
        for exception in exceptions {
            self.exception(exception);
        }
        self.stacktrace(stacktrace);
        if let Some(template) = template {
            self.template(template);
        }
        for thread in threads {
            self.thread(thread);
        }
        self.names(tags);
        self.values(extra);
    }

    fn fingerprint(&self, fingerprint: &mut std::borrow::Cow<'static, [std::borrow::Cow<'static, str>]>) {
        // It is borrowed from the SDK, and stays so, unless there is something in it.
        if fingerprint.iter().any(|part| self.new_key(part).is_some()) {
            for part in fingerprint.to_mut() {
                self.text_cow(part);
            }
        }
    }

    fn breadcrumb(&self, breadcrumb: &mut Breadcrumb) {
        let Breadcrumb { timestamp: _, ty, category, level: _, message, data } = breadcrumb;
        self.text(ty);
        self.text_opt(category);
        self.text_opt(message);
        self.values(data);
    }

    fn exception(&self, exception: &mut Exception) {
        let Exception { ty, value, module: _, stacktrace, raw_stacktrace, thread_id, mechanism } = exception;
        // The SDK takes an error's type from what `Debug` writes of it, which for an error that is but text is that text.
        self.text(ty);
        self.text_opt(value);
        self.stacktraces([stacktrace, raw_stacktrace]);
        self.thread_id(thread_id);
        if let Some(mechanism) = mechanism {
            self.mechanism(mechanism);
        }
    }

    fn mechanism(&self, mechanism: &mut Mechanism) {
        // Numbers and names of signals, in `meta`.
        let Mechanism { ty, description, help_link, handled: _, synthetic: _, data, meta: _ } = mechanism;
        self.text(ty);
        self.text_opt(description);
        self.url(help_link);
        self.values(data);
    }

    fn thread(&self, thread: &mut Thread) {
        let Thread { id, name, stacktrace, raw_stacktrace, crashed: _, current: _ } = thread;
        self.thread_id(id);
        self.text_opt(name);
        self.stacktraces([stacktrace, raw_stacktrace]);
    }

    fn thread_id(&self, id: &mut Option<ThreadId>) {
        if let Some(ThreadId::String(id)) = id {
            self.text(id);
        }
    }

    fn stacktraces(&self, stacktraces: [&mut Option<Stacktrace>; 2]) {
        for stacktrace in stacktraces {
            self.stacktrace(stacktrace);
        }
    }
}
