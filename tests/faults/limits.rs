//! Rate limits: which items they hold back, for how long, and what becomes of the others.

use std::sync::Arc;

use sentry::{
    Client, Envelope,
    protocol::{Attachment, EnvelopeHeaders, EnvelopeItem, Log, LogLevel, TraceId},
};
use tests::ingest::Item;

use crate::{
    ingest::{Answer, Ingest, kinds},
    support::{LIMIT, client, event, lost, messages, session, transaction},
};

const EVENT: &str = "event";
const TRANSACTION: &str = "transaction";
const SESSIONS: &str = "sessions";
const LOG: &str = "log";
const ALL: [&str; 4] = [EVENT, LOG, SESSIONS, TRANSACTION];

/// Which kinds still come after this answer to one event.
fn left_after(answer: Answer) -> (Vec<String>, Vec<Item>) {
    let ingest = Ingest::start(answer);
    let client = client(&ingest.dsn());
    client.capture_event(event("first"), None);
    assert!(client.flush(Some(LIMIT)));
    let before = ingest.items().len();
    ingest.answer(Answer::ok());
    send_one_of_each(&client);
    assert!(client.flush(Some(LIMIT)));
    let items = ingest.items().split_off(before);
    let mut left: Vec<_> = items.iter().map(|item| item.kind.clone()).filter(|kind| kind != "client_report").collect();
    left.sort();
    (left, items)
}

fn send_one_of_each(client: &Arc<Client>) {
    client.capture_event(event("second"), None);
    client.send_envelope(transaction(2).into());
    client.send_envelope(session());
    client.send_envelope(log());
}

fn log() -> Envelope {
    let mut envelope = Envelope::new();
    envelope.add_item(EnvelopeItem::from(vec![Log {
        level: LogLevel::Info,
        body: "hello".into(),
        trace_id: Some(TraceId::default()),
        timestamp: std::time::SystemTime::now(),
        severity_number: None,
        attributes: sentry::protocol::Map::new(),
    }]));
    envelope
}

#[test]
fn a_limit_holds_for_its_categories() {
    const NONE: [&str; 0] = [];
    let cases: [(&str, &[&str]); 17] = [
        ("60:error:organization", &[LOG, SESSIONS, TRANSACTION]),
        ("60:default:organization:quota_exceeded", &[LOG, SESSIONS, TRANSACTION]),
        ("2700:default;error;security:organization", &[LOG, SESSIONS, TRANSACTION]),
        ("60:transaction:key, 2700:default;error;security:organization", &[LOG, SESSIONS]),
        (" 60 : transaction ; error : key ,60:session", &[LOG]),
        ("60:log_item:project", &[EVENT, SESSIONS, TRANSACTION]),
        ("60:log_byte:project", &[EVENT, SESSIONS, TRANSACTION]),
        ("0.5:session:key", &[EVENT, LOG, TRANSACTION]),
        ("60::organization", &NONE),
        ("60::organization, 2700::organization", &NONE),
        ("60:", &NONE),
        ("1e300::organization", &NONE),
        ("inf:error:organization", &[LOG, SESSIONS, TRANSACTION]),
        // What is not sent, or not known, is no limit on what is.
        ("2700:metric_bucket:organization:quota_exceeded:custom", &ALL),
        ("60:profile;replay;:organization", &ALL),
        ("0:error:organization", &ALL),
        ("9:error:organization, 0:error:organization", &[LOG, SESSIONS, TRANSACTION]),
    ];
    for (header, expected) in cases {
        for status in ["200 OK", "429 Too Many Requests"] {
            let (left, _) = left_after(Answer::status(status, &[("X-Sentry-Rate-Limits", header)]));
            assert_eq!(left, expected, "{status} {header:?}");
        }
    }
}

#[test]
fn limits_that_make_no_sense_are_none() {
    for header in ["", "60", "-60::organization, nan::x, x:error, :error:", ",,;;::", "\u{e9}::organization"] {
        let headers = [("X-Sentry-Rate-Limits", header)];
        assert_eq!(left_after(Answer::status("200 OK", &headers)).0, ALL, "{header:?}");
        assert!(left_after(Answer::status("429 Too Many Requests", &headers)).0.is_empty(), "{header:?}");
        let headers = [headers[0], ("Retry-After", "0")];
        assert_eq!(left_after(Answer::status("429 Too Many Requests", &headers)).0, ALL, "{header:?}");
    }
}

#[test]
fn a_refusal_without_limits_holds_for_all() {
    const DATE: &str = "Fri, 31 Dec 2100 23:59:59 GMT";
    let cases = [
        ("429 Too Many Requests", None, false),
        ("429 Too Many Requests", Some("60"), false),
        ("429 Too Many Requests", Some("0.1"), false),
        ("429 Too Many Requests", Some(DATE), false),
        ("429 Too Many Requests", Some("soon"), false),
        ("429 Too Many Requests", Some("-1"), false),
        ("429 Too Many Requests", Some("99999999999999999999999999"), false),
        ("429 Too Many Requests", Some("0"), true),
        ("429 Too Many Requests", Some("Sun, 06 Nov 1994 08:49:37 GMT"), true),
        ("503 Service Unavailable", Some("60"), false),
        ("503 Service Unavailable", None, true),
        ("500 Internal Server Error", Some("60"), true),
        ("200 OK", Some("60"), true),
    ];
    for (status, retry_after, comes) in cases {
        let headers: Vec<_> = retry_after.map(|value| ("Retry-After", value)).into_iter().collect();
        let (left, _) = left_after(Answer::status(status, &headers));
        assert_eq!(left.len(), if comes { 4 } else { 0 }, "{status} {retry_after:?}: {left:?}");
    }
}

