//! What a request to the ingest is, and envelopes that are not as they should be.

use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, UNIX_EPOCH},
};

use sentry::{ClientOptions, Envelope, Transport, TransportFactory, TransportOptions, protocol::Event};
use tower_telemetry_scrub::Pii;
use tower_telemetry_sentry::{Boundary, HttpTransportFactory};

use crate::{
    ingest::{Answer, Ingest, kinds},
    support::{LIMIT, client, event, lost, messages},
};

/// An envelope that is not looked into.
const RAW: &str = "{\"event_id\":\"9ec79c33ec9942ab8353589fcb2e04dc\"}\n{\"type\":\"profile\"}\n{\"a\":1}\n";

/// The transport alone.
fn transport(options: &ClientOptions) -> Arc<dyn Transport> {
    let options = TransportOptions::try_from_client_options(options).expect("there is a DSN");
    HttpTransportFactory::new().create_transport_with_options(options)
}

#[test]
fn a_request_says_whose_it_is_and_what() {
    let ingest = Ingest::start(Answer::ok());
    let options = ClientOptions::new().dsn(&ingest.dsn()).user_agent("shop/1");
    transport(&options).send_envelope(event("hello").into());
    ingest.wait_for(|items| !items.is_empty());
    let head = ingest.heads().remove(0).to_ascii_lowercase();
    assert!(head.starts_with("post /api/1/envelope/ http/1.1\r\n"), "{head}");
    let expected = [
        "user-agent: shop/1",
        "content-type: application/x-sentry-envelope",
        "sentry_key=publickey",
        "sentry_client=shop/1",
    ];
    for expected in expected {
        assert!(head.contains(expected), "{expected} in {head}");
    }
}

#[test]
fn a_proxy_is_used() {
    let proxy = Ingest::start(Answer::Close);
    let proxied = ClientOptions::new().dsn("http://publickey@sentry.invalid/1");
    let transport = transport(&proxied.http_proxy(format!("http://{}", proxy.address())));
    transport.send_envelope(event("hello").into());
    proxy.wait_for_requests(1);
    assert!(proxy.heads()[0].starts_with("CONNECT sentry.invalid:80"), "{:?}", proxy.heads());
}

#[test]
fn a_raw_envelope_goes_as_it_is() {
    let ingest = Ingest::start(Answer::status("500 Internal Server Error", &[]));
    let transport = transport(&ClientOptions::new().dsn(&ingest.dsn()));
    let raw = || Envelope::from_bytes_raw(RAW.as_bytes().to_vec()).expect("any bytes will do");
    transport.send_envelope(raw());
    ingest.wait_for_requests(1);
    assert!(transport.flush(LIMIT));
    ingest.answer(Answer::ok());
    transport.send_envelope(raw());
    transport.send_envelope(Envelope::new());
    assert!(transport.flush(LIMIT));
    assert_eq!(kinds(&ingest.items()), ["profile"]);
    assert_eq!(ingest.requests(), 2, "nothing is not sent");
}

#[test]
fn what_is_sent_is_scrubbed_by_those_who_send_it() {
    let ingest = Ingest::start(Answer::ok());
    let options = ClientOptions::new().dsn(&ingest.dsn());
    let options = TransportOptions::try_from_client_options(&options).expect("there is a DSN");
    let factory = HttpTransportFactory::new().scrubbing(Boundary::standard(Pii::Withheld));
    let transport = factory.create_transport_with_options(options);
    let mut raw = Vec::new();
    Envelope::from(event("to ada@example.com")).to_writer(&mut raw).expect("it can be written");
    let unknown = RAW.as_bytes().to_vec();
    for bytes in [raw, unknown, b"password=hunter2".to_vec()] {
        transport.send_envelope(Envelope::from_bytes_raw(bytes).expect("any bytes will do"));
    }
    transport.send_envelope(event("password=hunter2").into());
    assert!(transport.flush(LIMIT));
    let items = ingest.items();
    assert_eq!(kinds(&items), ["event", "event"], "what cannot be read does not leave");
    assert_eq!(BTreeSet::from_iter(messages(&items)), BTreeSet::from(["to [email]", "password=[Filtered]"]));
}

#[test]
fn what_cannot_be_written_is_counted_and_the_next_is_sent() {
    let ingest = Ingest::start(Answer::ok());
    let client = client(&ingest.dsn());
    let timestamp = UNIX_EPOCH - Duration::from_secs(1);
    for _ in 0..10 {
        client.capture_event(Event { timestamp, ..event("before the beginning") }, None);
    }
    client.capture_event(event("now"), None);
    assert!(client.flush(Some(LIMIT)));
    let items = ingest.items();
    assert_eq!(messages(&items), ["now"]);
    assert_eq!(lost(&items)["internal_sdk_error error"], 10);
}

#[test]
fn a_raw_envelope_is_under_the_limits_of_all() {
    for (limit, comes) in [("60:error:key", 1), ("60::key", 0)] {
        let ingest = Ingest::start(Answer::status("200 OK", &[("X-Sentry-Rate-Limits", limit)]));
        let transport = transport(&ClientOptions::new().dsn(&ingest.dsn()));
        transport.send_envelope(event("first").into());
        assert!(transport.flush(LIMIT));
        transport.send_envelope(Envelope::from_bytes_raw(RAW.as_bytes().to_vec()).expect("any bytes will do"));
        assert!(transport.flush(LIMIT));
        assert_eq!(ingest.items().iter().filter(|item| item.kind == "profile").count(), comes, "{limit}");
    }
}
