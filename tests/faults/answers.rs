//! Servers that are down, close, answer nonsense, or refuse: what is lost is counted, and the next event arrives.

use std::{net::TcpListener, time::Duration};

use sentry::{ClientOptions, Envelope, protocol::Attachment};
use tower_telemetry_scrub::Pii;
use tower_telemetry_sentry::{Attachments, Boundary, HttpTransportFactory, client_with};

use crate::{
    ingest::{Answer, Ingest, dsn},
    support::{LIMIT, client, event, lost, messages},
};

#[test]
fn what_a_bad_answer_loses_is_counted_and_reported() {
    let cases = [
        ("closes at once", Answer::Close, Some("network_error")),
        ("closes in the head", Answer::Bytes("HTTP/1.1 200 OK\r\ncont".into()), Some("network_error")),
        ("garbage", Answer::Bytes("\u{0}\u{1}SSH-2.0-OpenSSH\r\n\r\n close".into()), Some("network_error")),
        (
            "an endless head",
            Answer::Bytes(format!("HTTP/1.1 200 OK\r\nx: {}", "a".repeat(1 << 20))),
            Some("network_error"),
        ),
        ("400", Answer::status("400 Bad Request", &[]), Some("send_error")),
        ("413", Answer::status("413 Payload Too Large", &[]), Some("send_error")),
        ("500", Answer::status("500 Internal Server Error", &[]), Some("send_error")),
        ("503", Answer::status("503 Service Unavailable", &[]), Some("send_error")),
        (
            "a redirect",
            Answer::status("307 Temporary Redirect", &[("location", "/api/1/envelope/")]),
            Some("send_error"),
        ),
        (
            "200, then closes in the body",
            Answer::Bytes("HTTP/1.1 200 OK\r\ncontent-length: 100\r\nconnection: close\r\n\r\n{".into()),
            None,
        ),
    ];
    for (name, answer, reason) in cases {
        let ingest = Ingest::start(answer);
        let client = client(&ingest.dsn());
        client.capture_event(event("first"), None);
        ingest.wait_for_requests(1);
        // The report of the loss may find the bad answer too, and is tried again in a flush.
        client.flush(Some(LIMIT));
        ingest.answer(Answer::ok());
        client.capture_event(event("second"), None);
        assert!(client.flush(Some(LIMIT)), "{name}");
        let items = ingest.wait_for(|items| messages(items).contains(&"second"));
        let expected = reason.map(|reason| (format!("{reason} error"), 1));
        assert!(lost(&items).into_iter().eq(expected), "{name}: {:?}", lost(&items));
    }
}

#[test]
fn a_server_that_takes_too_long_is_given_up() {
    for answer in [Answer::Never, Answer::Drip, Answer::After(Duration::from_secs(3))] {
        let ingest = Ingest::start(answer);
        let transport = HttpTransportFactory::new().timeout(Duration::from_millis(100));
        let client = tower_telemetry_sentry::client(ClientOptions::new().dsn(&ingest.dsn()).transport(transport));
        client.capture_event(event("first"), None);
        assert!(client.flush(Some(LIMIT)));
        ingest.answer(Answer::ok());
        client.capture_event(event("second"), None);
        assert!(client.flush(Some(LIMIT)));
        let items = ingest.wait_for(|items| messages(items).contains(&"second"));
        // This server takes in late what was given up, the report too.
        assert!(lost(&items)["network_error error"] >= 1);
    }
}

#[test]
fn a_server_that_does_not_listen_is_given_up() {
    // The system accepts for it, until its buffers are full.
    let deaf = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let transport = HttpTransportFactory::new().timeout(Duration::from_millis(100));
    let options = ClientOptions::new().dsn(&dsn(deaf.local_addr().expect("it is bound"))).transport(transport);
    let client = client_with(options, Boundary::standard(Pii::Withheld).attachments(Attachments::Keep));
    let mut envelope = Envelope::from(event("large"));
    let buffer = vec![0; 32 * 1024 * 1024];
    envelope.add_item(Attachment { buffer, filename: "a".into(), ..Attachment::default() });
    client.send_envelope(envelope);
    assert!(client.flush(Some(LIMIT)));
}

#[test]
fn a_server_that_comes_back_gets_what_comes_then() {
    let address = Ingest::nowhere();
    let client = client(&dsn(address));
    client.capture_event(event("first"), None);
    assert!(client.flush(Some(LIMIT)));

    let ingest = Ingest::listen(TcpListener::bind(address).expect("it was free a moment ago"), Answer::ok());
    client.capture_event(event("second"), None);
    assert!(client.flush(Some(LIMIT)));
    let items = ingest.wait_for(|items| lost(items).contains_key("network_error error"));
    assert_eq!(messages(&items), ["second"]);
    assert_eq!(lost(&items)["network_error error"], 1);
}
