//! The hyper example as its users meet it: a process, HTTP/1.1 and HTTP/2, and what leaves it on the wire.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode, Version};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use serde_json::Value;
use tests::{
    ingest::{Ingest, Item},
    process::Example,
};
use tokio::{io::AsyncWriteExt, net::TcpStream, time};

const PACKAGE: &str = "example-hyper";

/// For things that take milliseconds, on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(20);

const PROTOCOLS: [Version; 2] = [Version::HTTP_11, Version::HTTP_2];

const TRACE: &str = "11111111111111111111111111111111";
const PARENT: &str = "00f067aa0ba902b7";

type Answer = Result<Response<Incoming>, hyper_util::client::legacy::Error>;

/// On a connection of its own.
async fn ask(version: Version, method: &str, url: String, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let client = Client::builder(TokioExecutor::new()).http2_only(version == Version::HTTP_2).build_http();
    let response = client.request(request.body(Full::<Bytes>::default()).expect("a request")).await?;
    assert_eq!(response.version(), version);
    Ok(response)
}

async fn get(version: Version, url: String) -> (StatusCode, Bytes) {
    let response = ask(version, "GET", url, &[]).await.expect("an answer");
    (response.status(), response.into_body().collect().await.expect("a body").to_bytes())
}

/// The stream, and its first event.
async fn begin_stream(version: Version, url: String) -> (Incoming, Bytes) {
    let mut body = ask(version, "GET", url, &[]).await.expect("an answer").into_body();
    let first = body.frame().await.expect("an event").expect("it goes on").into_data().expect("no trailers");
    (body, first)
}

