//! The axum example as its users meet it: a process, real HTTP, and what leaves it on the wire.

use std::{net::SocketAddr, time::Duration};

use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use serde_json::Value;
use tests::{
    ingest::{Ingest, Item},
    process::Example,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const PACKAGE: &str = "example-axum";

/// For things that take milliseconds, on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(20);

const SENTRY_TRACE: &str = "11111111111111111111111111111111";
const TRACEPARENT: &str = "22222222222222222222222222222222";
const PARENT: &str = "00f067aa0ba902b7";

type Vars<'a> = &'a [(&'a str, &'a str)];

type Answer = Result<(StatusCode, Bytes), hyper_util::client::legacy::Error>;

async fn send(example: &Example, method: &str, path: &str, headers: &[(&str, &str)], body: &'static str) -> Answer {
    let mut request = Request::builder().method(method).uri(example.url(path));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let response = client.request(request.body(Full::from(body)).expect("a request")).await?;
    let status = response.status();
    Ok((status, response.into_body().collect().await.expect("a body").to_bytes()))
}

async fn get(example: &Example, path: &str) -> StatusCode {
    send(example, "GET", path, &[], "").await.expect("an answer").0
}

/// Asks for the stream, and hangs up after its first event.
async fn hang_up(address: SocketAddr) {
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    stream.write_all(b"GET /stream HTTP/1.1\r\nhost: example\r\n\r\n").await.expect("it reads");
    let mut seen = Vec::new();
    while !String::from_utf8_lossy(&seen).contains("event 1 of 5") {
        assert_ne!(stream.read_buf(&mut seen).await.expect("it writes"), 0, "the stream goes on");
    }
}

/// All that a bad afternoon brings. Nine exchanges that are monitored, and four that are not.
async fn afternoon(example: &Example) {
    let secrets = [
        ("authorization", "Bearer planted-authorization"),
        ("cookie", "session=planted-cookie"),
        ("x-api-key", "planted-key"),
        ("sentry-trace", &format!("{SENTRY_TRACE}-{PARENT}-1")),
        ("x-request-id", "afternoon-1"),
    ];
    let (status, _) = send(example, "GET", "/users/1?token=planted-query", &secrets, "").await.expect("an answer");
    assert_eq!(status, 200);
    let traceparent = format!("00-{TRACEPARENT}-{PARENT}-01");
    let (status, _) = send(example, "GET", "/users/2", &[("traceparent", &traceparent)], "").await.expect("an answer");
    assert_eq!(status, 200);
    let json = [("content-type", "application/json")];
    let (status, _) = send(example, "POST", "/orders", &json, r#"{"item":"planted-item"}"#).await.expect("an answer");
    assert_eq!(status, 201);
    assert_eq!(get(example, "/users/99").await, 404);
    assert_eq!(get(example, "/no/such/planted-path").await, 404);
    assert_eq!(get(example, "/error").await, 500);
    send(example, "GET", "/panic", &[], "").await.expect_err("hyper closes the connection");
    let (status, body) = send(example, "GET", "/stream", &[], "").await.expect("an answer");
    assert_eq!((status, body.len()), (StatusCode::OK, 100));
    hang_up(example.address()).await;
    for excluded in ["/health", "/metrics", "/docs", "/health?token=planted-query"] {
        assert_eq!(get(example, excluded).await, 200);
    }
}

fn of_kind<'a>(items: &'a [Item], kind: &str) -> Vec<&'a Value> {
    items.iter().filter(|item| item.kind == kind).map(|item| &item.payload).collect()
}

fn trace_of(payload: &Value) -> &Value {
    &payload["contexts"]["trace"]
}

#[tokio::test]
async fn what_arrives_at_sentry() {
    let ingest = Ingest::start().await;
    let dsn = ingest.dsn();
    let mut example = Example::start(
        PACKAGE,
        &[
            ("SENTRY_DSN", &dsn),
            ("SENTRY_RELEASE", "shop@1.2.3"),
            ("SENTRY_ENVIRONMENT", "staging"),
            ("SENTRY_TRACES_SAMPLE_RATE", "1.0"),
        ],
    )
    .await;
    afternoon(&example).await;
    let enough = |items: &[Item]| of_kind(items, "transaction").len() >= 9 && of_kind(items, "event").len() >= 2;
    ingest.wait_for(enough, PATIENCE).await;
    let metrics = send(&example, "GET", "/metrics", &[], "").await.expect("an answer").1;
    assert!(example.terminate().await.success());
    let items = ingest.items();

    transactions(&of_kind(&items, "transaction"));
    events(&of_kind(&items, "event"), &of_kind(&items, "transaction"));
    for item in &items {
        assert!(["transaction", "event", "log", "client_report", "sessions"].contains(&&*item.kind), "{}", item.kind);
    }
    exposition(&String::from_utf8_lossy(&metrics));

    let (wire, output) = (ingest.raw(), example.output().join("\n"));
    for (place, text) in [("on the wire", String::from_utf8_lossy(&wire)), ("in the log", output.as_str().into())] {
        for secret in ["planted-authorization", "planted-cookie", "planted-key", "planted-query", "planted-item"] {
            assert!(!text.contains(secret), "{secret} is {place}");
        }
    }
    assert!(!output.contains("planted-path") && !output.contains("publickey"), "{output}");
}

