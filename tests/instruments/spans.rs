//! What a subscriber sees.

use std::{convert::Infallible, future::pending, io, pin::pin, time::Duration};

use http::Response;
use tests::spans::Spans;
use tower_telemetry_metrics::instrument::{
    Authentication, BackgroundTask, Cache, CacheOperation, Consume, Database, DocumentProcessing, Email, HttpClient,
    Instrument, Label, LanguageModel, ModelOperation, Own, Publish, RagPipeline, Speech, SpeechOperation, Storage,
    StorageOperation,
};

use super::fixtures::{now, poll_once};

const SLOW: &str = "tower_telemetry::slow";

/// The fields of the one span of one piece of work.
macro_rules! fields {
    ($kind:ident, $labels:expr) => {{
        let spans = Spans::keep();
        let instrument = Instrument::<$kind>::new();
        now(instrument.observe($labels, async { Ok::<_, Infallible>(()) })).expect("it cannot fail");
        let [span] = &spans.spans()[..] else { unreachable!("there is one") };
        assert!(span.closed && span.entered > 0 && span.target == "tower_telemetry::instrument", "{span:?}");
        assert_eq!(span.fields.get("sentry.name"), span.fields.get("otel.name"));
        (span.fields.get("sentry.op").map(str::to_owned), span.fields.get("sentry.name").map(str::to_owned))
    }};
}

#[test]
fn each_kind_has_its_operation_and_its_name() {
    let cases = [
        (fields!(Authentication, Authentication::new("password")), "auth", "password"),
        (
            fields!(Database, Database::new("postgresql").operation("SELECT").collection("orders")),
            "db.sql.query",
            "SELECT orders",
        ),
        (fields!(Database, Database::new("redis").operation("GET")), "db", "GET"),
        (fields!(Database, Database::new("mongodb")), "db", "db"),
        (fields!(Cache, Cache::new(CacheOperation::Get, "sessions")), "cache.get", "get sessions"),
        (fields!(Cache, Cache::new(CacheOperation::Put, "sessions")), "cache.put", "put sessions"),
        (fields!(Cache, Cache::new(CacheOperation::Remove, "sessions")), "cache.remove", "remove sessions"),
        (fields!(Cache, Cache::new(CacheOperation::Flush, "sessions")), "cache.flush", "flush sessions"),
        (fields!(Storage, Storage::new("s3", StorageOperation::Get).bucket("invoices")), "storage.get", "get invoices"),
        (fields!(HttpClient, HttpClient::new("GET", "api.example")), "http.client", "GET api.example"),
        (fields!(Speech, Speech::new(SpeechOperation::Synthesis, "azure")), "speech.synthesis", "synthesis azure"),
        (
            fields!(LanguageModel, LanguageModel::new(ModelOperation::Chat, "openai", "gpt-4o")),
            "gen_ai.chat",
            "chat gpt-4o",
        ),
        (
            fields!(LanguageModel, LanguageModel::new(ModelOperation::Embeddings, "openai", "ada")),
            "gen_ai.embeddings",
            "embeddings ada",
        ),
        (fields!(RagPipeline, RagPipeline::new("support").stage("rerank")), "ai.pipeline", "support rerank"),
        (fields!(DocumentProcessing, DocumentProcessing::new("parse").format("pdf")), "document.process", "parse pdf"),
        (fields!(BackgroundTask, BackgroundTask::new("sweep")), "task", "sweep"),
        (fields!(Publish, Publish::new("kafka", "send", "orders")), "queue.publish", "send orders"),
        (fields!(Consume, Consume::new("kafka", "process", "orders")), "queue.process", "process orders"),
        (fields!(Email, Email::new("smtp").template("welcome")), "email.send", "smtp welcome"),
    ];
    for ((op, name), expected_op, expected_name) in cases {
        assert_eq!((op.as_deref(), name.as_deref()), (Some(expected_op), Some(expected_name)));
    }
}

#[test]
fn labels_are_fields_by_opentelemetrys_names_and_errors_too() {
    let spans = Spans::keep();
    let client = Instrument::<HttpClient>::new();
    let response = Response::builder().status(503).body(()).expect("a response");
    let labels = HttpClient::new("GET", Label::text("api.example")).port(443);
    let _ = now(client.send(labels, async { Ok::<_, io::Error>(response) }));
    let [span] = &spans.spans()[..] else { unreachable!("there is one") };
    assert_eq!(
        span.fields.sorted(),
        [
            ("error.type", "503"),
            ("http.request.method", "GET"),
            ("http.response.status_code", "503"),
            ("otel.name", "GET api.example"),
            ("otel.status_code", "ERROR"),
            ("sentry.name", "GET api.example"),
            ("sentry.op", "http.client"),
            ("server.address", "api.example"),
            ("server.port", "443"),
        ]
    );
}

