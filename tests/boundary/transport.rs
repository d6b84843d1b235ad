//! The transport itself: what it drops, and what it passes on.

use std::{
    sync::{
        Arc, Mutex,
        mpsc::{self, Sender},
    },
    time::Duration,
};

use metrics::with_local_recorder;
use metrics_util::debugging::{DebugValue, DebuggingRecorder};
use sentry::{
    Client, ClientOptions, Envelope, Hub, Level, Transport, TransportFactory, TransportOptions,
    client_report::Reason,
    protocol::{EnvelopeItem, Event},
    test::TestTransport,
};
use tower_telemetry_scrub::Pii;
use tower_telemetry_sentry::{Attachments, Boundary, ITEMS_DROPPED, Scrubbing, ScrubbingFactory};
use tracing_subscriber::fmt::MakeWriter;

use super::{
    items,
    support::{SECRET, scrubbed, through, wire},
};

fn boundary() -> Boundary {
    Boundary::standard(Pii::Withheld)
}

/// What `send` makes the counter say, as `category reason count`.
fn dropped(send: impl FnOnce()) -> Vec<String> {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    with_local_recorder(&recorder, send);
    let mut counts: Vec<_> = snapshotter
        .snapshot()
        .into_vec()
        .into_iter()
        .map(|(key, _, _, value)| {
            let (_, key) = key.into_parts();
            assert_eq!(key.name(), ITEMS_DROPPED);
            let DebugValue::Counter(count) = value else { panic!("it is a counter") };
            let labels: Vec<_> = key.labels().map(|label| label.value().to_owned()).collect();
            format!("{} {count}", labels.join(" "))
        })
        .collect();
    counts.sort();
    counts
}

#[test]
fn what_is_not_known_is_dropped_and_counted() {
    let counts = dropped(|| {
        let mut envelope = Envelope::new();
        envelope.add_item(EnvelopeItem::Raw);
        envelope.add_item(items::event(|event| event.message = Some("hello".into())));
        envelope.add_item(EnvelopeItem::Raw);
        let left = scrubbed(envelope).expect("the event is");
        assert_eq!(left.items().count(), 1);
        assert!(scrubbed(EnvelopeItem::Raw.into()).is_none());
    });
    assert_eq!(counts, ["unknown unknown 3"]);
}

#[test]
fn raw_bytes_that_cannot_be_read_are_dropped_and_counted() {
    let deep = "[".repeat(5_000) + &"]".repeat(5_000);
    let cases = [
        String::new(),
        SECRET.to_owned(),
        format!("{{}}\n{{\"type\":\"profile\"}}\n{{\"a\":\"{SECRET}\"}}\n"),
        format!("{{}}\n{{\"type\":\"event\",\"length\":1000}}\n{{\"message\":\"{SECRET}\"}}\n"),
        format!("{{}}\n{{\"type\":\"event\"}}\n{{\"extra\":{{\"a\":{deep}}}}}\n"),
        format!("{{}}\n{SECRET}"),
    ];
    let counts = dropped(|| {
        for case in &cases {
            let envelope = Envelope::from_bytes_raw(case.clone().into_bytes()).expect("any bytes will do");
            assert!(scrubbed(envelope).is_none(), "{case}");
        }
    });
    assert_eq!(counts, [format!("unknown unreadable {}", cases.len())]);
}

#[test]
fn nothing_is_sent_of_an_envelope_with_nothing_in_it() {
    let empty_raw = Envelope::from_bytes_raw(b"{}\n".to_vec()).expect("any bytes will do");
    let counts = dropped(|| {
        assert!(scrubbed(Envelope::new()).is_none());
        assert!(scrubbed(empty_raw).is_none());
    });
    assert!(counts.is_empty(), "{counts:?}");
}

#[test]
fn attachments_go_by_the_rule() {
    const BINARY: &[u8] = b"\x89PNG\r\n\x1a\n\xff";
    let large = "a ".repeat(600 * 1024);
    let cases: &[(&str, Option<&str>, &[u8], &str)] = &[
        ("a.txt", None, b"a", ""),
        ("A.JSON", None, b"{}", ""),
        ("a", Some("application/problem+json"), b"{}", ""),
        ("a", Some("Text/Plain; charset=utf-8"), b"a", ""),
        ("a", None, b"a", "attachment not_text 1"),
        ("a.png", None, BINARY, "attachment not_text 1"),
        ("a.txt", None, BINARY, "attachment not_text 1"),
        ("a.txt", Some("image/png"), b"a", "attachment not_text 1"),
        ("a.txt", Some("text/plain"), b"caf\xe9", "attachment not_text 1"),
        ("a.txt", None, large.as_bytes(), "attachment too_large 1"),
    ];
    for (name, content_type, bytes, count) in cases {
        let send = |rule, left| {
            let envelope = through(boundary().attachments(rule), items::attachment(name, *content_type, *bytes).into());
            assert_eq!(envelope.is_some(), left, "{name} {content_type:?} {rule:?}");
        };
        let counts = dropped(|| send(Attachments::Scrub, count.is_empty()));
        assert_eq!(counts.join(""), *count, "{name} {content_type:?}");
        assert!(dropped(|| send(Attachments::Keep, true)).is_empty());
        assert_eq!(dropped(|| send(Attachments::Drop, false)), ["attachment rule 1"]);
    }
}

