//! The tonic example as its users meet it: a process, a real client, and what leaves it on the wire.

use std::time::Duration;

use bytes::Bytes;
use http::uri::PathAndQuery;
use http_body_util::{BodyExt, Empty};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use serde_json::Value;
use tests::{
    ingest::{Ingest, Item},
    process::Example,
};
use tonic::{Code, Request, Status, Streaming, client::Grpc, transport::Channel};
use tonic_prost::ProstCodec;

const PACKAGE: &str = "example-tonic";

/// For things that take milliseconds, on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(20);

const SAY_HELLO: &str = "/helloworld.Greeter/SayHello";
const STREAM_HELLO: &str = "/helloworld.Greeter/StreamHello";

const TRACE: &str = "11111111111111111111111111111111";
const PARENT: &str = "00f067aa0ba902b7";

/// Whatever it gives to its Prometheus, and to those who ask how it is.
async fn get(example: &Example, path: &str) -> String {
    let at = |line: &str| Some(line.strip_prefix("metrics on ")?.strip_suffix("/metrics")?.to_owned());
    let base = example.output().iter().find_map(|line| at(line)).expect("it says where its metrics are");
    let client = Client::builder(TokioExecutor::new()).build_http::<Empty<Bytes>>();
    let response = client.get(format!("{base}{path}").parse().expect("a URI")).await.expect("an answer");
    assert_eq!(response.status(), 200);
    String::from_utf8(response.into_body().collect().await.expect("a body").to_bytes().into()).expect("text")
}

async fn start(env: &[(&str, &str)]) -> Example {
    Example::start(PACKAGE, &[&[("METRICS_PORT", "0")], env].concat()).await
}

async fn connect(example: &Example) -> Grpc<Channel> {
    let channel = Channel::from_shared(example.url("")).expect("a URI").connect().await.expect("it listens");
    let mut client = Grpc::new(channel);
    client.ready().await.expect("it is connected");
    client
}

fn path(path: &'static str) -> PathAndQuery {
    PathAndQuery::from_static(path)
}

// A string is the message whose first field is a string: just what the greeter takes and gives.
async fn say(example: &Example, method: &'static str, request: Request<&str>) -> Result<String, Status> {
    let request = request.map(str::to_owned);
    let codec = ProstCodec::<String, String>::default();
    connect(example).await.unary(request, path(method), codec).await.map(tonic::Response::into_inner)
}

async fn stream(example: &Example, name: &str) -> Streaming<String> {
    let codec = ProstCodec::<String, String>::default();
    let request = Request::new(name.to_owned());
    let response = connect(example).await.server_streaming(request, path(STREAM_HELLO), codec).await;
    response.expect("a stream").into_inner()
}

/// All messages, and what came after them.
async fn to_its_end(mut stream: Streaming<String>) -> (Vec<String>, Result<(), Status>) {
    let mut messages = Vec::new();
    loop {
        match stream.message().await {
            Ok(Some(message)) => messages.push(message),
            Ok(None) => return (messages, Ok(())),
            Err(status) => return (messages, Err(status)),
        }
    }
}

/// A caller that names a deadline and does not look at the clock itself: tonic's would be gone before the server's answer.
async fn wait_too_long(example: &Example) -> Status {
    let client = Client::builder(TokioExecutor::new()).http2_only(true).build_http::<tonic::body::Body>();
    let mut client = Grpc::with_origin(client, example.url("").parse().expect("a URI"));
    client.ready().await.expect("it always is");
    let mut request = Request::new("slow".to_owned());
    request.set_timeout(Duration::from_millis(100));
    let codec = ProstCodec::<String, String>::default();
    client.unary(request, path(SAY_HELLO), codec).await.expect_err("it takes a second")
}

