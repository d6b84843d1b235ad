//! The service's own output, through `tracing_subscriber::fmt`.

use std::{
    fmt,
    io::{self, Write},
};

use tower_telemetry_scrub::{Scrub, Scrubber};
use tower_telemetry_trace::{ScrubFields, ScrubLines, ScrubWriter};

use super::support::{Output, SECRET};

fn scrubber() -> Scrubber {
    Scrub::standard().build().expect("the standard rules are valid")
}

/// What `log` writes with the scrubbing formatter, and with the usual one.
fn formatted(ansi: bool, log: impl Fn()) -> (String, String) {
    let (ours, usual) = (Output::default(), Output::default());
    let subscriber = || tracing_subscriber::fmt().with_ansi(ansi).without_time();
    let scrubbing = subscriber().fmt_fields(ScrubFields::new(scrubber())).with_writer(ours.clone()).finish();
    tracing::subscriber::with_default(scrubbing, &log);
    tracing::subscriber::with_default(subscriber().with_writer(usual.clone()).finish(), &log);
    (ours.text(), usual.text())
}

#[derive(Debug)]
struct Outer(io::Error);

impl fmt::Display for Outer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("outer")
    }
}

impl std::error::Error for Outer {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

#[test]
fn fields_look_as_usual() {
    for ansi in [false, true] {
        let (ours, usual) = formatted(ansi, || {
            let span = tracing::info_span!("order", id = 7, r#type = "a \"b\"", late = tracing::field::Empty);
            let _entered = span.enter();
            span.record("late", true);
            tracing::warn!(a = %"b c", d = ?Some(1.5), "two\nlines \u{1b}[31mred");
            tracing::info!(only = "fields");
        });
        assert_eq!(ours, usual);
    }
    let (ours, usual) = formatted(false, || {
        let error = Outer(io::Error::other("inner"));
        tracing::error!(error = &error as &dyn std::error::Error, "failed");
    });
    assert_eq!(ours, usual);
}

#[test]
fn a_field_goes_by_its_name() {
    let (ours, usual) = formatted(false, || {
        let _entered = tracing::info_span!("login", password = SECRET, user = "ada").entered();
        tracing::info!(password = ?SECRET, "one");
        tracing::info!(password = %SECRET, "two");
        tracing::info!(password = 90_210_417, "three");
    });
    assert!(usual.contains(SECRET) && usual.contains("90210417"), "{usual}");
    assert!(!ours.contains(SECRET) && !ours.contains("90210417"), "{ours}");
    assert!(ours.contains(r#"password="[Filtered]" user="ada""#) && ours.contains("three"), "{ours}");
}

#[test]
fn messages_and_fields_are_searched() {
    let (ours, _) = formatted(false, || {
        tracing::info!(buyer = "ada@example.com", "login as ada@example.com");
        tracing::error!(error = &io::Error::other("ada@example.com") as &dyn std::error::Error);
    });
    assert!(!ours.contains("ada@") && ours.contains("login as [email]"), "{ours}");
}

#[test]
fn whole_lines_are_written() {
    let output = Output::default();
    let mut lines = ScrubLines::new(output.clone(), scrubber());
    for (piece, written) in [
        ("one ", ""),
        ("two\nthree", "one two\n"),
        (" four", "one two\n"),
        ("\n\nfive\nsix", "one two\nthree four\n\nfive\n"),
    ] {
        lines.write_all(piece.as_bytes()).expect("it takes all");
        lines.flush().expect("it takes all");
        assert_eq!(output.text(), written);
    }
    drop(lines);
    assert_eq!(output.text(), "one two\nthree four\n\nfive\nsix");
}

#[test]
fn a_line_without_end_is_cut() {
    let output = Output::default();
    let mut lines = ScrubLines::new(output.clone(), scrubber());
    lines.write_all(b"begin ").expect("it takes all");
    for _ in 0..1_000 {
        lines.write_all(&[b'x'; 1_000]).expect("it takes all");
    }
    assert_eq!(output.text(), "begin [cut]");
    lines.write_all(b"end\nnext\n").expect("it takes all");
    assert_eq!(output.text(), "begin [cut]\nnext\n");
}

#[test]
fn what_comes_in_pieces_is_found() {
    let output = Output::default();
    let mut lines = ScrubLines::new(output.clone(), scrubber());
    for byte in b"login as ada@example.com\npassword=hunter2" {
        lines.write_all(&[*byte]).expect("it takes all");
        lines.flush().expect("it takes all");
    }
    drop(lines);
    assert_eq!(output.text(), "login as [email]\npassword=[Filtered]");
}

#[test]
fn a_formatter_of_any_kind_is_scrubbed_by_the_writer() {
    let output = Output::default();
    let writer = ScrubWriter::new(output.clone(), scrubber());
    let subscriber = tracing_subscriber::fmt().pretty().with_writer(writer).with_ansi(false).finish();
    tracing::subscriber::with_default(subscriber, || tracing::info!(buyer = "ada@example.com", "hello"));
    let text = output.text();
    assert!(text.contains("hello") && text.contains("[email]") && !text.contains("ada@"), "{text}");
}
