//! Instruments.

mod cap;
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
