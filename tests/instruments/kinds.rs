//! Each kind's metrics and labels.

use std::{convert::Infallible, io};

use http::{Method, Response, StatusCode};
use tower_telemetry_metrics::instrument::{
    Authentication, BackgroundTask, Cache, CacheOperation, Consume, Database, DocumentProcessing, Email, Ended, Events,
    HttpClient, Instrument, Known, Label, LanguageModel, Level, ModelOperation, Own, Pool, PoolState, Publish,
    RagPipeline, Speech, SpeechOperation, Storage, StorageOperation,
};

use super::fixtures::{Recorder, Told, now};

/// The series of one piece of work of this kind.
macro_rules! series {
    ($kind:ident, $labels:expr) => {{
        let recorder = Recorder::new();
        let instrument = Instrument::<$kind>::new();
        recorder
            .record(|| now(instrument.observe($labels, async { Ok::<_, Infallible>(()) })))
            .expect("it cannot fail");
        recorder.names()
    }};
}

#[test]
fn each_kind_has_its_metric_and_its_labels() {
    let cases = [
        (
            series!(Authentication, Authentication::new("password")),
            r#"auth_attempt_duration_seconds{auth_method="password"}"#,
        ),
        (
            series!(Authentication, Authentication::new("oidc").provider("google")),
            r#"auth_attempt_duration_seconds{auth_method="oidc",auth_provider="google"}"#,
        ),
        (
            series!(Database, Database::new("postgresql")),
            r#"db_client_operation_duration_seconds{db_system_name="postgresql"}"#,
        ),
        (
            series!(Database, Database::new("postgresql").operation("SELECT").collection("orders").namespace("shop")),
            r#"db_client_operation_duration_seconds{db_collection_name="orders",db_namespace="shop",db_operation_name="SELECT",db_system_name="postgresql"}"#,
        ),
        (
            series!(Cache, Cache::new(CacheOperation::Put, "sessions")),
            r#"cache_operation_duration_seconds{cache_name="sessions",cache_operation="put"}"#,
        ),
        (
            series!(Storage, Storage::new("s3", StorageOperation::Get).bucket("invoices")),
            r#"storage_operation_duration_seconds{storage_bucket="invoices",storage_operation="get",storage_system="s3"}"#,
        ),
        (
            series!(
                HttpClient,
                HttpClient::new(&Method::GET, "api.example").port(443).template("/users/{id}").status(StatusCode::OK)
            ),
            r#"http_client_request_duration_seconds{http_request_method="GET",http_response_status_code="200",server_address="api.example",server_port="443",url_template="/users/{id}"}"#,
        ),
        (
            series!(HttpClient, HttpClient::new(&Method::from_bytes(b"BREW").expect("a method"), "pot.example")),
            r#"http_client_request_duration_seconds{http_request_method="_OTHER",server_address="pot.example"}"#,
        ),
        (
            series!(Speech, Speech::new(SpeechOperation::Recognition, "deepgram").model("nova-3")),
            r#"speech_request_duration_seconds{speech_model="nova-3",speech_operation="recognition",speech_provider="deepgram"}"#,
        ),
        (
            series!(LanguageModel, LanguageModel::new(ModelOperation::Chat, "openai", "gpt-4o")),
            r#"gen_ai_client_operation_duration_seconds{gen_ai_operation_name="chat",gen_ai_provider_name="openai",gen_ai_request_model="gpt-4o"}"#,
        ),
        (
            series!(RagPipeline, RagPipeline::new("support").stage("rerank")),
            r#"rag_pipeline_duration_seconds{rag_pipeline="support",rag_stage="rerank"}"#,
        ),
        (
            series!(DocumentProcessing, DocumentProcessing::new("parse").format("pdf")),
            r#"document_processing_duration_seconds{document_format="pdf",document_operation="parse"}"#,
        ),
        (
            series!(Publish, Publish::new("kafka", "send", "orders")),
            r#"messaging_client_operation_duration_seconds{messaging_destination_name="orders",messaging_operation_name="send",messaging_system="kafka"}"#,
        ),
        (
            series!(Consume, Consume::new("kafka", "process", "orders").group("billing")),
            r#"messaging_process_duration_seconds{messaging_consumer_group_name="billing",messaging_destination_name="orders",messaging_operation_name="process",messaging_system="kafka"}"#,
        ),
        (
            series!(Email, Email::new("smtp").template("welcome")),
            r#"email_delivery_duration_seconds{email_provider="smtp",email_template="welcome"}"#,
        ),
    ];
    for (series, expected) in cases {
        assert_eq!(series, [expected]);
    }
}

