//! What callers invent is bounded in number and in length, and scrubbed.

use std::{thread, time::Duration};

use tower_telemetry_metrics::instrument::{Ended, Events, Instrument, Label, Own};
use tower_telemetry_scrub::{Pattern, Scrub};

use super::fixtures::{Recorder, Told, counts};

fn work() -> Instrument<Own<2>> {
    Instrument::own("work", &["part", "tenant"])
}

fn once(work: &Instrument<Own<2>>, tenant: &str) {
    work.record([Label::from("a"), Label::text(tenant)], Duration::from_millis(1), Ended::Ok);
}

#[test]
fn a_hundred_thousand_texts_make_as_many_series_as_there_may_be() {
    const TEXTS: usize = 100_000;
    let recorder = Recorder::new();
    let work = work();
    recorder.record(|| {
        (0..TEXTS).for_each(|n| once(&work, &format!("{n} {}", "x".repeat(n % 1000))));
        // Those that were first are still themselves.
        once(&work, "0 ");
    });
    let page = recorder.page();
    let durations = counts(&page);
    let overflow = r#"work_duration_seconds{part="a",tenant="overflow"}"#;
    assert_eq!(durations.len(), 1001);
    assert!(durations.contains(&(overflow, TEXTS - 1000)));
    assert!(durations.contains(&(r#"work_duration_seconds{part="a",tenant="0 "}"#, 2)));
    assert!(page.keys().all(|name| name.len() < 120), "{page:?}");
    let lost = page[r#"telemetry_metric_overflow_total{metric="work_duration_seconds"}"#].clone();
    assert_eq!(lost, Told::Counter(TEXTS as u64 - 1000));
}

#[test]
fn the_bound_is_all_threads_together() {
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let work = work().max_series(10);
    thread::scope(|scope| {
        for thread in 0..4 {
            let (work, recorder) = (&work, &recorder);
            scope.spawn(move || {
                metrics::with_local_recorder(recorder, || {
                    (0..100).for_each(|n| once(work, &format!("{thread} {n}")));
                });
            });
        }
    });
    let page = recorder.handle().render();
    assert_eq!(page.matches("work_duration_seconds_count{").count(), 11, "{page}");
}

#[test]
fn constants_are_never_overflow() {
    let recorder = Recorder::new();
    let events = Events::own("events", &["name"]).max_series(0);
    recorder.record(|| {
        events.happened(["known"]);
        events.happened([Label::text("unknown")]);
    });
    let page = recorder.page();
    assert_eq!(page[r#"events_total{name="known"}"#], Told::Counter(1));
    assert_eq!(page[r#"events_total{name="overflow"}"#], Told::Counter(1));
    assert_eq!(page[r#"telemetry_metric_overflow_total{metric="events_total"}"#], Told::Counter(1));
}

#[test]
fn texts_are_cut_between_characters_and_scrubbed() {
    let cases = [
        ("ada@example.com", "[email]"),
        ("model ada@example.com", "model [email]"),
        ("gpt-4o-2024-08-06", "gpt-4o-2024-08-06"),
        (&"é".repeat(100), &"é".repeat(32)),
        (&format!("x{}", "é".repeat(100)), &format!("x{}", "é".repeat(31))),
    ];
    for (text, expected) in cases {
        let recorder = Recorder::new();
        recorder.record(|| once(&work(), text));
        assert_eq!(recorder.names(), [format!(r#"work_duration_seconds{{part="a",tenant="{expected}"}}"#)]);
    }
    let empty = Recorder::new();
    empty.record(|| once(&work(), ""));
    assert_eq!(empty.names(), [r#"work_duration_seconds{part="a"}"#]);
}

#[test]
fn the_rules_may_be_ones_own() {
    let scrubber = Scrub::standard().pattern(Pattern::new(r"\bEMP-\d+\b")).build().expect("good rules");
    let recorder = Recorder::new();
    let work = work().scrubber(scrubber);
    recorder.record(|| once(&work, "EMP-123456"));
    assert_eq!(recorder.names(), [r#"work_duration_seconds{part="a",tenant="[Filtered]"}"#]);
}