#[test]
fn what_ends_early_says_so() {
    let spans = Spans::keep();
    let work: Instrument<Own<1>> = Instrument::own("work", &["part"]);
    assert!(poll_once(pin!(work.observe_infallible(["a"], pending::<()>()))).is_pending());
    let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _running = work.start(["a"]);
        panic!("boom");
    }));
    let errors: Vec<_> = spans.spans().iter().map(|span| span.fields.get("error.type").map(str::to_owned)).collect();
    assert_eq!(errors, [Some("cancelled".to_owned()), Some("panic".to_owned())]);
    assert!(spans.spans().iter().all(|span| span.closed && span.fields.get("labels") == Some("part=a")));
}

#[test]
fn slow_work_is_tagged_and_told_in_its_span() {
    let spans = Spans::keep();
    let queries = Instrument::<Database>::new().slow_after(Duration::ZERO);
    let labels = Database::new("postgresql").operation("SELECT").collection("orders");
    let _ = now(queries.observe(labels, async { Err::<(), _>(io::Error::other("x")) }));
    let [span] = &spans.spans()[..] else { unreachable!("there is one") };
    assert_eq!(span.fields.get("tags.slow"), Some("true"));
    let [event] = &spans.events(SLOW)[..] else { unreachable!("there is one") };
    assert_eq!((event.level, event.span), (tracing::Level::WARN, Some("db")));
    for (field, expected) in [
        ("op", "db.sql.query"),
        ("name", "SELECT orders"),
        ("threshold_secs", "0.0"),
        ("error_type", "std::io::error::Error"),
        ("message", "slow"),
    ] {
        assert_eq!(event.fields.get(field), Some(expected), "{field}");
    }
    assert_eq!(event.fields.times("elapsed_secs"), 1);
}

#[test]
fn quick_work_is_not() {
    let spans = Spans::keep();
    let queries = Instrument::<Database>::new();
    let _ = now(queries.observe(Database::new("sqlite"), async { Ok::<_, Infallible>(()) }));
    assert!(spans.events(SLOW).is_empty());
    assert_eq!(spans.spans()[0].fields.times("tags.slow"), 0);
}

#[test]
fn what_happens_in_the_work_is_in_its_span_until_the_last_drop() {
    struct Says(&'static str);

    impl Drop for Says {
        fn drop(&mut self) {
            tracing::info!(target: "work", "{}", self.0);
        }
    }

    let spans = Spans::keep();
    let tasks = Instrument::<BackgroundTask>::new();
    now(tasks.observe_infallible(BackgroundTask::new("sweep"), async {
        let _at_the_end = Says("dropped at the end");
        tracing::info!(target: "work", "in the future");
    }));
    let mut given_up = Box::pin(tasks.observe_infallible(BackgroundTask::new("sweep"), async {
        let _says = Says("dropped when given up");
        pending::<()>().await;
    }));
    assert!(poll_once(given_up.as_mut()).is_pending());
    drop(given_up);
    let running = tasks.start(BackgroundTask::new("sweep"));
    running.in_scope(|| tracing::info!(target: "work", "in the guard's scope"));
    tracing::info!(target: "outside", "beside it");
    running.ok();
    let _ = tasks.run(BackgroundTask::new("sweep"), || {
        tracing::info!(target: "work", "in the closure");
        Ok::<_, Infallible>(())
    });
    let events = spans.events("work");
    assert_eq!(events.len(), 5);
    assert!(events.iter().all(|event| event.span == Some("task")), "{events:?}");
    assert_eq!(spans.events("outside")[0].span, None);
}

#[test]
fn free_texts_are_scrubbed_in_spans_and_events() {
    let spans = Spans::keep();
    let resize: Instrument<Own<1>> = Instrument::own("resize", &["tenant"]).slow_after(Duration::ZERO);
    let client = Instrument::<HttpClient>::new().slow_after(Duration::ZERO);
    resize.start([Label::text("ada@example.com")]).ok();
    client.start(HttpClient::new("GET", Label::text("ada@example.com"))).ok();
    assert_eq!(spans.events(SLOW).len(), 2);
    assert!(!spans.text().contains("ada@") && spans.text().contains("[email]"), "{}", spans.text());
}