#[test]
fn background_tasks_that_run_are_counted() {
    let recorder = Recorder::new();
    let instrument = Instrument::<BackgroundTask>::new();
    recorder.record(|| {
        let active = r#"background_task_active{task_name="sweep"}"#;
        let sweep = instrument.start(BackgroundTask::new("sweep"));
        let other = instrument.start(BackgroundTask::new("sweep"));
        assert_eq!(recorder.page()[active], Told::Gauge(2.0));
        other.error("timeout");
        assert_eq!(recorder.page()[active], Told::Gauge(-1.0));
        drop(sweep);
        let page = recorder.page();
        assert_eq!(page[active], Told::Gauge(-1.0));
        assert!(page.contains_key(r#"background_task_duration_seconds{error_type="cancelled",task_name="sweep"}"#));
    });
}

#[test]
fn a_look_up_is_a_hit_or_a_miss() {
    type Found = Result<Option<u32>, io::Error>;
    let cases: [(Found, &str); 3] = [
        (Ok(Some(7)), r#"{cache_hit="true",cache_name="sessions",cache_operation="get"}"#),
        (Ok(None), r#"{cache_hit="false",cache_name="sessions",cache_operation="get"}"#),
        (
            Err(io::ErrorKind::TimedOut.into()),
            r#"{cache_name="sessions",cache_operation="get",error_type="std::io::error::Error"}"#,
        ),
    ];
    let instrument = Instrument::<Cache>::new();
    for (found, labels) in cases {
        let recorder = Recorder::new();
        let labelled = Cache::new(CacheOperation::Get, "sessions");
        let _ = recorder.record(|| now(instrument.lookup(labelled, async { found })));
        assert_eq!(recorder.names(), [format!("cache_operation_duration_seconds{labels}")]);
    }
}

#[test]
fn a_response_gives_its_status_and_its_error() {
    let cases = [
        (Ok(200), r#"http_response_status_code="200","#, ""),
        (Ok(301), r#"http_response_status_code="301","#, ""),
        (Ok(404), r#"http_response_status_code="404","#, r#"error_type="404","#),
        (Ok(503), r#"http_response_status_code="503","#, r#"error_type="503","#),
        (Ok(599), r#"http_response_status_code="599","#, r#"error_type="599","#),
        (Err(()), "", r#"error_type="()","#),
    ];
    let instrument = Instrument::<HttpClient>::new();
    for (answer, status, error) in cases {
        let recorder = Recorder::new();
        let response = answer.map(|status| Response::builder().status(status).body(()).expect("a response"));
        let sent = instrument.send(HttpClient::new("GET", "api.example"), async { response });
        let _ = recorder.record(|| now(sent));
        let labels = format!(r#"{error}http_request_method="GET",{status}server_address="api.example""#);
        assert_eq!(recorder.names(), [format!("http_client_request_duration_seconds{{{labels}}}")]);
    }
}

#[test]
fn tokens_are_told_by_their_direction() {
    let recorder = Recorder::new();
    let instrument = Instrument::<LanguageModel>::new();
    let labels = LanguageModel::new(ModelOperation::Chat, "openai", Label::text("gpt-4o"));
    recorder.record(|| instrument.tokens(labels, 640, 128));
    let name = |direction| {
        format!(
            r#"gen_ai_client_token_usage{{gen_ai_operation_name="chat",gen_ai_provider_name="openai",gen_ai_request_model="gpt-4o",gen_ai_token_type="{direction}"}}"#
        )
    };
    let page = recorder.page();
    assert_eq!(page.len(), 2);
    assert_eq!(page[&name("input")], Told::Histogram(vec![640.0]));
    assert_eq!(page[&name("output")], Told::Histogram(vec![128.0]));
}

#[test]
fn what_takes_no_time_is_counted_or_shown() {
    let recorder = Recorder::new();
    let speech = Instrument::<Speech>::new();
    let (business, coupons) = (Events::business(), Events::own("coupons_redeemed", &["campaign"]));
    let (depth, stock) = (Level::queue_depth(), Level::own("stock_items", &["warehouse"]));
    let pool = Pool::new("main");
    recorder.record(|| {
        speech.fell_back(Speech::new(SpeechOperation::Synthesis, "azure"), "google");
        business.happened(["order_placed", "success"]);
        business.happened_times(["order_placed", "success"], 2);
        coupons.happened([Label::text("spring")]);
        depth.set(["rabbitmq", "orders"], 9.0);
        depth.set(["rabbitmq", "orders"], 4.0);
        stock.set(["north"], 1200.0);
        pool.set(PoolState { used: 7, idle: 3, max: 20, pending: 1 });
        pool.timed_out();
    });
    let expected = [
        (r#"business_events_total{event_name="order_placed",event_outcome="success"}"#, Told::Counter(3)),
        (r#"coupons_redeemed_total{campaign="spring"}"#, Told::Counter(1)),
        (r#"db_client_connection_max{db_client_connection_pool_name="main"}"#, Told::Gauge(20.0)),
        (r#"db_client_connection_pending_requests{db_client_connection_pool_name="main"}"#, Told::Gauge(1.0)),
        (r#"db_client_connection_timeouts_total{db_client_connection_pool_name="main"}"#, Told::Counter(1)),
        (
            r#"db_client_connections{db_client_connection_pool_name="main",db_client_connection_state="idle"}"#,
            Told::Gauge(3.0),
        ),
        (
            r#"db_client_connections{db_client_connection_pool_name="main",db_client_connection_state="used"}"#,
            Told::Gauge(7.0),
        ),
        (r#"queue_depth{messaging_destination_name="orders",messaging_system="rabbitmq"}"#, Told::Gauge(4.0)),
        (
            r#"speech_fallback_total{speech_fallback_provider="google",speech_operation="synthesis",speech_provider="azure"}"#,
            Told::Counter(1),
        ),
        (r#"stock_items{warehouse="north"}"#, Told::Gauge(1200.0)),
    ];
    assert_eq!(recorder.page().into_iter().collect::<Vec<_>>(), expected.map(|(name, told)| (name.to_owned(), told)));
}

#[test]
fn ones_own_kind_has_the_names_that_it_is_given() {
    let recorder = Recorder::new();
    let resize: Instrument<Own<2>> =
        Instrument::own("image_resize", &["image_format", "tenant"]).help("How long it took.");
    recorder.record(|| {
        let _ = now(resize.observe([Label::from("png"), Label::text("acme")], async { Ok::<_, Infallible>(()) }));
        resize.record([Label::from("gif"), Label::ABSENT], std::time::Duration::from_secs(2), Ended::Ok);
    });
    assert_eq!(
        recorder.names(),
        [
            r#"image_resize_duration_seconds{image_format="gif"}"#,
            r#"image_resize_duration_seconds{image_format="png",tenant="acme"}"#,
        ]
    );
}

#[test]
fn names_that_prometheus_does_not_take_are_refused() {
    let bad: [fn(); 6] = [
        || drop(Instrument::own("image-resize", &[])),
        || drop(Instrument::own("", &[])),
        || drop(Instrument::own("2nd", &[])),
        || drop(Instrument::own("resize", &["image.format"])),
        || drop(Events::own("events", &["le"])),
        || drop(Level::own("level", &["__name"])),
    ];
    for bad in bad {
        std::panic::catch_unwind(bad).expect_err("it is bad");
    }
}

#[test]
fn slow_work_is_slow_by_its_kinds_threshold() {
    fn slow<K: Known>(labels: impl Fn() -> K::Labels<'static>, seconds: u64) {
        let instrument = Instrument::<K>::new();
        for (elapsed, expected) in [(seconds * 1000 - 1, 0), (seconds * 1000, 1)] {
            let recorder = Recorder::new();
            let elapsed = std::time::Duration::from_millis(elapsed);
            recorder.record(|| instrument.record(labels(), elapsed, Ended::Ok));
            let page = recorder.page();
            let slow = page.iter().filter(|(name, told)| name.contains("_slow_total") && **told == Told::Counter(1));
            assert_eq!(slow.count(), expected, "{page:?}");
        }
    }
    slow::<Database>(|| Database::new("sqlite"), 1);
    slow::<Cache>(|| Cache::new(CacheOperation::Get, "sessions"), 1);
    slow::<Authentication>(|| Authentication::new("password"), 5);
    slow::<Storage>(|| Storage::new("s3", StorageOperation::Put), 5);
    slow::<HttpClient>(|| HttpClient::new("GET", "api.example"), 5);
    slow::<Speech>(|| Speech::new(SpeechOperation::Recognition, "deepgram"), 5);
    slow::<LanguageModel>(|| LanguageModel::new(ModelOperation::Chat, "openai", "gpt-4o"), 5);
    slow::<RagPipeline>(|| RagPipeline::new("support"), 5);
    slow::<Publish>(|| Publish::new("kafka", "send", "orders"), 5);
    slow::<Consume>(|| Consume::new("kafka", "process", "orders"), 5);
    slow::<Email>(|| Email::new("smtp"), 5);
    slow::<DocumentProcessing>(|| DocumentProcessing::new("parse"), 30);
    slow::<BackgroundTask>(|| BackgroundTask::new("sweep"), 60);
}
