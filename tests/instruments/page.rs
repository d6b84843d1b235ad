//! What a Prometheus server scrapes of instruments and of the process.

use std::{convert::Infallible, fs, path::Path, time::Duration};

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};
use tower_telemetry_core::semconv::DURATION_BUCKETS;
use tower_telemetry_metrics::instrument::{
    Authentication, BUCKETS, BackgroundTask, Cache, CacheOperation, Consume, Database, DocumentProcessing, Email,
    Ended, Events, HttpClient, Instrument, Known, Label, LanguageModel, Level, ModelOperation, Pool, PoolState,
    Publish, RagPipeline, Speech, SpeechOperation, Storage, StorageOperation, catalogue,
};

use super::fixtures::collectors;

/// For promtool, which `tests/real-servers` has.
#[test]
fn a_page_of_all_instruments_is_written() {
    let durations = [(Matcher::Suffix("_duration_seconds".to_owned()), &DURATION_BUCKETS[..])];
    let buckets = BUCKETS.iter().map(|(name, bounds)| (Matcher::Full((*name).to_owned()), *bounds)).chain(durations);
    let builder = buckets.fold(PrometheusBuilder::new(), |builder, (metric, bounds)| {
        builder.set_buckets_for_metric(metric, bounds).expect("there are buckets")
    });
    let collectors = collectors();
    let recorder = builder.build_recorder();
    metrics::with_local_recorder(&recorder, || {
        use_each_kind();
        tell_the_others();
        collectors.collect();
    });
    let page = recorder.handle().render();
    for metric in catalogue() {
        let (name, kind) = (&metric.name, metric.kind);
        let has = |line: &str| page.lines().any(|other| other == line);
        assert!(
            has(&format!("# TYPE {name} {kind}")) && has(&format!("# HELP {name} {}", metric.help)),
            "{name}\n{page}"
        );
    }
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("metrics-instruments.prom");
    fs::write(&file, page).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
}

fn use_each_kind() {
    failed_slowly::<Authentication>(Authentication::new("password"));
    failed_slowly::<Database>(Database::new("postgresql").operation("SELECT"));
    failed_slowly::<Cache>(Cache::new(CacheOperation::Get, "sessions"));
    failed_slowly::<Storage>(Storage::new("s3", StorageOperation::Put));
    failed_slowly::<HttpClient>(HttpClient::new("GET", "api.example"));
    failed_slowly::<Speech>(Speech::new(SpeechOperation::Recognition, "azure"));
    failed_slowly::<LanguageModel>(LanguageModel::new(ModelOperation::Chat, "openai", "gpt-4o"));
    failed_slowly::<RagPipeline>(RagPipeline::new("support"));
    failed_slowly::<DocumentProcessing>(DocumentProcessing::new("parse"));
    failed_slowly::<BackgroundTask>(BackgroundTask::new("sweep"));
    failed_slowly::<Publish>(Publish::new("rabbitmq", "publish", "orders"));
    failed_slowly::<Consume>(Consume::new("rabbitmq", "process", "orders"));
    failed_slowly::<Email>(Email::new("smtp"));
}

/// Slowly enough for any threshold.
fn failed_slowly<K: Known>(labels: K::Labels<'static>) {
    Instrument::<K>::new().record(labels, Duration::from_secs(60), Ended::Error("timeout"));
}

fn tell_the_others() {
    let task = Instrument::<BackgroundTask>::new();
    task.run(BackgroundTask::new("sweep"), || Ok::<_, Infallible>(())).expect("it cannot fail");
    let model = LanguageModel::new(ModelOperation::Chat, "openai", "gpt-4o");
    Instrument::<LanguageModel>::new().tokens(model, 640, 128);
    Instrument::<Speech>::new().fell_back(Speech::new(SpeechOperation::Synthesis, "azure"), "google");
    Events::business().max_series(0).happened([Label::text("one too many"), "success".into()]);
    Level::queue_depth().set(["rabbitmq", "orders"], 9.0);
    let pool = Pool::new("main");
    pool.set(PoolState { used: 7, idle: 3, max: 20, pending: 1 });
    pool.timed_out();
}
