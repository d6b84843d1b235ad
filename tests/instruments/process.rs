//! What is read when somebody asks.

use std::time::Duration;

use tower_telemetry_metrics::process::{Collect, Collectors, Disk, Process, Runtime};

use super::fixtures::{Page, Recorder, Told};

fn gauge(page: &Page, name: &str) -> f64 {
    match page.get(name) {
        Some(Told::Gauge(value)) => *value,
        other => unreachable!("{name} is {other:?} in {page:?}"),
    }
}

#[test]
fn the_process_tells_of_itself() {
    let recorder = Recorder::new();
    recorder.record(|| Process::new().collect());
    let page = recorder.page();
    for name in [
        "process_open_fds",
        "process_max_fds",
        "process_resident_memory_bytes",
        "process_virtual_memory_bytes",
        "process_start_time_seconds",
        "process_threads",
    ] {
        assert!(gauge(&page, name) > 0.0, "{name}");
    }
}

#[test]
fn a_disk_tells_its_space() {
    let recorder = Recorder::new();
    recorder.record(|| {
        Disk::working_directory().collect();
        Disk::new("nowhere", "/no/such/directory").collect();
    });
    let page = recorder.page();
    let state = |state: &str| {
        let labels = format!(r#"directory="working_directory",system_filesystem_state="{state}""#);
        gauge(&page, &format!("system_filesystem_usage_bytes{{{labels}}}"))
    };
    let limit = gauge(&page, r#"system_filesystem_limit_bytes{directory="working_directory"}"#);
    assert_eq!(page.len(), 4);
    assert!(state("free") > 0.0 && state("used") > 0.0);
    assert!((state("free") + state("used") + state("reserved") - limit).abs() < 4096.0, "{page:?}");
}

#[test]
fn a_runtime_tells_its_workers_and_how_busy_they_are() {
    assert!(Runtime::current().is_err());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("a runtime");
    let collector = Runtime::of(runtime.handle());
    let recorder = Recorder::new();
    let (release, released) = tokio::sync::oneshot::channel::<()>();
    let waits = runtime.spawn(released);
    recorder.record(|| collector.collect());
    let page = recorder.page();
    assert!((gauge(&page, "tokio_workers") - 2.0).abs() < f64::EPSILON);
    assert!((gauge(&page, "tokio_alive_tasks") - 1.0).abs() < f64::EPSILON);
    assert!(gauge(&page, "tokio_global_queue_depth") >= 0.0);

    release.send(()).expect("it is waited for");
    runtime.block_on(waits).expect("no panic").expect("it is released");
    // A worker that is busy tells so when it is done.
    runtime.block_on(runtime.spawn(async { std::thread::sleep(Duration::from_millis(20)) })).expect("no panic");
    let busy = std::iter::repeat_with(|| {
        recorder.record(|| collector.collect());
        gauge(&recorder.page(), "tokio_busy_ratio")
    });
    assert!(busy.take(100_000).any(|ratio| ratio > 0.0 && ratio <= 1.0));
    assert!(runtime.block_on(async { Runtime::current() }).is_ok());
}

#[test]
fn collectors_collect_in_their_order_for_the_recorder_that_is_there() {
    let collectors = Collectors::new()
        .with(|| metrics::describe_gauge!("open_files", "Files."))
        .with(|| metrics::gauge!("open_files").set(1.0))
        .with(|| metrics::gauge!("open_files").increment(1.0));
    for _ in ["one", "another"] {
        let recorder = Recorder::new();
        recorder.record(|| collectors.clone().collect());
        assert_eq!(recorder.page()["open_files"], Told::Gauge(2.0));
    }
}