#[test]
fn what_is_held_back_is_reported_and_what_the_server_refused_is_not() {
    let answer = Answer::status("429 Too Many Requests", &[("X-Sentry-Rate-Limits", "60:error;transaction:key")]);
    let (left, items) = left_after(answer);
    assert_eq!(left, [LOG, SESSIONS]);
    let expected =
        [("ratelimit_backoff error", 1), ("ratelimit_backoff span", 3), ("ratelimit_backoff transaction", 1)];
    assert!(lost(&items).into_iter().eq(expected.map(|(key, count)| (key.to_owned(), count))), "{:?}", lost(&items));
}

#[test]
fn the_rest_of_an_envelope_goes_with_its_headers() {
    let ingest = Ingest::start(Answer::status("200 OK", &[("X-Sentry-Rate-Limits", "60:attachment;session:key")]));
    let client = client(&ingest.dsn());
    client.capture_event(event("first"), None);
    assert!(client.flush(Some(LIMIT)));
    ingest.answer(Answer::ok());

    let (trace_id, attachment) = (TraceId::default(), || Attachment {
        buffer: b"hello".to_vec(),
        filename: "a.txt".into(),
        ..Attachment::default()
    });
    let context = serde_json::from_value(serde_json::json!({
        "trace_id": trace_id, "public_key": "theirs", "sample_rate": "0.25", "sample_rand": "0.125000", "sampled": "true",
        "release": "shop@1", "environment": "live", "transaction": "GET /", "org_id": "7",
    }));
    let headers = EnvelopeHeaders::new().with_trace(context.expect("it is one"));
    let mut envelope = Envelope::new().with_headers(headers);
    envelope.add_item(transaction(0));
    envelope.add_item(attachment());
    envelope.add_item(attachment());
    for item in session().into_items() {
        envelope.add_item(item);
    }
    client.send_envelope(envelope);
    assert!(client.flush(Some(LIMIT)));

    let items = ingest.wait_for(|items| kinds(items).contains(&TRANSACTION));
    let sent = items.iter().find(|item| item.kind == TRANSACTION).expect("it came");
    assert_eq!(kinds(&items), [EVENT, TRANSACTION, "client_report"]);
    assert_eq!(lost(&items)["ratelimit_backoff attachment"], 10, "bytes");
    let trace = &sent.envelope["trace"];
    assert_eq!(trace["trace_id"], trace_id.to_string());
    assert_eq!(trace["sample_rate"], "0.25");
    assert_eq!(trace["sample_rand"], "0.125000");
    assert_eq!(trace["transaction"], "GET /");
    assert_eq!(trace["org_id"], "7");
    let event_id = sent.envelope["event_id"].as_str().expect("there is one");
    assert_eq!(event_id.replace('-', ""), sent.payload["event_id"]);
    assert!(sent.envelope["sent_at"].is_string());
}

#[test]
fn an_attachment_goes_only_with_its_event() {
    let ingest = Ingest::start(Answer::status("200 OK", &[("X-Sentry-Rate-Limits", "60:error:key")]));
    let client = client(&ingest.dsn());
    client.capture_event(event("first"), None);
    assert!(client.flush(Some(LIMIT)));
    let mut envelope = Envelope::from(event("second"));
    envelope.add_item(Attachment { buffer: b"hello".to_vec(), filename: "a.txt".into(), ..Attachment::default() });
    client.send_envelope(envelope);
    assert!(client.flush(Some(LIMIT)));
    let items = ingest.items();
    assert_eq!(kinds(&items), [EVENT, "client_report"]);
    let expected = [("ratelimit_backoff attachment", 5), ("ratelimit_backoff error", 1)];
    assert!(lost(&items).into_iter().eq(expected.map(|(key, count)| (key.to_owned(), count))), "{:?}", lost(&items));
}

#[test]
fn a_limit_comes_to_its_end() {
    let ingest = Ingest::start(Answer::status("429 Too Many Requests", &[("Retry-After", "1")]));
    let client = client(&ingest.dsn());
    client.capture_event(event("first"), None);
    assert!(client.flush(Some(LIMIT)));
    ingest.answer(Answer::ok());
    client.capture_event(event("second"), None);
    assert!(client.flush(Some(LIMIT)), "what cannot be sent is not waited for");
    assert!(ingest.items().is_empty());
    // The report of the loss waits for the end of the limit.
    let items = ingest.wait_for(|items| !items.is_empty());
    assert_eq!(lost(&items)["ratelimit_backoff error"], 1);
    client.capture_event(event("third"), None);
    assert!(client.flush(Some(LIMIT)));
    assert_eq!(messages(&ingest.items()), ["third"]);
}

#[test]
fn the_context_that_the_sdk_makes_arrives() {
    let ingest = Ingest::start(Answer::ok());
    let options = sentry::ClientOptions::new().dsn(&ingest.dsn()).traces_sample_rate(1.0);
    let client = tower_telemetry_sentry::client(options);
    let hub = Arc::new(sentry::Hub::new(Some(Arc::clone(&client)), Arc::default()));
    let context = sentry::TransactionContext::new("GET /", "http.server");
    hub.start_transaction(context).finish();
    assert!(client.flush(Some(LIMIT)));
    let items = ingest.items();
    let trace = &items[0].envelope["trace"];
    assert_eq!(trace["public_key"], "publickey");
    assert_eq!(trace["sample_rate"], "1");
    assert_eq!(trace["trace_id"], items[0].payload["contexts"]["trace"]["trace_id"]);
}