fn transactions(transactions: &[&Value]) {
    let mut told: Vec<_> = transactions
        .iter()
        .map(|payload| {
            let text = |value: &Value| value.as_str().unwrap_or("none").to_owned();
            (text(&payload["transaction"]), text(&trace_of(payload)["status"]))
        })
        .collect();
    told.sort();
    let wanted = [
        ("GET /error", "internal_error"),
        ("GET /panic", "internal_error"),
        ("GET /stream", "cancelled"),
        ("GET /stream", "ok"),
        ("GET /users/{id}", "not_found"),
        ("GET /users/{id}", "ok"),
        ("GET /users/{id}", "ok"),
        ("GET unmatched", "not_found"),
        ("POST /orders", "ok"),
    ];
    assert_eq!(told, wanted.map(|(name, status)| (name.to_owned(), status.to_owned())));

    for payload in transactions {
        assert_eq!((&payload["release"], &payload["environment"]), (&"shop@1.2.3".into(), &"staging".into()));
        assert_eq!(trace_of(payload)["op"], "http.server");
        assert!(payload["tags"]["request_id"].is_string(), "{payload}");
        let path = trace_of(payload)["data"]["url.path"].as_str();
        assert!(path.is_some_and(|path| path.starts_with('/') && !path.contains('?')), "{payload}");
    }
    for trace in [SENTRY_TRACE, TRACEPARENT] {
        let continued = transactions.iter().find(|payload| trace_of(payload)["trace_id"] == trace);
        let continued = continued.unwrap_or_else(|| panic!("no transaction continues {trace}"));
        assert_eq!(trace_of(continued)["parent_span_id"], PARENT);
    }
    // To the last byte of the stream: it ended with the body, not with the head.
    let whole = transactions
        .iter()
        .find(|payload| payload["transaction"] == "GET /stream" && trace_of(payload)["status"] == "ok");
    assert_eq!(trace_of(whole.expect("it was told above"))["data"]["http.response.body.size"], 100);
}

fn events(events: &[&Value], transactions: &[&Value]) {
    assert_eq!(events.len(), 2, "{events:?}");
    for (name, level, kind, message) in [
        ("GET /error", "error", "PaymentError", "the payment failed"),
        ("GET /panic", "fatal", "panic", "the example was asked to panic"),
    ] {
        let event = events.iter().find(|event| event["transaction"] == name);
        let event = event.unwrap_or_else(|| panic!("no event for {name}: {events:?}"));
        assert_eq!((&event["release"], &event["environment"]), (&"shop@1.2.3".into(), &"staging".into()));
        // The SDK leaves the level out where it is the default.
        assert_eq!(event["level"].as_str().unwrap_or("error"), level);
        let exception = event["exception"]["values"].as_array().and_then(|values| values.last()).expect("an exception");
        assert_eq!((&exception["type"], &exception["value"]), (&kind.into(), &message.into()));
        assert_eq!(exception["mechanism"]["handled"], level == "error");
        if level == "fatal" {
            // The innermost of the service's own frames is where Sentry says that it was.
            let frames = exception["stacktrace"]["frames"].as_array().expect("a stack");
            let own = frames.iter().rfind(|frame| frame["in_app"] == true).expect("a frame of the service's own");
            assert_eq!(own["filename"], "try_out.rs", "{frames:?}");
            let location = exception["mechanism"]["data"]["location"].as_str().expect("a line");
            assert!(location.contains("examples/axum/src/try_out.rs:"), "{location}");
        }
        let transaction = transactions.iter().find(|transaction| transaction["transaction"] == name);
        let transaction = transaction.expect("it was told above");
        assert_eq!(trace_of(event)["trace_id"], trace_of(transaction)["trace_id"]);
    }
}