/// Ten exchanges that are monitored, and one that is not.
async fn afternoon(example: &Example) {
    let mut request = Request::new("ada");
    for (name, value) in [
        ("authorization", "Bearer planted-authorization"),
        ("x-api-key", "planted-key"),
        ("traceparent", &format!("00-{TRACE}-{PARENT}-01")),
    ] {
        request.metadata_mut().insert(name, value.parse().expect("it is ASCII"));
    }
    assert_eq!(say(example, SAY_HELLO, request).await.expect("a greeting"), "hello ada");
    let status = say(example, SAY_HELLO, Request::new("error")).await.expect_err("an error");
    assert_eq!((status.code(), status.message()), (Code::Internal, "something went wrong"));
    say(example, SAY_HELLO, Request::new("panic")).await.expect_err("hyper ends the stream");
    // That is what tonic makes of its own time-out.
    let status = wait_too_long(example).await;
    assert_eq!((status.code(), status.message()), (Code::Cancelled, "Timeout expired"));

    let (greetings, end) = to_its_end(stream(example, "planted-name").await).await;
    end.expect("it goes to its end");
    assert_eq!((greetings.len(), &*greetings[4]), (5, "hello planted-name, 5 of 5"));
    let mut left = stream(example, "planted-name").await;
    assert!(left.message().await.expect("a greeting").is_some());
    drop(left);
    let (greetings, end) = to_its_end(stream(example, "error").await).await;
    assert_eq!((greetings.len(), end.expect_err("an error").code()), (1, Code::Internal));
    let (greetings, end) = to_its_end(stream(example, "panic").await).await;
    assert_eq!((greetings.len(), end.is_err()), (1, true));

    for invented in ["/helloworld.Greeter/PlantedMethod", "/planted.Service/Method"] {
        let status = say(example, invented, Request::new("ada")).await.expect_err("there is no such method");
        assert_eq!(status.code(), Code::Unimplemented);
    }

    let codec = ProstCodec::<String, i32>::default();
    let request = Request::new("helloworld.Greeter".to_owned());
    let health = connect(example).await.unary(request, path("/grpc.health.v1.Health/Check"), codec).await;
    assert_eq!(health.expect("an answer").into_inner(), 1, "it is serving");
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
        start(&[("SENTRY_DSN", &dsn), ("SENTRY_RELEASE", "greeter@1.2.3"), ("ENVIRONMENT", "test")]).await;
    afternoon(&example).await;
    let enough = |items: &[Item]| of_kind(items, "transaction").len() >= 10;
    ingest.wait_for(enough, PATIENCE).await;
    let metrics = get(&example, "/metrics").await;
    assert!(example.terminate().await.success());
    let items = ingest.items();

    transactions(&of_kind(&items, "transaction"));
    panics(&of_kind(&items, "event"), &of_kind(&items, "transaction"));
    errors(&of_kind(&items, "event"));
    exposition(&metrics);

    let (wire, output) = (ingest.raw(), example.output().join("\n"));
    for (place, text) in [("on the wire", String::from_utf8_lossy(&wire)), ("in the log", output.as_str().into())] {
        for secret in ["planted-authorization", "planted-key", "planted-name"] {
            assert!(!text.contains(secret), "{secret} is {place}");
        }
    }
    assert_eq!(output.lines().filter(|line| line.contains("\"DEADLINE_EXCEEDED\"")).count(), 1, "{output}");
    assert!(!output.contains("lanted") && !output.contains("publickey"), "{output}");
}

fn transactions(transactions: &[&Value]) {
    let mut told: Vec<_> = transactions
        .iter()
        .map(|payload| {
            let text = |value: &Value| value.as_str().unwrap_or("none").to_owned();
            let trace = trace_of(payload);
            (text(&payload["transaction"]), text(&trace["op"]), text(&trace["status"]))
        })
        .collect();
    told.sort();
    let wanted = [
        ("POST unmatched", "http.server", "unimplemented"),
        ("POST unmatched", "http.server", "unimplemented"),
        // The one whose time was up: tonic drops it, and answers CANCELLED.
        ("helloworld.Greeter/SayHello", "rpc.server", "deadline_exceeded"),
        ("helloworld.Greeter/SayHello", "rpc.server", "internal_error"),
        ("helloworld.Greeter/SayHello", "rpc.server", "internal_error"),
        ("helloworld.Greeter/SayHello", "rpc.server", "ok"),
        ("helloworld.Greeter/StreamHello", "rpc.server", "cancelled"),
        ("helloworld.Greeter/StreamHello", "rpc.server", "internal_error"),
        ("helloworld.Greeter/StreamHello", "rpc.server", "internal_error"),
        ("helloworld.Greeter/StreamHello", "rpc.server", "ok"),
    ];
    assert_eq!(told, wanted.map(|(name, op, status)| (name.to_owned(), op.to_owned(), status.to_owned())));

    for payload in transactions {
        assert_eq!((&payload["release"], &payload["environment"]), (&"greeter@1.2.3".into(), &"test".into()));
        assert!(payload["tags"]["request_id"].is_string(), "{payload}");
    }
    let continued = transactions.iter().filter(|payload| trace_of(payload)["trace_id"] == TRACE);
    let continued: Vec<_> = continued.map(|payload| (&payload["transaction"], trace_of(payload))).collect();
    let [(name, trace)] = continued[..] else { panic!("{continued:?}") };
    assert_eq!((name, &trace["parent_span_id"]), (&SAY_HELLO[1..].into(), &PARENT.into()));
}

fn panics(events: &[&Value], transactions: &[&Value]) {
    let panics: Vec<_> = events.iter().filter(|event| event["level"] == "fatal").collect();
    assert_eq!(panics.len(), 2, "{events:?}");
    for name in [&SAY_HELLO[1..], &STREAM_HELLO[1..]] {
        let panic = panics.iter().find(|event| event["transaction"] == name);
        let panic = panic.unwrap_or_else(|| panic!("no panic in {name}: {panics:?}"));
        let exception = panic["exception"]["values"].as_array().and_then(|values| values.last()).expect("an exception");
        assert_eq!(exception["value"], "the example was asked to panic");
        let frames = exception["stacktrace"]["frames"].as_array().expect("a stack");
        // By its file: with line tables alone, an async function's frames have no name.
        assert!(frames.iter().any(|frame| frame["filename"] == "greeter.rs"), "{frames:?}");
        let same = |payload: &&&Value| trace_of(payload)["trace_id"] == trace_of(panic)["trace_id"];
        assert_eq!(transactions.iter().find(same).expect("its transaction")["transaction"], name);
    }
}

