//! Which recorder is told: the one that is there, however late it came.

use metrics_exporter_prometheus::PrometheusBuilder;
use tests::app::{app, request, run};
use tower_telemetry_metrics::Metrics;

use super::fixtures::Recorder;

#[test]
fn a_late_recorder_is_found() {
    let app = app(Metrics::new());
    let once = || run(app.clone(), request("GET", "/users/7"));
    // Nobody listens yet.
    once();

    let first = Recorder::new();
    first.record(once);
    first.record(once);
    assert_eq!((first.told().count(), first.active().len()), (2, 1));

    let second = Recorder::new();
    second.record(once);
    assert_eq!((second.told().count(), second.active().len()), (1, 1));

    // And the first is found again.
    once();
    first.record(once);
    assert_eq!((first.told().count(), second.told().count()), (3, 1));
}

#[test]
fn a_local_recorder_in_the_place_of_another_is_told() {
    let app = app(Metrics::new());
    let mut kept = Vec::new();
    for _ in 0..100 {
        // The same address each time, most likely; and what the one before was told is still held, so that it would take more.
        let recorder = PrometheusBuilder::new().build_recorder();
        kept.push(recorder.handle());
        metrics::with_local_recorder(&recorder, || {
            run(app.clone(), request("GET", "/users/7"));
            run(app.clone(), request("GET", "/users/8"));
        });
    }
    for handle in kept {
        let page = handle.render();
        let count = page.lines().find(|line| line.starts_with("http_server_request_duration_seconds_count"));
        assert!(count.is_some_and(|line| line.ends_with(" 2")), "{page}");
    }
}

#[test]
fn layers_of_their_own_add_to_the_same_series() {
    let recorder = Recorder::new();
    for _ in 0..3 {
        recorder.record(|| run(app(Metrics::new()), request("GET", "/users/7")));
    }
    let told = recorder.told();
    assert_eq!((told.durations.len(), told.count(), recorder.active().len()), (1, 3, 1));
}
