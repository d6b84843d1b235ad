//! More than the ingest takes, or takes at once.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use sentry::{ClientOptions, Envelope, protocol::Attachment};
use tower_telemetry_scrub::Pii;
use tower_telemetry_sentry::{Attachments, Boundary, HttpTransportFactory, client_with};

use crate::{
    ingest::{Answer, Ingest},
    support::{LIMIT, client, error, event, lost, messages, transaction},
};

#[test]
fn a_burst_of_a_thousand_errors_loses_none() {
    let ingest = Ingest::start(Answer::After(Duration::from_millis(5)));
    let client = client(&ingest.dsn());
    for number in 0..1_000 {
        client.capture_event(event(&number.to_string()), None);
    }
    assert!(client.flush(Some(LIMIT)));
    let items = ingest.items();
    let mut numbers: Vec<usize> = messages(&items).iter().map(|number| number.parse().expect("it was one")).collect();
    numbers.sort_unstable();
    assert!(numbers.into_iter().eq(0..1_000));
    assert_eq!(items.len(), 1_000, "nothing else came, no report of losses");
    assert_eq!(ingest.connections(), 2, "connections are kept");
}

#[test]
fn the_queue_holds_a_thousand_errors_with_stacks_and_their_transactions() {
    let ingest = Ingest::start(Answer::Never);
    let client = client(&ingest.dsn());
    for _ in 0..1_000 {
        client.send_envelope(error().into());
        client.send_envelope(transaction(5).into());
    }
    ingest.answer(Answer::ok());
    assert!(client.flush(Some(LIMIT)));
    let items = ingest.items();
    let count = |kind| items.iter().filter(|item| item.kind == kind).count();
    assert_eq!((count("event"), count("transaction"), items.len()), (1_000, 1_000, 2_000));
}

#[test]
fn what_an_ingest_that_hangs_does_not_take_is_counted() {
    const EVENTS: usize = 10_000;
    const QUEUE: u64 = 2_048;
    let ingest = Ingest::start(Answer::Never);
    let client = client(&ingest.dsn());
    client.capture_event(event("first"), None);
    client.capture_event(event("second"), None);
    // All connections are held from now on, so what returns did not wait for them.
    ingest.wait_for_requests(2);
    for _ in 2..EVENTS {
        client.capture_event(event("more"), None);
    }
    assert_eq!(ingest.requests(), 2);

    ingest.answer(Answer::ok());
    assert!(client.flush(Some(LIMIT)));
    let items = ingest.wait_for(|items| lost(items).contains_key("queue_overflow error"));
    assert_eq!(messages(&items).len() as u64, QUEUE + 2);
    assert_eq!(lost(&items)["queue_overflow error"], EVENTS as u64 - QUEUE - 2);
}

#[test]
fn a_flush_waits_for_what_was_there_and_not_for_what_comes() {
    let ingest = Ingest::start(Answer::After(Duration::from_millis(5)));
    let client = tower_telemetry_sentry::client(ClientOptions::new().dsn(&ingest.dsn()).transport_channel_capacity(50));
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                client.capture_event(event("more"), None);
            }
        });
        ingest.wait_for_requests(1);
        assert!(client.flush(Some(LIMIT)));
        over.store(true, Ordering::Relaxed);
    });
}

#[test]
fn attachments_count_by_their_bytes() {
    const MIB: usize = 1024 * 1024;
    let ingest = Ingest::start(Answer::Never);
    let options =
        ClientOptions::new().dsn(&ingest.dsn()).transport(HttpTransportFactory::new().max_queued_bytes(10 * MIB));
    let boundary = Boundary::standard(Pii::Withheld).attachments(Attachments::Keep);
    let client = client_with(options, boundary);
    for _ in 0..20 {
        let mut envelope = Envelope::from(event("with an attachment"));
        envelope.add_item(Attachment { buffer: vec![0; 2 * MIB], filename: "a".into(), ..Attachment::default() });
        client.send_envelope(envelope);
    }
    ingest.answer(Answer::ok());
    assert!(client.flush(Some(LIMIT)));
    let items = ingest.wait_for(|items| lost(items).contains_key("queue_overflow error"));
    // Four of them, and what the events take, are less than ten.
    assert_eq!(messages(&items).len(), 4);
    assert_eq!(lost(&items)["queue_overflow error"], 16);
    assert_eq!(lost(&items)["queue_overflow attachment"], 16 * 2 * MIB as u64);
}

#[test]
fn what_is_lost_is_reported_by_category() {
    let ingest = Ingest::start(Answer::Never);
    let options = ClientOptions::new().dsn(&ingest.dsn()).transport_channel_capacity(1).sample_rate(0.0);
    let client = tower_telemetry_sentry::client(options);
    for number in 1..=2 {
        client.send_envelope(transaction(0).into());
        ingest.wait_for_requests(number);
    }
    client.send_envelope(transaction(0).into());
    // There is no room from here on.
    client.send_envelope(transaction(3).into());
    client.send_envelope(transaction(4).into());
    client.capture_event(event("not sampled"), None);
    client.send_envelope(transaction(0).into());

    ingest.answer(Answer::ok());
    assert!(client.flush(Some(LIMIT)));
    let items = ingest.items();
    let expected = [("queue_overflow span", 4 + 5 + 1), ("queue_overflow transaction", 3), ("sample_rate error", 1)];
    assert!(lost(&items).into_iter().eq(expected.map(|(key, count)| (key.to_owned(), count))), "{:?}", lost(&items));
}
