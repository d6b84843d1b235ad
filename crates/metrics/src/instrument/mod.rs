//! Instruments for the work inside a service: queries, calls to others, tasks. Declared once, used in one line:
//!
//! ```
//! use tower_telemetry_metrics::instrument::{Database, Instrument};
//!
//! static ORDERS: Instrument<Database> = Instrument::new();
//!
//! # struct Db; impl Db { async fn find(&self, id: u64) -> std::io::Result<u64> { Ok(id) } }
//! # async fn handler(db: Db) -> std::io::Result<()> {
//! let labels = Database::new("postgresql").operation("SELECT").collection("orders");
//! let order = ORDERS.observe(labels, db.find(7)).await?;
//! # Ok(()) }
//! ```
//!
//! The work is counted and timed, in `db_client_operation_duration_seconds`; an `Err` gives it an `error_type`, as do a future that
//! is given up (`cancelled`) and a panic (`panic`). It runs in a `tracing` span, with the operation that Sentry knows it by. If it
//! takes too long, it is counted again, in `db_client_operation_slow_total`, a `WARN` event with the target `tower_telemetry::slow`
//! says so, and its span has the tag `slow`. A kind of one's own takes the same three lines:
//!
//! ```
//! use tower_telemetry_metrics::instrument::{Instrument, Own};
//!
//! static RESIZE: Instrument<Own<1>> = Instrument::own("image_resize", &["image_format"]);
//!
//! # async fn resize() -> std::io::Result<()> { Ok(()) }
//! # async fn handler() -> std::io::Result<()> {
//! RESIZE.observe(["png"], resize()).await?; // image_resize_duration_seconds{image_format="png"}
//! # Ok(()) }
//! ```
//!
//! [`observe`](Instrument::observe) takes a future of a `Result`, [`observe_infallible`](Instrument::observe_infallible) any other,
//! and [`observe_with`](Instrument::observe_with) a closure that judges the output. For code that does not wait there are
//! [`run`](Instrument::run) and the guard of [`start`](Instrument::start). What was timed elsewhere is
//! [`record`](Instrument::record)ed.
//!
//! # Kinds
//!
//! Labels in parentheses are absent unless they are set. All have `error_type` where something went wrong.
//!
//! | kind | metric (`…_duration_seconds`, `…_slow_total`) | labels | span's operation | slow after |
//! |---|---|---|---|---|
//! | [`Authentication`] | `auth_attempt` | `auth_method`, (`auth_provider`) | `auth` | 5 s |
//! | [`Database`] | `db_client_operation` | `db_system_name`, (`db_operation_name`), (`db_collection_name`), (`db_namespace`) | `db.sql.query`; `db` for systems without SQL | 1 s |
//! | [`Cache`] | `cache_operation` | `cache_operation`, `cache_name`, (`cache_hit`) | `cache.get`, `cache.put`, `cache.remove`, `cache.flush` | 1 s |
//! | [`Storage`] | `storage_operation` | `storage_system`, `storage_operation`, (`storage_bucket`) | `storage.get`, `storage.put`, … | 5 s |
//! | [`HttpClient`] | `http_client_request` | `http_request_method`, `server_address`, (`server_port`), (`url_template`), (`http_response_status_code`) | `http.client` | 5 s |
//! | [`Speech`] | `speech_request` | `speech_operation`, `speech_provider`, (`speech_model`) | `speech.recognition`, `speech.synthesis` | 5 s |
//! | [`LanguageModel`] | `gen_ai_client_operation` | `gen_ai_operation_name`, `gen_ai_provider_name`, `gen_ai_request_model`, (`gen_ai_response_model`) | `gen_ai.chat`, `gen_ai.embeddings`, … | 5 s |
//! | [`RagPipeline`] | `rag_pipeline` | `rag_pipeline`, (`rag_stage`) | `ai.pipeline` | 5 s |
//! | [`DocumentProcessing`] | `document_processing` | `document_operation`, (`document_format`) | `document.process` | 30 s |
//! | [`BackgroundTask`] | `background_task`, and the gauge `background_task_active` | `task_name` | `task` | 60 s |
//! | [`Publish`] | `messaging_client_operation` | `messaging_system`, `messaging_operation_name`, `messaging_destination_name` | `queue.publish` | 5 s |
//! | [`Consume`] | `messaging_process` | the same, (`messaging_consumer_group_name`) | `queue.process` | 5 s |
//! | [`Email`] | `email_delivery` | `email_provider`, (`email_template`) | `email.send` | 5 s |
//! | [`Own`] | the name it is given | those it is given | the name it is given | 5 s |
//!
//! What takes no time has a metric alone:
//!
//! | told by | metric | labels |
//! |---|---|---|
//! | [`Instrument::tokens`] | `gen_ai_client_token_usage`, a histogram | those of the kind, `gen_ai_token_type` (`input`, `output`) |
//! | [`Instrument::fell_back`] | `speech_fallback_total` | those of the kind, `speech_fallback_provider` |
//! | [`Pool`] | `db_client_connections`, `db_client_connection_max`, `db_client_connection_pending_requests`, `db_client_connection_timeouts_total` | `db_client_connection_pool_name`; the first `db_client_connection_state` |
//! | [`Events::business`] | `business_events_total` | `event_name`, `event_outcome` |
//! | [`Level::queue_depth`] | `queue_depth` | `messaging_system`, `messaging_destination_name` |
//! | [`Events::own`], [`Level::own`] | the name it is given | those it is given |
//!
//! Names are those of OpenTelemetry's semantic conventions 1.44 in their Prometheus form, where it has them: databases and their
//! pools, HTTP clients, messaging, and generative AI, which by then has
//! [conventions of its own](https://github.com/open-telemetry/semantic-conventions-genai). The others follow their example. One of a
//! [`Pool`]'s differs, since Prometheus keeps its ending for histograms.
//!
//! # Labels
//!
//! A label is a constant of the program, a `bool` or a number, or a [free text](Label::text), which is cut to 64 bytes, scrubbed
//! when its series is made, and bounded: an instrument has 1,000 series with free texts, after which the text is `overflow`, and
//! `telemetry_metric_overflow_total` counts, by `metric`. Never give a user's id, a path, an address or a message.
//!
//! # With a Prometheus recorder
//!
//! [`catalogue`] lists the metrics, for those who write rules and dashboards.
//! Set [`BUCKETS`] for their metrics, and [`DURATION_BUCKETS`](tower_telemetry_core::semconv::DURATION_BUCKETS) for the suffix
//! `_duration_seconds`, or histograms become summaries. An idle timeout of a second or more loses nothing.
//!
//! # Cost
//!
//! Two clock reads, a look-up in a table of the thread's own, and a histogram's push: no lock, and no allocation once the thread
//! knows the series. Recorders are told apart by their address, so an instrument that a test uses with one scoped recorder after
//! another should not be a `static`. Without a `tracing` subscriber, no span is made.

mod buckets;
mod cap;
mod catalogue;
mod config;
mod ended;
mod events;
mod kind;
mod kinds;
mod label;
mod level;
mod metric;
mod names;
mod observe;
mod observed;
mod pool;
mod running;
mod series;
mod span;
mod spec;
mod special;
mod values;
mod work;

pub use self::{
    buckets::BUCKETS,
    catalogue::{Described, catalogue},
    config::Instrument,
    ended::Ended,
    events::Events,
    kind::{Kind, Known, Own, OwnLabels},
    kinds::{
        Authentication, AuthenticationLabels, BackgroundTask, BackgroundTaskLabels, Cache, CacheLabels, Consume,
        ConsumeLabels, Database, DatabaseLabels, DocumentProcessing, DocumentProcessingLabels, Email, EmailLabels,
        HttpClient, HttpClientLabels, LanguageModel, LanguageModelLabels, Publish, PublishLabels, RagPipeline,
        RagPipelineLabels, Speech, SpeechLabels, Storage, StorageLabels,
    },
    label::Label,
    level::Level,
    observed::{Judge, Observed},
    pool::{Pool, PoolState},
    running::Running,
    values::{CacheOperation, ModelOperation, SpeechOperation, StorageOperation},
};