/// A writer for a thread that is not this one, which tells of each line.
#[derive(Clone)]
struct Lines(Sender<String>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let _ = self.0.send(String::from_utf8_lossy(bytes).into_owned());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[test]
fn a_drop_is_logged_once_for_each_reason() {
    let (lines, logged) = mpsc::channel();
    let subscriber = tracing_subscriber::fmt().with_writer(Lines(lines)).with_ansi(false).finish();
    tracing::subscriber::with_default(subscriber, || {
        let transport = Scrubbing::new(TestTransport::new(), boundary());
        for _ in 0..3 {
            transport.send_envelope(EnvelopeItem::Raw.into());
            transport.send_envelope(items::attachment("a.png", None, "a").into());
        }
        // The subscriber goes with the last thread that logs to it.
    });
    let mut logged: Vec<_> = logged.iter().collect();
    logged.sort_by_key(|line| line.contains("unknown"));
    let [attachment, unknown] = &logged[..] else { panic!("{logged:?}") };
    assert!(attachment.contains("WARN tower_telemetry: not sent to Sentry"), "{attachment}");
    assert!(attachment.contains(r#"category="attachment" reason="not_text""#), "{attachment}");
    assert!(unknown.contains(r#"category="unknown" reason="unknown""#), "{unknown}");
}

/// Takes note of the calls, and of its options.
#[derive(Default)]
struct Noting {
    calls: Mutex<Vec<String>>,
    options: Mutex<Option<TransportOptions>>,
    sent: Mutex<Vec<Envelope>>,
}

struct NotingFactory(Arc<Noting>);

impl Transport for Noting {
    fn send_envelope(&self, envelope: Envelope) {
        self.calls.lock().expect("no panic").push("send".into());
        self.sent.lock().expect("no panic").push(envelope);
    }

    fn flush(&self, timeout: Duration) -> bool {
        self.calls.lock().expect("no panic").push(format!("flush {timeout:?}"));
        false
    }

    fn shutdown(&self, timeout: Duration) -> bool {
        self.calls.lock().expect("no panic").push(format!("shutdown {timeout:?}"));
        true
    }
}

impl TransportFactory for NotingFactory {
    fn create_transport_with_options(&self, options: TransportOptions) -> Arc<dyn Transport> {
        *self.0.options.lock().expect("no panic") = Some(options);
        self.0.clone()
    }
}

#[test]
fn a_client_of_ones_own_is_scrubbed_too() {
    let noting = Arc::new(Noting::default());
    let options = ClientOptions::new()
        .dsn("https://public@sentry.example/1")
        .traces_sample_rate(1.0)
        .transport_channel_capacity(77)
        .transport(ScrubbingFactory::new(Arc::new(NotingFactory(noting.clone())), boundary()));
    let client = Arc::new(Client::with_options(options));
    let hub = Arc::new(Hub::new(Some(client.clone()), Arc::default()));
    Hub::run(hub.clone(), || {
        hub.configure_scope(|scope| scope.set_extra("password", SECRET.into()));
        sentry::capture_message("hello", Level::Error);
        let context = sentry::TransactionContext::new("GET /", "http.server");
        let transaction = sentry::start_transaction(context);
        transaction.set_data("password", SECRET.into());
        transaction.finish();
    });

    // What the transport reports as lost goes out with the next envelope.
    let options = noting.options.lock().expect("no panic");
    let options = options.as_ref().expect("it was made");
    assert_eq!(options.transport_channel_capacity.map(usize::from), Some(77));
    let lost: Envelope = Event::new().into();
    options.client_report_recorder.record_lost_data(&lost, Reason::NetworkError);
    hub.capture_message("hello again", Level::Error);
    assert!(!client.flush(Some(Duration::from_millis(3))));
    assert!(client.close(Some(Duration::from_millis(4))));

    assert_eq!(*noting.calls.lock().expect("no panic"), ["send", "send", "send", "flush 3ms", "shutdown 4ms"]);
    let sent = noting.sent.lock().expect("no panic");
    let sent: String = sent.iter().map(wire).collect();
    assert!(!sent.contains(SECRET), "{sent}");
    assert_eq!(sent.matches(r#""password":"[Filtered]""#).count(), 4, "{sent}");
    assert!(sent.contains(r#""public_key":"public""#) && sent.contains(r#""type":"client_report""#), "{sent}");
    assert!(sent.contains("network_error"), "{sent}");
}
