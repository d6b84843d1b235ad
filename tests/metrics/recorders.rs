//! Which recorder is told: the one that is there, however late it came.

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
fn layers_of_their_own_add_to_the_same_series() {
    let recorder = Recorder::new();
    for _ in 0..3 {
        recorder.record(|| run(app(Metrics::new()), request("GET", "/users/7")));
    }
    let told = recorder.told();
    assert_eq!((told.durations.len(), told.count(), recorder.active().len()), (1, 3, 1));
}
