use std::time::Duration;

use tracing::{Span, Value};

use super::{
    Kind, Known, Label,
    kind::{HasLabels, HasSpec, LabelSet},
    span::open_span,
    spec::{Active, Spec},
    values::{CacheOperation, ModelOperation, SpeechOperation, StorageOperation},
};

/// A database's systems that speak SQL, by [OpenTelemetry's names](https://opentelemetry.io/docs/specs/semconv/db/).
const SQL: [&str; 10] = [
    "postgresql",
    "mysql",
    "mariadb",
    "sqlite",
    "microsoft.sql_server",
    "oracle.db",
    "cockroachdb",
    "clickhouse",
    "other_sql",
    "trino",
];

macro_rules! kinds {
    ($(
        $(#[$doc:meta])*
        $kind:ident, $labels:ident($base:literal, $help:literal, slow after $slow:literal s, $active:ident) {
            span $span:literal, $op:expr, named by [$($named:ident),*],
            new($($required:ident: $required_type:ty => $required_attribute:literal),*),
            $($(#[$optional_doc:meta])* $optional:ident => $attribute:literal,)*
        }
    )*) => {
        /// What this module's kinds are called.
        pub(super) const SPECS: &[Spec] = &[$($kind::SPEC),*];

        $(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $kind(());

        #[doc = concat!("The labels of [`", stringify!($kind), "`].")]
        #[derive(Clone, Copy, Debug)]
        #[must_use]
        pub struct $labels<'a> {
            $($required: Label<'a>,)*
            $($optional: Label<'a>,)*
        }

        impl $kind {
            /// The labels that it always has. The others are absent.
            #[expect(clippy::new_ret_no_self, reason = "a kind is nothing but its labels, and is never made")]
            pub fn new<'a>($($required: $required_type),*) -> $labels<'a> {
                $labels { $($required: $required.into(),)* $($optional: Label::ABSENT,)* }
            }
        }

        impl<'a> $labels<'a> {
            $(
                $(#[$optional_doc])*
                pub fn $optional(mut self, $optional: impl Into<Label<'a>>) -> Self {
                    self.$optional = $optional.into();
                    self
                }
            )*
        }

        impl Kind for $kind {}

        impl Known for $kind {}

        impl HasLabels for $kind {
            type Labels<'a> = $labels<'a>;
        }

        impl HasSpec for $kind {
            const SPEC: Spec = Spec {
                slow_after: Duration::from_secs($slow),
                active: Active::$active,
                ..Spec::new($base, $help, <$labels<'_> as LabelSet<'_>>::ATTRIBUTES)
            };
        }

        impl<'a> LabelSet<'a> for $labels<'a> {
            const ATTRIBUTES: &'static [&'static str] = &[$($required_attribute,)* $($attribute,)*];

            fn values(&self) -> impl AsRef<[Label<'a>]> {
                [$(self.$required,)* $(self.$optional,)*]
            }

            fn op(&self) -> Option<&'static str> {
                let op: fn(&Self) -> &'static str = $op;
                Some(op(self))
            }

            fn named(&self) -> impl AsRef<[Label<'a>]> {
                [$(self.$named),*]
            }

            fn span(&self, op: &str, name: &dyn Value) -> Span {
                open_span!($span, op, name, $($required_attribute,)* $($attribute),*)
            }
        }
        )*
    };
}

kinds! {
    /// An attempt to authenticate: by password, token, key, single sign-on.
    Authentication, AuthenticationLabels("auth_attempt", "Duration of attempts to authenticate.", slow after 5 s, Uncounted) {
        span "authentication", |_| "auth", named by [method],
        new(method: impl Into<Label<'a>> => "auth.method"),
        /// Who is asked, if it is not the service itself: `google`, `ldap`.
        provider => "auth.provider",
    }

    /// An operation of a database: a query, a transaction's end.
    /// Source: [db.client.operation.duration](https://opentelemetry.io/docs/specs/semconv/db/database-metrics/).
    ///
    /// The system is one of OpenTelemetry's names: `postgresql`, `mysql`, `sqlite`, `redis`, `mongodb`.
    Database, DatabaseLabels("db_client_operation", "Duration of database client operations.", slow after 1 s, Uncounted) {
        span "db",
        |labels| if SQL.iter().any(|sql| labels.system.is(sql)) { "db.sql.query" } else { "db" },
        named by [operation, collection],
        new(system: impl Into<Label<'a>> => "db.system.name"),
        /// What is done: `SELECT`, `findAndModify`.
        operation => "db.operation.name",
        /// What it is done to: a table, a collection.
        collection => "db.collection.name",
        /// Which of several databases: its name.
        namespace => "db.namespace",
    }

    /// An operation of a cache.
    Cache, CacheLabels("cache_operation", "Duration of cache operations.", slow after 1 s, Uncounted) {
        span "cache",
        |labels| CacheOperation::op(&labels.operation),
        named by [operation, name],
        new(operation: CacheOperation => "cache.operation", name: impl Into<Label<'a>> => "cache.name"),
        /// Whether what was looked for was there. [`Instrument::lookup`](super::Instrument::lookup) sets it.
        hit => "cache.hit",
    }

    /// An operation of a store of files or objects.
    Storage, StorageLabels("storage_operation", "Duration of storage operations.", slow after 5 s, Uncounted) {
        span "storage",
        |labels| StorageOperation::op(&labels.operation),
        named by [operation, bucket],
        new(system: impl Into<Label<'a>> => "storage.system", operation: StorageOperation => "storage.operation"),
        /// Which of several stores: the bucket's name, never an object's.
        bucket => "storage.bucket",
    }

    /// A request to another service over HTTP.
    /// Source: [http.client.request.duration](https://opentelemetry.io/docs/specs/semconv/http/http-metrics/#http-client).
    HttpClient, HttpClientLabels("http_client_request", "Duration of HTTP client requests.", slow after 5 s, Uncounted) {
        span "http.client", |_| "http.client", named by [method, server],
        new(method: impl Into<Label<'a>> => "http.request.method", server: impl Into<Label<'a>> => "server.address"),
        /// The server's port.
        port => "server.port",
        /// The path's template: `/users/{id}`, never the path.
        template => "url.template",
        /// The response's status. [`Instrument::send`](super::Instrument::send) sets it.
        status => "http.response.status_code",
    }

    /// A request to recognise or to synthesise speech. Fall-backs to another provider are counted by
    /// [`Instrument::fell_back`](super::Instrument::fell_back).
    Speech, SpeechLabels("speech_request", "Duration of speech requests.", slow after 5 s, Uncounted) {
        span "speech",
        |labels| SpeechOperation::op(&labels.operation),
        named by [operation, provider],
        new(operation: SpeechOperation => "speech.operation", provider: impl Into<Label<'a>> => "speech.provider"),
        /// The model or the voice.
        model => "speech.model",
    }

    /// A request to a model of language. Its tokens are told by [`Instrument::tokens`](super::Instrument::tokens).
    /// Source: [gen_ai.client.operation.duration](https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/).
    LanguageModel, LanguageModelLabels("gen_ai_client_operation", "Duration of GenAI operations.", slow after 5 s, Uncounted) {
        span "gen_ai",
        |labels| ModelOperation::op(&labels.operation),
        named by [operation, model],
        new(
            operation: ModelOperation => "gen_ai.operation.name",
            provider: impl Into<Label<'a>> => "gen_ai.provider.name",
            model: impl Into<Label<'a>> => "gen_ai.request.model"
        ),
        /// The model that answered, if it is another one.
        response_model => "gen_ai.response.model",
    }

    /// A stage of a pipeline that answers from retrieved documents (RAG), or the whole of it.
    RagPipeline, RagPipelineLabels("rag_pipeline", "Duration of the stages of retrieval-augmented generation.", slow after 5 s, Uncounted) {
        span "rag", |_| "ai.pipeline", named by [pipeline, stage],
        new(pipeline: impl Into<Label<'a>> => "rag.pipeline"),
        /// Which stage: `retrieve`, `rerank`, `generate`. Absent for the whole.
        stage => "rag.stage",
    }

    /// Work on a document: parsing, conversion, recognition, indexing.
    DocumentProcessing, DocumentProcessingLabels("document_processing", "Duration of work on documents.", slow after 30 s, Uncounted) {
        span "document", |_| "document.process", named by [operation, format],
        new(operation: impl Into<Label<'a>> => "document.operation"),
        /// What it is: `pdf`, `docx`.
        format => "document.format",
    }

    /// A task that no request waits for. Those that run are counted by a gauge.
    BackgroundTask, BackgroundTaskLabels("background_task", "Duration of background tasks.", slow after 60 s, Counted) {
        span "task", |_| "task", named by [task],
        new(task: impl Into<Label<'a>> => "task.name"),
    }

    /// A message that is sent to a queue or topic.
    /// Source: [messaging.client.operation.duration](https://opentelemetry.io/docs/specs/semconv/messaging/messaging-metrics/).
    Publish, PublishLabels("messaging_client_operation", "Duration of messaging operations of clients.", slow after 5 s, Uncounted) {
        span "queue.publish", |_| "queue.publish", named by [operation, destination],
        new(
            system: impl Into<Label<'a>> => "messaging.system",
            operation: impl Into<Label<'a>> => "messaging.operation.name",
            destination: impl Into<Label<'a>> => "messaging.destination.name"
        ),
    }

    /// A message's processing.
    /// Source: [messaging.process.duration](https://opentelemetry.io/docs/specs/semconv/messaging/messaging-metrics/).
    Consume, ConsumeLabels("messaging_process", "Duration of processing messages.", slow after 5 s, Uncounted) {
        span "queue.process", |_| "queue.process", named by [operation, destination],
        new(
            system: impl Into<Label<'a>> => "messaging.system",
            operation: impl Into<Label<'a>> => "messaging.operation.name",
            destination: impl Into<Label<'a>> => "messaging.destination.name"
        ),
        /// The group of consumers.
        group => "messaging.consumer.group.name",
    }

    /// The delivery of an e-mail.
    Email, EmailLabels("email_delivery", "Duration of deliveries of e-mails.", slow after 5 s, Uncounted) {
        span "email", |_| "email.send", named by [provider, template],
        new(provider: impl Into<Label<'a>> => "email.provider"),
        /// Which of the service's e-mails: `welcome`. Never an address.
        template => "email.template",
    }
}