/// Ten exchanges that are monitored, and three that are not.
async fn afternoon(example: &Example, version: Version) {
    let url = |path: &str| example.url(path);
    let secrets = [
        ("authorization", "Bearer planted-authorization"),
        ("cookie", "session=planted-cookie"),
        ("x-api-key", "planted-key"),
        ("traceparent", &format!("00-{TRACE}-{PARENT}-01")),
    ];
    let response = ask(version, "GET", url("/users/1?token=planted-query"), &secrets).await.expect("an answer");
    assert_eq!((response.status(), response.headers()["x-request-id"].len()), (StatusCode::OK, 32));
    assert_eq!(response.into_body().collect().await.expect("a body").to_bytes(), r#"{"username":"ada"}"#);
    assert_eq!(ask(version, "HEAD", url("/users/1"), &[]).await.expect("an answer").status(), 200);
    assert_eq!(ask(version, "POST", url("/users/1"), &[]).await.expect("an answer").status(), 405);
    assert_eq!(get(version, url("/users/99")).await.0, 404);
    assert_eq!(get(version, url("/no/such/planted-path")).await.0, 404);
    assert_eq!(get(version, url("/slow?ms=20")).await, (StatusCode::OK, "that took 20 ms\n".into()));
    let (status, body) = get(version, url("/error")).await;
    assert_eq!((status, &*body), (StatusCode::INTERNAL_SERVER_ERROR, &b"something went wrong\n"[..]));
    ask(version, "GET", url("/panic"), &[]).await.expect_err("hyper ends the connection, or its stream");
    let (status, body) = get(version, url("/stream")).await;
    assert_eq!((status, body.len()), (StatusCode::OK, 100));
    drop(begin_stream(version, url("/stream")).await);
    for excluded in ["/health", "/metrics", "/health?token=planted-query"] {
        assert_eq!(get(version, url(excluded)).await.0, 200);
    }
}

/// Asks for something slow, and hangs up before there is an answer. Not at once: hyper would never call the service.
async fn hang_up(example: &Example) {
    let active = |count: usize| async move {
        let line = format!("http_server_active_requests{{http_request_method=\"GET\",url_scheme=\"http\"}} {count}\n");
        while !String::from_utf8_lossy(&get(Version::HTTP_11, example.url("/metrics")).await.1).contains(&line) {}
    };
    let hang_up = async {
        active(0).await;
        let mut stream = TcpStream::connect(example.address()).await.expect("it listens");
        stream.write_all(b"GET /slow?ms=60000 HTTP/1.1\r\nhost: example\r\n\r\n").await.expect("it reads");
        active(1).await;
    };
    time::timeout(PATIENCE, hang_up).await.expect("it is called in time");
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
    let mut example =
        Example::start(PACKAGE, &[("SENTRY_DSN", &dsn), ("SENTRY_RELEASE", "shop@1.2.3"), ("ENVIRONMENT", "test")])
            .await;
    for version in PROTOCOLS {
        afternoon(&example, version).await;
    }
    hang_up(&example).await;
    let enough = |items: &[Item]| of_kind(items, "transaction").len() >= 21 && of_kind(items, "event").len() >= 4;
    ingest.wait_for(enough, PATIENCE).await;
    let metrics = get(Version::HTTP_11, example.url("/metrics")).await.1;
    assert!(example.terminate().await.success());
    let items = ingest.items();

    transactions(&of_kind(&items, "transaction"));
    events(&of_kind(&items, "event"), &of_kind(&items, "transaction"));
    exposition(&String::from_utf8_lossy(&metrics));

    let (wire, output) = (ingest.raw(), example.output().join("\n"));
    for (place, text) in [("on the wire", String::from_utf8_lossy(&wire)), ("in the log", output.as_str().into())] {
        for secret in ["planted-authorization", "planted-cookie", "planted-key", "planted-query"] {
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
    let by_each_protocol = [
        ("GET /error", "internal_error"),
        ("GET /panic", "internal_error"),
        ("GET /slow", "ok"),
        ("GET /stream", "cancelled"),
        ("GET /stream", "ok"),
        ("GET /users/{id}", "not_found"),
        ("GET /users/{id}", "ok"),
        ("GET unmatched", "not_found"),
        ("HEAD /users/{id}", "ok"),
        ("POST /users/{id}", "invalid_argument"),
    ];
    let mut wanted = [&by_each_protocol[..], &by_each_protocol, &[("GET /slow", "cancelled")]].concat();
    wanted.sort_unstable();
    assert_eq!(told, wanted.into_iter().map(|(name, status)| (name.into(), status.into())).collect::<Vec<_>>());

    for payload in transactions {
        assert_eq!((&payload["release"], &payload["environment"]), (&"shop@1.2.3".into(), &"test".into()));
        assert_eq!(trace_of(payload)["op"], "http.server");
        assert!(payload["tags"]["request_id"].is_string(), "{payload}");
        let path = trace_of(payload)["data"]["url.path"].as_str();
        assert!(path.is_some_and(|path| path.starts_with('/') && !path.contains('?')), "{payload}");
    }
    let continued = transactions.iter().filter(|payload| trace_of(payload)["trace_id"] == TRACE);
    let continued: Vec<_> = continued.map(|payload| &trace_of(payload)["parent_span_id"]).collect();
    assert_eq!(continued, [PARENT, PARENT]);
    // To the last byte of the stream: it ended with the body, not with the head.
    let whole = |payload: &&&Value| payload["transaction"] == "GET /stream" && trace_of(payload)["status"] == "ok";
    for stream in transactions.iter().filter(whole) {
        assert_eq!(trace_of(stream)["data"]["http.response.body.size"], 100);
    }
}

fn events(events: &[&Value], transactions: &[&Value]) {
    assert_eq!(events.len(), 4, "{events:?}");
    for (name, level, kind, message) in [
        ("GET /error", "error", "PaymentError", "the payment failed"),
        ("GET /panic", "fatal", "panic", "the example was asked to panic"),
    ] {
        let events: Vec<_> = events.iter().filter(|event| event["transaction"] == name).collect();
        assert_eq!(events.len(), 2, "{name}");
        for event in events {
            // The SDK leaves the level out where it is the default.
            assert_eq!(event["level"].as_str().unwrap_or("error"), level);
            let exceptions = event["exception"]["values"].as_array().expect("exceptions");
            let exception = exceptions.last().expect("an exception");
            assert_eq!((&exception["type"], &exception["value"]), (&kind.into(), &message.into()));
            if level == "error" {
                assert_eq!(exceptions[0]["value"], "the bank does not answer");
            } else {
                let frames = exception["stacktrace"]["frames"].as_array().expect("a stack");
                let function =
                    |frame: &Value| frame["function"].as_str().unwrap_or_default().contains("try_out::panic");
                assert!(frames.iter().any(function), "{frames:?}");
            }
            let same = |payload: &&&Value| trace_of(payload)["trace_id"] == trace_of(event)["trace_id"];
            assert_eq!(transactions.iter().find(same).expect("its transaction")["transaction"], name);
        }
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
        (r#"http_route="/users/{id}" http_request_method="GET" http_response_status_code="200""#, 2),
        (r#"http_route="/users/{id}" http_request_method="HEAD" http_response_status_code="200""#, 2),
        (r#"http_route="/users/{id}" http_response_status_code="404""#, 2),
        (r#"http_route="/users/{id}" http_response_status_code="405""#, 2),
        (r#"http_route="unmatched" http_response_status_code="404""#, 2),
        (r#"http_route="/error" error_type="500""#, 2),
        (r#"http_route="/panic" error_type="panic""#, 2),
        (r#"http_route="/stream" error_type="cancelled""#, 2),
        (r#"http_route="/slow" http_response_status_code="200""#, 2),
        (r#"http_route="/slow" error_type="cancelled""#, 1),
        (r#"http_route="/health""#, 0),
        (r#"http_route="/metrics""#, 0),
    ] {
        assert_eq!(count(labels), wanted, "{labels} in\n{text}");
    }
    let active: Vec<_> = text.lines().filter(|line| line.starts_with("http_server_active_requests{")).collect();
    assert!(!active.is_empty() && active.iter().all(|line| line.ends_with(" 0")), "{active:?}");
    assert!(!text.contains("planted"), "{text}");
}

#[tokio::test]
async fn without_a_dsn_it_prints_what_would_be_sent() {
    let mut example = Example::start(PACKAGE, &[]).await;
    assert_eq!(get(Version::HTTP_2, example.url("/users/1")).await.0, 200);
    assert_eq!(get(Version::HTTP_2, example.url("/error")).await.0, 500);
    for wanted in
        ["[sentry] transaction GET /users/{id}, ok, ", "[sentry] event error PaymentError: the payment failed"]
    {
        example.wait_for_line(|line| line.starts_with(wanted), PATIENCE).await;
    }
    let health: Value =
        serde_json::from_slice(&get(Version::HTTP_11, example.url("/health")).await.1).expect("it is JSON");
    assert_eq!((&health["status"], &health["monitoring"]["metrics"]["state"]), (&"ok".into(), &"on".into()));
    assert!(example.terminate().await.success());
}

#[tokio::test]
async fn open_requests_finish_when_it_is_asked_to_end() {
    for version in PROTOCOLS {
        let ingest = Ingest::start().await;
        let dsn = ingest.dsn();
        let mut example = Example::start(PACKAGE, &[("SENTRY_DSN", &dsn)]).await;
        let (rest, first) = begin_stream(version, example.url("/stream")).await;
        let (ended, rest) = tokio::join!(example.terminate(), rest.collect());
        assert!(ended.success());
        assert_eq!(first.len() + rest.expect("the rest").to_bytes().len(), 100);
        let items = ingest.items();
        let told: Vec<_> = of_kind(&items, "transaction").iter().map(|payload| &trace_of(payload)["status"]).collect();
        assert_eq!(told, ["ok"]);
    }
}

#[tokio::test]
async fn a_port_that_is_taken_is_a_clear_error() {
    let example = Example::start(PACKAGE, &[]).await;
    let port = example.address().port().to_string();
    let second = tokio::spawn(async move { Example::start(PACKAGE, &[("PORT", &port)]).await });
    let panic = second.await.expect_err("it cannot listen").into_panic();
    let output = panic.downcast::<String>().expect("the output of the second");
    assert!(output.contains(&format!("cannot listen on {}: ", example.address())), "{output}");
    assert!(output.contains("(set HOST or PORT)"), "{output}");
}
