//! The lines that stand in for Sentry where there is none.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
    time::Duration,
};

use sentry::{
    Client, ClientOptions, Hub, TransactionContext,
    protocol::{Attachment, Envelope, EnvelopeItem, Level},
};
use tower_telemetry::console::{Console, DSN};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What is printed of what `send` does.
fn printed(send: impl FnOnce(&Hub, &Client)) -> Vec<String> {
    let lines = Lines::default();
    let options = ClientOptions::new().dsn(DSN).traces_sample_rate(1.0).transport(Console::to(lines.clone()));
    let client = Arc::new(Client::with_options(options));
    send(&Hub::new(Some(client.clone()), Arc::default()), &client);
    assert!(client.flush(Some(Duration::from_secs(20))));
    let bytes = lines.0.lock().expect("no panic").clone();
    String::from_utf8(bytes).expect("text").lines().map(str::to_owned).collect()
}

#[test]
fn an_item_is_a_line() {
    let lines = printed(|hub, client| {
        hub.capture_message("low on stock", Level::Warning);
        let transaction = hub.start_transaction(TransactionContext::new("GET /users/{id}", "http.server"));
        transaction.start_child("db", "select").finish();
        transaction.finish();
        let mut envelope = Envelope::new();
        let buffer = vec![0; 10];
        envelope.add_item(EnvelopeItem::Attachment(Attachment {
            buffer,
            filename: "a.bin".into(),
            ..Default::default()
        }));
        client.send_envelope(envelope);
    });
    let [message, transaction, attachment] = &lines[..] else { panic!("{lines:?}") };
    assert!(message.starts_with("[sentry] event warning low on stock, trace "), "{message}");
    assert!(transaction.starts_with("[sentry] transaction GET /users/{id}, "), "{transaction}");
    assert!(transaction.contains(" ms, spans 1, trace "), "{transaction}");
    assert_eq!(attachment, "[sentry] attachment a.bin 10 B");
}

#[test]
fn hostile_text_stays_on_its_line() {
    let message = format!("one\ntwo\r\x1b[31mred{}", "x".repeat(10_000));
    let lines = printed(|hub, _| _ = hub.capture_message(&message, Level::Error));
    let [line] = &lines[..] else { panic!("{lines:?}") };
    assert!(line.len() < 400 && line.contains("one two  [31mred") && line.contains('…'), "{line}");
}

#[test]
fn a_terminal_that_is_gone_harms_nobody() {
    struct Gone;
    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
    }
    let options = ClientOptions::new().dsn(DSN).transport(Console::to(Gone));
    let client = Arc::new(Client::with_options(options));
    let hub = Hub::new(Some(client.clone()), Arc::default());
    for _ in 0..5000 {
        hub.capture_message("lost", Level::Info);
    }
    client.close(Some(Duration::from_secs(20)));
}