/// What the handler left in the context, behind a status that says nothing of it.
fn errors(events: &[&Value]) {
    let errors = events.iter().filter(|event| event["level"] != "fatal");
    let mut told: Vec<_> = errors
        .map(|event| {
            let values = event["exception"]["values"].as_array().expect("exceptions");
            let values: Vec<_> = values.iter().filter_map(|exception| exception["value"].as_str()).collect();
            (event["transaction"].as_str().unwrap_or("none"), values)
        })
        .collect();
    told.sort();
    let chain = || vec!["the directory does not answer", "the name could not be looked up"];
    assert_eq!(told, [(&SAY_HELLO[1..], chain()), (&STREAM_HELLO[1..], chain())]);
}

fn exposition(text: &str) {
    let count = |labels: &str| -> u64 {
        let lines = text.lines().filter(|line| {
            line.starts_with("rpc_server_call_duration_seconds_count")
                && labels.split(' ').all(|label| line.contains(label))
        });
        lines.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).sum()
    };
    let (unary, streaming) =
        (r#"rpc_method="helloworld.Greeter/SayHello""#, r#"rpc_method="helloworld.Greeter/StreamHello""#);
    for (labels, wanted) in [
        (unary, 4),
        (&*format!(r#"{unary} error_type="INTERNAL""#), 1),
        (&*format!(r#"{unary} error_type="panic""#), 1),
        (streaming, 4),
        (&*format!(r#"{streaming} error_type="INTERNAL""#), 1),
        (&*format!(r#"{streaming} error_type="panic""#), 1),
        (&*format!(r#"{streaming} error_type="cancelled""#), 1),
        (r#"rpc_method="_OTHER" error_type="UNIMPLEMENTED""#, 2),
        ("rpc_method", 10),
    ] {
        assert_eq!(count(labels), wanted, "{labels} in\n{text}");
    }
    let active: Vec<_> = text.lines().filter(|line| line.starts_with("http_server_active_requests{")).collect();
    assert!(!active.is_empty() && active.iter().all(|line| line.ends_with(" 0")), "{active:?}");
    assert!(!text.contains("lanted"), "{text}");
}

#[tokio::test]
async fn without_a_dsn_it_prints_what_would_be_sent() {
    let mut example = start(&[]).await;
    say(&example, SAY_HELLO, Request::new("ada")).await.expect("a greeting");
    say(&example, SAY_HELLO, Request::new("panic")).await.expect_err("hyper ends the stream");
    for wanted in [
        "[sentry] transaction helloworld.Greeter/SayHello, ok, ",
        "[sentry] event fatal panic: the example was asked to panic",
    ] {
        example.wait_for_line(|line| line.starts_with(wanted), PATIENCE).await;
    }
    let health: Value = serde_json::from_str(&get(&example, "/health").await).expect("it is JSON");
    assert_eq!((&health["status"], &health["monitoring"]["metrics"]["state"]), (&"ok".into(), &"on".into()));
    assert!(example.terminate().await.success());
}

#[tokio::test]
async fn open_requests_finish_when_it_is_asked_to_end() {
    let ingest = Ingest::start().await;
    let dsn = ingest.dsn();
    let mut example = start(&[("SENTRY_DSN", &dsn)]).await;
    let mut rest = stream(&example, "ada").await;
    assert!(rest.message().await.expect("a greeting").is_some());
    let (ended, (greetings, end)) = tokio::join!(example.terminate(), to_its_end(rest));
    assert!(ended.success());
    assert_eq!((greetings.len(), end.is_ok()), (4, true));
    let items = ingest.items();
    let told: Vec<_> = of_kind(&items, "transaction").iter().map(|payload| &trace_of(payload)["status"]).collect();
    assert_eq!(told, ["ok"]);
}

#[tokio::test]
async fn a_port_that_is_taken_is_a_clear_error() {
    let example = start(&[]).await;
    for variable in ["PORT", "METRICS_PORT"] {
        let port = example.address().port().to_string();
        let second = tokio::spawn(async move { start(&[(variable, &port)]).await });
        let panic = second.await.expect_err("it cannot listen").into_panic();
        let output = panic.downcast::<String>().expect("the output of the second");
        let address = example.address();
        let wanted = match variable {
            "PORT" => [format!("cannot listen on {address}: "), "(set HOST or PORT)".into()],
            _ => [format!("the metrics' own address, {address}, could not be started: "), "already in use".into()],
        };
        assert!(wanted.iter().all(|wanted| output.contains(wanted)), "{output}");
    }
}
