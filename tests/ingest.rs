//! The fake ingest reads envelopes by the letter of the format, and takes what the Sentry client really sends.

use std::{
    io::{Read, Write},
    net::TcpStream,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Duration,
};

use sentry::{ClientOptions, Level, protocol::Event, transports::DefaultTransportFactory};
use serde_json::{Value, json};
use tests::{
    ingest::{Ingest, Item, parse_envelope},
    valid,
};

const LIMIT: Duration = Duration::from_secs(10);

/// Examples of the format's page, and its corners: the kinds and payloads that come of them.
#[test]
fn well_formed_envelopes_are_read() {
    type Found<'a> = (&'a str, &'a [u8], Value);
    let cases: [(&str, &str, Vec<Found<'_>>); 10] = [
        ("no item", "{}", vec![]),
        ("no item, a newline", "{}\n", vec![]),
        (
            "counted payloads, a newline inside one and at the end",
            "{\"event_id\":\"9ec79c33ec9942ab8353589fcb2e04dc\"}\n\
             {\"type\":\"attachment\",\"length\":11}\n\u{feff}Hello\r\n\n\n\
             {\"type\":\"event\",\"length\":13}\n{\"message\":1}\n",
            vec![
                ("attachment", "\u{feff}Hello\r\n\n".as_bytes(), Value::Null),
                ("event", b"{\"message\":1}", json!({ "message": 1 })),
            ],
        ),
        ("no newline at the end", "{}\n{\"type\":\"session\",\"length\":2}\n{}", vec![("session", b"{}", json!({}))]),
        ("no length, a newline at the end", "{}\n{\"type\":\"session\"}\n{}\n", vec![("session", b"{}", json!({}))]),
        ("no length, no newline at the end", "{}\n{\"type\":\"session\"}\n{}", vec![("session", b"{}", json!({}))]),
        ("an empty payload", "{}\n{\"type\":\"attachment\",\"length\":0}\n", vec![("attachment", b"", Value::Null)]),
        (
            "empty payloads",
            "{}\n{\"type\":\"attachment\",\"length\":0}\n\n{\"type\":\"attachment\"}\n\n",
            vec![("attachment", b"", Value::Null), ("attachment", b"", Value::Null)],
        ),
        ("a type to come", "{}\n{\"type\":\"future\",\"length\":3}\n1 2\n", vec![("future", b"1 2", Value::Null)]),
        (
            "a container",
            "{}\n{\"type\":\"log\",\"item_count\":1}\n{\"items\":[{}]}\n",
            vec![("log", b"{\"items\":[{}]}", json!({ "items": [{}] }))],
        ),
    ];
    for (name, envelope, expected) in cases {
        let items = parse_envelope(envelope.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let found: Vec<Found<'_>> =
            items.iter().map(|item| (&*item.kind, &*item.bytes, item.payload.clone())).collect();
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn an_item_keeps_its_headers() {
    let envelope = "{\"event_id\":\"9ec79c33\"}\n{\"type\":\"event\",\"length\":2}\n{}";
    let items = parse_envelope(envelope.as_bytes()).unwrap();
    assert_eq!(items[0].envelope, json!({ "event_id": "9ec79c33" }));
    assert_eq!(items[0].header, json!({ "type": "event", "length": 2 }));
}

#[test]
fn malformed_envelopes_are_told_apart() {
    let cases = [
        ("", "the envelope header that is not a JSON object at byte 0"),
        ("[]\n", "the envelope header that is not a JSON object at byte 0"),
        ("{\n}\n", "the envelope header that is not a JSON object at byte 0"),
        ("{}\r\n", "the envelope header that ends in CR LF at byte 0"),
        ("{}\n\n", "an item header that is not a JSON object at byte 3"),
        ("{}\n{\"type\":\"session\"}", "an item header that no payload follows at byte 3"),
        ("{}\n{\"length\":2}\n{}", "an item header without a type at byte 3"),
        ("{}\n{\"type\":\"\",\"length\":2}\n{}", "an item header without a type at byte 3"),
        ("{}\n{\"type\":\"session\",\"length\":\"2\"}\n{}", "session with a length that is no length at byte 3"),
        ("{}\n{\"type\":\"session\",\"length\":-1}\n{}", "session with a length that is no length at byte 3"),
        ("{}\n{\"type\":\"session\",\"length\":3}\n{}", "a payload of 2 bytes instead of 3 at byte 33"),
        ("{}\n{\"type\":\"session\",\"length\":2}\n{}}", "a payload that is longer than its length at byte 35"),
        ("{}\n{\"type\":\"session\",\"length\":2}\n{}\n\n", "an item header that is not a JSON object at byte 36"),
        ("{}\n{\"type\":\"session\"}\n[]\n", "session that is not a JSON object at byte 3"),
        ("{}\n{\"type\":\"event\"}\n{}\n", "event in an envelope without an event_id at byte 3"),
        (
            "{}\n{\"type\":\"log\",\"item_count\":2}\n{\"items\":[{}]}",
            "log with another number of items than the 2 of its header at byte 3",
        ),
    ];
    for (envelope, expected) in cases {
        let error = parse_envelope(envelope.as_bytes()).expect_err(envelope);
        assert_eq!(error.to_string(), expected, "{envelope}");
    }
}

#[tokio::test]
async fn what_the_client_sends_arrives() {
    let ingest = Ingest::start().await;
    let mut options = ClientOptions::default();
    options.dsn = Some(ingest.dsn().parse().unwrap());
    options.transport = Some(Arc::new(DefaultTransportFactory));
    let client = sentry::Client::with_options(options);

    let event = Event { message: Some("to the ingest".into()), level: Level::Warning, ..Event::default() };
    let id = client.capture_event(event, None);

    let items = ingest.wait_for(|items| !items.is_empty(), LIMIT).await;
    assert_eq!(items.len(), 1);
    assert_eq!(items[0].kind, "event");
    assert_eq!(items[0].payload["message"], "to the ingest");
    assert_eq!(items[0].payload["event_id"], id.simple().to_string());
    let raw = String::from_utf8(ingest.raw()).unwrap();
    assert!(raw.contains("to the ingest"), "{raw}");
    // On this thread, which the server must not need.
    assert!(client.flush(Some(LIMIT)));
}

#[tokio::test]
#[should_panic(expected = "0 items did")]
async fn what_does_not_arrive_is_not_waited_for_longer() {
    let ingest = Ingest::start().await;
    ingest.wait_for(|items| !items.is_empty(), Duration::from_millis(1)).await;
}

#[tokio::test]
async fn what_is_no_envelope_is_an_error() {
    let ingest = Ingest::start().await;
    let auth = "x-sentry-auth: Sentry sentry_key=publickey, sentry_version=7";
    let cases = [
        ("POST /api/1/envelope/", auth, "{}\n", "200 OK", None),
        ("POST /api/1/envelope/", auth, "none", "400 Bad Request", Some("not a JSON object")),
        ("GET /api/1/envelope/", auth, "{}", "400 Bad Request", Some("GET /api/1/envelope/ instead of")),
        ("POST /api/1/store/", auth, "{}", "400 Bad Request", Some("POST /api/1/store/ instead of")),
        ("POST /api/1/envelope/", "x-none: 1", "{}", "400 Bad Request", Some("instead of the DSN's key")),
        (
            "POST /api/1/envelope/",
            "content-encoding: gzip",
            "{}",
            "400 Bad Request",
            Some("the content encoding \"gzip\""),
        ),
    ];
    let mut errors = 0;
    let mut sent = String::new();
    for (line, header, body, status, error) in cases {
        let answer = send(&ingest, line, header, body);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{line}: {answer}");
        sent.push_str(body);
        if let Some(error) = error {
            errors += 1;
            let last = ingest.errors().last().cloned().unwrap_or_default();
            assert!(last.contains(error), "{last}");
        }
        assert_eq!(ingest.errors().len(), errors, "{line}");
    }
    assert_eq!(ingest.raw(), sent.as_bytes());
    catch_unwind(AssertUnwindSafe(|| ingest.items())).expect_err("errors are not passed over");
}

#[tokio::test]
async fn a_hanging_server_accepts_and_keeps_silent() {
    let ingest = Ingest::hanging();
    let mut connection = TcpStream::connect(ingest.address()).unwrap();
    ingest.wait_for_connections(1, LIMIT).await;
    connection.write_all(b"POST /api/1/envelope/ HTTP/1.1\r\n\r\n").unwrap();
    connection.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    connection.read(&mut [0]).expect_err("no answer and no end");
    assert!(ingest.items().is_empty());
}

/// A transaction and an event as they should be, and what is wrong with them after a change.
#[test]
fn what_sentry_would_not_understand_is_told_apart() {
    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    let trace = json!({
        "trace_id": TRACE, "span_id": "00f067aa0ba902b7", "parent_span_id": "b7ad6b7169203331", "op": "http.server", "status": "ok"
    });
    let span = json!({
        "trace_id": TRACE, "span_id": "00f067aa0ba902b8", "parent_span_id": "00f067aa0ba902b7", "start_timestamp": 1_700_000_000.5,
        "timestamp": "2023-11-14T22:13:20.75Z"
    });
    let transaction = json!({
        "event_id": "9ec79c33ec9942ab8353589fcb2e04dc", "transaction": "GET /", "transaction_info": { "source": "route" },
        "start_timestamp": 1_700_000_000.25, "timestamp": "2023-11-14T22:13:21Z", "contexts": { "trace": trace }, "spans": [span],
        "tags": { "tier": "gold" }, "request": { "url": "http://localhost/" }
    });
    let event = json!({
        "event_id": "9ec79c33ec9942ab8353589fcb2e04dc", "timestamp": 1_700_000_000.25, "level": "warning", "platform": "native",
        "exception": { "values": [{ "type": "Error", "mechanism": { "type": "panic" } }] }, "release": "shop@1"
    });
    let sessions = json!({
        "attrs": { "release": "shop@1" }, "aggregates": [{ "started": "2023-11-14T22:13:00Z", "exited": 1 }]
    });
    let faults = |kind: &str, payload: &Value, pointer: &str, value: Value| {
        let mut payload = payload.clone();
        if let Some((parent, name)) = pointer.rsplit_once('/') {
            let parent = payload.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object");
            parent.insert(name.to_owned(), value);
        }
        let id = "9ec79c33-ec99-42ab-8353-589fcb2e04dc";
        let context = json!({ "trace_id": TRACE, "public_key": "key", "sample_rate": "0.5", "sampled": "true" });
        let envelope = json!({ "event_id": id, "trace": context });
        valid::faults(&Item { kind: kind.into(), envelope, header: Value::Null, payload, bytes: vec![] })
    };
    for (kind, payload) in [("transaction", &transaction), ("event", &event), ("sessions", &sessions)] {
        assert_eq!(faults(kind, payload, "", Value::Null), [""; 0], "{kind}");
    }
    let cases = [
        ("transaction", &transaction, "/event_id", json!("9ec79c33ec9942ab8353589fcb2e04dd")),
        ("transaction", &transaction, "/transaction", json!("")),
        ("transaction", &transaction, "/transaction_info/source", json!("router")),
        ("transaction", &transaction, "/start_timestamp", json!(1_700_000_002)),
        ("transaction", &transaction, "/timestamp", json!("yesterday")),
        ("transaction", &transaction, "/contexts/trace/trace_id", json!("0".repeat(32))),
        ("transaction", &transaction, "/contexts/trace/span_id", json!("F0F067AA0BA902B7")),
        ("transaction", &transaction, "/contexts/trace/parent_span_id", json!("00f067aa0ba902b7")),
        ("transaction", &transaction, "/contexts/trace/status", json!("fine")),
        ("transaction", &transaction, "/contexts/trace/op", Value::Null),
        ("transaction", &transaction, "/spans/0/parent_span_id", json!("00f067aa0ba902b9")),
        ("transaction", &transaction, "/spans/0/timestamp", json!(1_700_000_003)),
        ("transaction", &transaction, "/spans/0/trace_id", json!("4bf92f3577b34da6a3ce929d0e0e4737")),
        ("transaction", &transaction, "/tags/a tag", json!("gold")),
        ("transaction", &transaction, "/tags/tier", json!("g".repeat(201))),
        ("transaction", &transaction, "/request/url", json!("/")),
        ("event", &event, "/level", json!("bad")),
        ("event", &event, "/platform", json!("crab")),
        ("event", &event, "/exception", Value::Null),
        ("event", &event, "/release", json!("a/b")),
        ("event", &event, "/fingerprint", json!([1])),
        ("sessions", &sessions, "/attrs/release", Value::Null),
        ("sessions", &sessions, "/aggregates/0/started", json!("2023-11-14T22:13:01Z")),
        ("sessions", &sessions, "/aggregates/0/exited", json!(0)),
    ];
    for (kind, payload, pointer, value) in cases {
        assert!(!faults(kind, payload, pointer, value.clone()).is_empty(), "{kind}: {pointer} is {value}");
    }
}

/// The answer to a request on a connection of its own.
fn send(ingest: &Ingest, line: &str, header: &str, body: &str) -> String {
    let mut connection = TcpStream::connect(ingest.address()).unwrap();
    let length = body.len();
    let request = format!(
        "{line} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{header}\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    connection.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    answer
}
