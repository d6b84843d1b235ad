//! No ingest keeps a client or a process from its end.

use std::{
    io::Read,
    process::{Command, Stdio},
    sync::{Arc, mpsc},
    thread,
    time::{Duration, Instant},
};

use sentry::{Client, ClientOptions, Envelope, protocol::Event};

use crate::{
    ingest::{Answer, Ingest, dsn},
    support::{client, event, lost, messages},
};

/// The bound, and what a busy machine may add to it.
const BOUND: Duration = Duration::from_secs(2);
const MARGIN: Duration = Duration::from_secs(3);

/// Fills the queue of a client whose server hangs.
fn stuck() -> (Ingest, Arc<Client>) {
    let ingest = Ingest::start(Answer::Never);
    let client = client(&ingest.dsn());
    for _ in 0..3_000 {
        client.capture_event(event("stuck"), None);
    }
    ingest.wait_for_requests(2);
    (ingest, client)
}

#[test]
fn a_flush_and_a_shutdown_take_no_longer_than_they_may() {
    let (_ingest, client) = stuck();
    let start = Instant::now();
    assert!(!client.flush(Some(Duration::from_millis(50))));
    assert!(!client.flush(Some(Duration::ZERO)));
    assert!(!client.close(Some(Duration::from_millis(50))));
    assert!(start.elapsed() < MARGIN, "{:?}", start.elapsed());
    assert!(client.flush(Some(BOUND)), "there is nothing left of it");
}

#[test]
fn a_drop_does_not_wait() {
    let (_ingest, client) = stuck();
    let start = Instant::now();
    drop(client);
    assert!(start.elapsed() < MARGIN, "{:?}", start.elapsed());
}

#[test]
fn what_waits_at_a_drop_is_still_sent() {
    let ingest = Ingest::start(Answer::ok());
    let client = client(&ingest.dsn());
    for _ in 0..20 {
        client.capture_event(event("at the end"), None);
    }
    drop(client);
    ingest.wait_for(|items| messages(items).len() == 20);
}

#[test]
fn a_close_sends_the_last_report() {
    let ingest = Ingest::start(Answer::ok());
    let wanted = |event: Event<'static>| Some(event).filter(|event| event.message.as_deref() == Some("wanted"));
    let options = ClientOptions::new().dsn(&ingest.dsn()).before_send(wanted);
    let client = tower_telemetry_sentry::client(options);
    for message in ["unwanted", "wanted", "unwanted", "unwanted", "wanted"] {
        client.capture_event(event(message), None);
    }
    // What the client alone knows of comes with the next envelope, be it empty.
    client.capture_event(event("unwanted"), None);
    client.send_envelope(Envelope::new());
    assert!(client.close(None));
    let items = ingest.items();
    assert_eq!(messages(&items).len(), 2);
    assert_eq!(lost(&items)["before_send error"], 4);
}

/// Runs the process to its end: what it printed, what it logged, and how long it took from `sent` on.
fn run(dsn: &str, ending: &str, events: usize) -> (String, String, Duration) {
    let mut process = Command::new(env!("CARGO_BIN_EXE_exits"))
        .args([dsn, ending, &events.to_string()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let (mut out, mut err) = (process.stdout.take().expect("a pipe"), process.stderr.take().expect("a pipe"));
    let logged = thread::spawn(move || {
        let mut text = Vec::new();
        err.read_to_end(&mut text).map(|_| String::from_utf8_lossy(&text).into_owned()).expect("a pipe")
    });
    let (sent, when) = mpsc::channel();
    let printed = thread::spawn(move || {
        let (mut text, mut buffer) = (String::new(), [0; 4096]);
        loop {
            match out.read(&mut buffer).expect("a pipe") {
                0 => return text,
                length => text.push_str(&String::from_utf8_lossy(&buffer[..length])),
            }
            if text.contains("\nsent\n") {
                let _ = sent.send(Instant::now());
            }
        }
    });
    let status = process.wait().expect("it was started");
    let end = Instant::now();
    let printed = printed.join().expect("no panic");
    assert!(status.success(), "{printed}");
    (printed, logged.join().expect("no panic"), end - when.recv().expect("it came so far"))
}

#[test]
fn a_process_ends_in_time_with_a_server_that_hangs() {
    for ending in ["drop", "leak"] {
        let ingest = Ingest::start(Answer::Never);
        let (printed, logged, took) = run(&ingest.dsn(), ending, 5_000);
        assert!(printed.ends_with("dropped\n"), "{printed}");
        assert!(took < BOUND + MARGIN, "{ending} took {took:?}");
        let lost = counted(&printed, "queue_overflow");
        // Up to two were taken out of the queue before it was full.
        assert!((5_000 - 2_048 - 2..=5_000 - 2_048).contains(&lost), "{printed}");
        assert_eq!(logged.matches("not sent to Sentry: more came than the ingest takes").count(), 1, "{logged}");
        private(&logged);
    }
}

#[test]
fn a_process_ends_in_time_with_a_server_that_is_down() {
    for ending in ["drop", "leak", "flush"] {
        let (printed, logged, took) = run(&dsn(Ingest::nowhere()), ending, 100);
        assert!(took < BOUND + MARGIN, "{ending} took {took:?}");
        if ending == "flush" {
            assert!(printed.contains("flushed true"), "{printed}");
            let (_, after) = printed.rsplit_once("flushed").expect("it was");
            assert_eq!(counted(after, "network_error"), 100, "{printed}");
            assert!(!after.contains("unknown"), "a report that does not arrive is no loss: {printed}");
            assert_eq!(logged.matches("the ingest cannot be reached").count(), 1, "{logged}");
        }
        private(&logged);
    }
}

#[test]
fn what_is_logged_of_good_and_bad_answers_is_private() {
    for answer in [Answer::ok(), Answer::status("500 publickey", &[("x-sentry-error", "publickey")]), Answer::Close] {
        let ingest = Ingest::start(answer);
        let (_, logged, _) = run(&ingest.dsn(), "flush", 3);
        assert!(logged.contains("ureq"), "its log is seen: {logged}");
        private(&logged);
    }
}

/// The counter of errors lost for this reason.
fn counted(metrics: &str, reason: &str) -> usize {
    let start = format!("telemetry_items_dropped_total{{category=\"error\",reason=\"{reason}\"}} ");
    let line = metrics.lines().find_map(|line| line.strip_prefix(&start));
    line.map_or(0, |count| count.parse().expect("a number"))
}

fn private(logged: &str) {
    assert!(!logged.contains("s3cr3t"), "{logged}");
    // What ureq dumps of the wire at its lowest level is not for us to change.
    let mut lines = logged.lines().filter(|line| !line.starts_with("TRACE ureq_proto::util"));
    assert!(!lines.any(|line| line.contains("publickey")), "{logged}");
}
