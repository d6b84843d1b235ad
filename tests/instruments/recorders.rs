//! Which recorder is told: the one that is there when the work ends, however late it came, and from whichever thread.

use std::{sync::Barrier, thread, time::Duration};

use metrics_exporter_prometheus::PrometheusBuilder;
use metrics_util::MetricKindMask;
use tower_telemetry_metrics::instrument::{Ended, Instrument, Own};

use super::fixtures::{Recorder, counts};

const NAME: &str = r#"work_duration_seconds{part="a"}"#;

fn work() -> Instrument<Own<1>> {
    Instrument::own("work", &["part"])
}

fn once(work: &Instrument<Own<1>>) {
    work.record(["a"], Duration::from_millis(1), Ended::Ok);
}

#[test]
fn a_late_recorder_and_a_second_one_are_found() {
    let work = work();
    // Nobody listens yet.
    once(&work);
    let (first, second) = (Recorder::new(), Recorder::new());
    first.record(|| {
        once(&work);
        once(&work);
    });
    second.record(|| once(&work));
    once(&work);
    first.record(|| once(&work));
    assert_eq!(counts(&first.page()), [(NAME, 3)]);
    assert_eq!(counts(&second.page()), [(NAME, 1)]);
}

#[test]
fn instruments_of_one_name_share_its_series() {
    let recorder = Recorder::new();
    recorder.record(|| (0..3).for_each(|_| once(&work())));
    assert_eq!(counts(&recorder.page()), [(NAME, 3)]);
}

#[test]
fn the_recorder_at_the_end_is_told() {
    let work = work();
    let (first, second) = (Recorder::new(), Recorder::new());
    let running = first.record(|| work.start(["a"]));
    second.record(|| running.ok());
    assert!(first.page().is_empty());
    assert_eq!(counts(&second.page()), [(NAME, 1)]);
}

#[test]
fn nothing_is_lost_to_an_idle_timeout() {
    let idle = Duration::from_secs(1);
    let recorder = PrometheusBuilder::new().idle_timeout(MetricKindMask::ALL, Some(idle)).build_recorder();
    let page = recorder.handle();
    let work = work();
    metrics::with_local_recorder(&recorder, || {
        for _ in 0..2 {
            once(&work);
            assert!(page.render().contains(r#"work_duration_seconds_count{part="a"} 1"#), "{}", page.render());
            // No signal comes of it: time itself takes the series away.
            thread::sleep(idle + Duration::from_millis(200));
            assert!(!page.render().contains("work_duration_seconds_count"), "{}", page.render());
        }
    });
}

#[test]
fn two_threads_tell_the_same_series() {
    const EACH: usize = 10_000;
    let work = work();
    let recorder = PrometheusBuilder::new().build_recorder();
    let start = Barrier::new(2);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                metrics::with_local_recorder(&recorder, || {
                    start.wait();
                    (0..EACH).for_each(|_| once(&work));
                });
            });
        }
    });
    let page = recorder.handle().render();
    assert!(page.contains(&format!(r#"work_duration_seconds_count{{part="a"}} {}"#, 2 * EACH)), "{page}");
}