fn exposition(text: &str) {
    let count = |labels: &str| {
        let line = text.lines().find(|line| {
            line.starts_with("http_server_request_duration_seconds_count")
                && labels.split(' ').all(|label| line.contains(label))
        });
        line.and_then(|line| line.rsplit(' ').next()).map_or(0, |count| count.parse().expect("a number"))
    };
    for (labels, wanted) in [
        (r#"http_route="/users/{id}" http_response_status_code="200""#, 2),
        (r#"http_route="/users/{id}" http_response_status_code="404""#, 1),
        (r#"http_route="unmatched" http_response_status_code="404""#, 1),
        (r#"http_route="/error" error_type="500""#, 1),
        (r#"http_route="/panic" error_type="panic""#, 1),
        (r#"http_route="/stream" error_type="cancelled""#, 1),
        (r#"http_route="/orders" http_request_method="POST""#, 1),
        (r#"http_route="/health""#, 0),
        (r#"http_route="/metrics""#, 0),
        (r#"http_route="/docs""#, 0),
    ] {
        assert_eq!(count(labels), wanted, "{labels} in\n{text}");
    }
    let active: Vec<_> = text.lines().filter(|line| line.starts_with("http_server_active_requests{")).collect();
    assert!(!active.is_empty() && active.iter().all(|line| line.ends_with(" 0")), "{active:?}");
    assert!(!text.contains("planted"), "{text}");
}

#[tokio::test]
async fn without_a_dsn_it_prints_what_would_be_sent() {
    let mut example = Example::start(PACKAGE, &[("SENTRY_DSN", " ")]).await;
    assert_eq!(get(&example, "/users/1").await, 200);
    assert_eq!(get(&example, "/error").await, 500);
    for wanted in
        ["[sentry] transaction GET /users/{id}, ok, ", "[sentry] event error PaymentError: the payment failed"]
    {
        let line = example.wait_for_line(|line| line.starts_with(wanted), PATIENCE).await;
        assert!(line.contains(", trace "), "{line}");
    }
    assert!(example.terminate().await.success());
}

#[tokio::test]
async fn the_first_lines_say_what_is_on() {
    let ingest = Ingest::start().await;
    let dsn = ingest.dsn();
    let cases: [(Vars<'_>, &str, &str); 5] = [
        (&[], "sentry: off: SENTRY_DSN is not set", "traces: on at a rate of 1: the default in development"),
        (&[("ENVIRONMENT", "staging")], "sentry: off", "traces: on at a rate of 0.5: the default in staging"),
        (&[("SENTRY_DSN", &dsn), ("ENVIRONMENT", "production")], "sentry: on", "traces: on at a rate of 0.1"),
        (&[("SENTRY_ENABLE_TRACING", "false")], "sentry: off", "traces: off at a rate of 0: SENTRY_ENABLE_TRACING"),
        (&[("SENTRY_TRACES_SAMPLE_RATE", "0.25")], "sentry: off", "traces: on at a rate of 0.25: as set"),
    ];
    for (vars, sentry, traces) in cases {
        let mut example = Example::start(PACKAGE, vars).await;
        let output = example.output().join("\n");
        for wanted in [sentry, traces, "bodies: ", "metrics: on", "spans: on", "access log: on"] {
            assert!(output.contains(wanted), "{wanted} in\n{output}");
        }
        assert!(example.terminate().await.success());
    }
}

#[tokio::test]
async fn a_server_that_hangs_does_not_keep_it_from_ending() {
    let ingest = Ingest::hanging();
    let dsn = ingest.dsn();
    let mut example = Example::start(PACKAGE, &[("SENTRY_DSN", &dsn)]).await;
    for _ in 0..50 {
        assert_eq!(get(&example, "/error").await, 500);
    }
    send(&example, "GET", "/panic", &[], "").await.expect_err("hyper closes the connection");
    assert_eq!(get(&example, "/users/1").await, 200);
    // The bound is that of the helper: far above the flush's two seconds, far below for ever.
    assert!(example.terminate().await.success());
}

#[tokio::test]
async fn what_keeps_it_from_starting_is_said_in_a_sentence() {
    let busy = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
    let port = busy.local_addr().expect("it is bound").port().to_string();
    let cases: [(Vars<'_>, &[&str]); 5] = [
        (&[("PORT", &port)], &["cannot listen on 127.0.0.1:", "PORT"]),
        (&[("PORT", "http")], &["PORT", "\"http\"", "0 to 65535"]),
        (&[("SENTRY_TRACES_SAMPLE_RATE", "2")], &["SENTRY_TRACES_SAMPLE_RATE", "\"2\"", "0 to 1"]),
        (&[("SENTRY_ENABLE_TRACING", "perhaps")], &["SENTRY_ENABLE_TRACING", "\"perhaps\"", "true or false"]),
        (&[("SENTRY_DSN", "https://0123456789abcdef@")], &["SENTRY_DSN", "https://***@", "https://KEY@HOST/PROJECT"]),
    ];
    for (vars, wanted) in cases {
        let (status, output) = Example::refuse(PACKAGE, vars).await;
        assert_eq!(status.code(), Some(1), "{vars:?}: {output}");
        for wanted in wanted {
            assert!(output.contains(wanted), "{wanted} in {output}");
        }
        assert!(!output.contains("panicked") && !output.contains("0123456789"), "{output}");
    }
}

#[tokio::test]
async fn the_work_inside_is_counted() {
    let mut example = Example::start(PACKAGE, &[]).await;
    let post = async |path: &str, kind: &str, body: &'static str| {
        send(&example, "POST", path, &[("content-type", kind)], body).await.expect("an answer")
    };
    let json = "application/json";
    for (path, kind, body, status) in [
        ("/orders", json, r#"{"item":"lamp","coupon":"spring"}"#, 201),
        ("/orders", json, r#"{"item":"lamp","quantity":5000}"#, 201),
        ("/orders", json, r#"{"item":"lamp","quantity":0}"#, 422),
        ("/orders/import", "text/csv", "lamp,2", 201),
        ("/login", json, r#"{"username":"ada","password":""}"#, 401),
        ("/ask", "text/plain", "where is my order?", 200),
        ("/ask", "audio/ogg", "OggS", 200),
    ] {
        assert_eq!(post(path, kind, body).await.0, status, "{path} {body}");
    }
    assert_eq!(get(&example, "/users/1").await, 200);
    assert_eq!(get(&example, "/error").await, 500);
    let token = post("/login", json, r#"{"username":"ada","password":"x"}"#).await.1;
    let token: Value = serde_json::from_slice(&token).expect("JSON");
    let token = token["token"].as_str().expect("a token");
    for (bearer, status) in [(token, 200), ("old", 401)] {
        let bearer = format!("Bearer {bearer}");
        let answer = send(&example, "GET", "/me", &[("authorization", &bearer)], "").await.expect("an answer");
        assert_eq!(answer.0, status);
    }

    let wanted = [
        (r#"db_client_operation_duration_seconds_count db_operation_name="SELECT" db_collection_name="users""#, 1),
        (r#"db_client_operation_duration_seconds_count db_operation_name="INSERT" db_collection_name="orders""#, 3),
        (r#"db_client_connections db_client_connection_state="idle""#, 10),
        (r"db_client_connection_max", 10),
        (r#"cache_operation_duration_seconds_count cache_operation="get" cache_hit="true""#, 1),
        (r#"cache_operation_duration_seconds_count cache_operation="get" cache_hit="false""#, 1),
        (
            r#"http_client_request_duration_seconds_count server_address="bank.example" http_response_status_code="200""#,
            2,
        ),
        (
            r#"http_client_request_duration_seconds_count server_address="bank.example" error_type="std::io::error::Error""#,
            1,
        ),
        (r#"auth_attempt_duration_seconds_count auth_method="password" error_type="bad_credentials""#, 1),
        (r#"business_events_total event_name="order_placed" event_outcome="success""#, 2),
        (r#"business_events_total event_name="order_placed" event_outcome="refused""#, 1),
        (r#"coupons_redeemed_total coupon="spring""#, 1),
        (
            r#"background_task_duration_seconds_count task_name="reserve" error_type="example_axum::tasks::OutOfStock""#,
            1,
        ),
        (r#"messaging_process_duration_seconds_count messaging_destination_name="confirmations""#, 2),
        (r#"queue_depth messaging_destination_name="confirmations""#, 0),
        (r#"email_delivery_duration_seconds_count email_template="order_confirmation""#, 2),
        (r#"document_processing_duration_seconds_count document_format="csv""#, 1),
        (r#"storage_operation_duration_seconds_count storage_bucket="imports""#, 1),
        (r#"rag_pipeline_duration_seconds_count rag_stage="retrieve""#, 2),
        (r#"gen_ai_client_token_usage_sum gen_ai_token_type="output""#, 10),
        (r#"speech_fallback_total speech_provider="deepgram" speech_fallback_provider="whisper""#, 1),
    ];
    // What no request waits for comes a little later.
    let mut page = String::new();
    let missing = async {
        loop {
            let answer = send(&example, "GET", "/metrics", &[], "").await.expect("an answer").1;
            page = String::from_utf8(answer.into()).expect("text");
            if wanted.iter().all(|(series, count)| is_told(&page, series, *count)) {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    if tokio::time::timeout(PATIENCE, missing).await.is_err() {
        let missing: Vec<_> = wanted.iter().filter(|(series, count)| !is_told(&page, series, *count)).collect();
        panic!("{missing:#?} in\n{page}");
    }
    assert!(example.terminate().await.success());
}

/// Whether the page has a series of this name, with these labels and this number.
fn is_told(page: &str, series: &str, number: u32) -> bool {
    let (name, labels) = series.split_once(' ').unwrap_or((series, ""));
    page.lines().any(|line| {
        line.strip_prefix(name).is_some_and(|rest| rest.starts_with('{'))
            && labels.split(' ').all(|label| line.contains(label))
            && line.ends_with(&format!(" {number}"))
    })
}
