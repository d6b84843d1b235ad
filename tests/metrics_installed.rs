//! The process's recorder: it comes late, and it forgets what is idle. Its own process, because it is there to stay.

use std::{
    pin::pin,
    task::Poll,
    thread,
    time::{Duration, Instant},
};

use axum::response::Response;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use metrics_util::MetricKindMask;
use tests::app::{app, poll_once, request, run};
use tower::ServiceExt;
use tower_telemetry_metrics::Metrics;

const IDLE: Duration = Duration::from_millis(1500);

#[test]
fn no_update_is_lost_to_a_late_recorder_or_to_its_idle_timeout() {
    let app = app(Metrics::new().recheck_after(Duration::from_secs(1)));
    let once = || run(app.clone(), request("GET", "/users/7"));
    let head = || -> Response {
        match poll_once(pin!(app.clone().oneshot(request("GET", "/users/7")))) {
            Poll::Ready(Ok(response)) => response,
            Poll::Pending => unreachable!("the app answers at once"),
        }
    };
    // Nobody listens yet, but these two are still there when somebody does.
    once();
    let (first, second) = (head(), head());

    let builder = PrometheusBuilder::new().idle_timeout(MetricKindMask::ALL, Some(IDLE));
    let recorder = builder.install_recorder().expect("there is none yet");
    for _ in 0..100 {
        once();
    }
    drop(first);
    assert_eq!(count(&recorder), Some(101.0));
    // The first who meet it let another thread look whether it is there to stay.
    let deadline = Instant::now() + Duration::from_secs(20);
    while active(&recorder) != Some(1.0) {
        assert!(Instant::now() < deadline, "it is {:?}", active(&recorder));
        once();
    }

    // What is used goes on; what is not is forgotten, though one exchange is still in flight.
    let third = head();
    assert_eq!(active(&recorder), Some(2.0));
    thread::sleep(IDLE + Duration::from_millis(100));
    assert_eq!((count(&recorder), active(&recorder)), (None, None));

    // From here on it counts anew, and knows what is in flight.
    once();
    assert_eq!((count(&recorder), active(&recorder)), (Some(1.0), Some(2.0)));
    drop(second);
    once();
    assert_eq!((count(&recorder), active(&recorder)), (Some(3.0), Some(1.0)));
    drop(third);
    assert_eq!((count(&recorder), active(&recorder)), (Some(4.0), Some(0.0)));

    // A local one is told meanwhile, and the process's goes on.
    let local = PrometheusBuilder::new().build_recorder();
    metrics::with_local_recorder(&local, once);
    once();
    assert_eq!((count(&local.handle()), count(&recorder)), (Some(1.0), Some(5.0)));
    // In flight where it began.
    let fourth = metrics::with_local_recorder(&local, head);
    let fifth = head();
    assert_eq!((active(&local.handle()), active(&recorder)), (Some(1.0), Some(1.0)));
    metrics::with_local_recorder(&local, || drop(fifth));
    drop(fourth);
    assert_eq!((active(&local.handle()), active(&recorder)), (Some(0.0), Some(0.0)));

    // With a use now and then, nothing is forgotten. Those that nobody took whole are a series of their own, which is.
    let whole = |recorder| value(recorder, "http_server_request_duration_seconds_count{", "error_type");
    let before = whole(&recorder).expect("it is there");
    for n in 1..=8 {
        once();
        assert_eq!(whole(&recorder), Some(before + f64::from(n)));
        thread::sleep(IDLE / 4);
    }
}

fn count(recorder: &PrometheusHandle) -> Option<f64> {
    value(recorder, "http_server_request_duration_seconds_count{", "no label")
}

fn active(recorder: &PrometheusHandle) -> Option<f64> {
    value(recorder, "http_server_active_requests{", "no label")
}

/// The sum of the series without that label, if there are any.
fn value(recorder: &PrometheusHandle, name: &str, without: &str) -> Option<f64> {
    let page = recorder.render();
    let values = page
        .lines()
        .filter(|line| line.starts_with(name) && !line.contains(without))
        .filter_map(|line| line.rsplit(' ').next());
    values.map(|value| value.parse::<f64>().expect("a number")).reduce(|a, b| a + b)
}
