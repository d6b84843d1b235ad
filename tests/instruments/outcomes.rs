//! How work ends, and that it is told once.

use std::{
    convert::Infallible,
    future::{pending, poll_fn},
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::Poll,
    time::{Duration, Instant},
};

use tower_telemetry_metrics::instrument::{Database, Ended, Instrument, Own};

use super::fixtures::{Recorder, Told, counts, now, poll_once};

const OK: &str = r#"work_duration_seconds{part="a"}"#;

type Work = Instrument<Own<1>>;

fn work() -> Work {
    Instrument::own("work", &["part"])
}

fn error(error_type: &str) -> String {
    format!(r#"work_duration_seconds{{error_type="{error_type}",part="a"}}"#)
}

fn boom() -> Result<(), io::Error> {
    panic!("boom")
}

#[test]
fn each_end_is_told_once() {
    type Case = (&'static str, fn(&Work), String);
    let cases: [Case; 17] = [
        ("ok", |work| drop(now(work.observe(["a"], async { Ok::<_, io::Error>(1) }))), OK.into()),
        (
            "an error, by its type",
            |work| drop(now(work.observe(["a"], async { Err::<(), _>(io::Error::other("x")) }))),
            error("std::io::error::Error"),
        ),
        (
            "a type's parameters are left out",
            |work| drop(now(work.observe(["a"], async { Err::<(), Vec<u8>>(Vec::new()) }))),
            error("alloc::vec::Vec"),
        ),
        (
            "an error, by a closure",
            |work| {
                let ends = |result: &Result<(), io::Error>, _: &mut _| Ended::by(result, |_| "timeout");
                drop(now(work.observe_with(["a"], async { Err(io::Error::other("x")) }, ends)));
            },
            error("timeout"),
        ),
        (
            "an output that is no result",
            |work| {
                let ends = |n: &u32, _: &mut _| if *n > 5 { Ended::Error("many") } else { Ended::Ok };
                assert_eq!(now(work.observe_with(["a"], async { 7 }, ends)), 7);
            },
            error("many"),
        ),
        ("what cannot fail", |work| now(work.observe_infallible(["a"], async {})), OK.into()),
        (
            "given up",
            |work| assert!(poll_once(pin!(work.observe_infallible(["a"], pending::<()>()))).is_pending()),
            error("cancelled"),
        ),
        (
            "a panic",
            |work| drop(catch_unwind(AssertUnwindSafe(|| now(work.observe(["a"], async { boom() }))))),
            error("panic"),
        ),
        (
            "given up while another panics",
            |work| {
                drop(catch_unwind(AssertUnwindSafe(|| {
                    let mut waits = pin!(work.observe_infallible(["a"], pending::<()>()));
                    assert!(poll_once(waits.as_mut()).is_pending());
                    boom()
                })));
            },
            error("cancelled"),
        ),
        ("a closure", |work| work.run(["a"], || Ok::<_, Infallible>(())).expect("it cannot fail"), OK.into()),
        (
            "a closure's error",
            |work| drop(work.run(["a"], || Err::<(), _>(io::Error::other("x")))),
            error("std::io::error::Error"),
        ),
        ("a closure's panic", |work| drop(catch_unwind(AssertUnwindSafe(|| work.run(["a"], boom)))), error("panic")),
        ("a guard that is ok", |work| work.start(["a"]).ok(), OK.into()),
        ("a guard's error", |work| work.start(["a"]).error("refused"), error("refused")),
        ("a guard's end", |work| work.start(["a"]).end(Ended::Error("refused")), error("refused")),
        ("a guard that is dropped", |work| drop(work.start(["a"])), error("cancelled")),
        (
            "a guard in a panic",
            |work| {
                drop(catch_unwind(AssertUnwindSafe(|| {
                    let _guard = work.start(["a"]);
                    boom()
                })));
            },
            error("panic"),
        ),
    ];
    for (name, run, expected) in cases {
        let recorder = Recorder::new();
        let work = work();
        recorder.record(|| run(&work));
        assert_eq!(counts(&recorder.page()), [(expected.as_str(), 1)], "{name}");
    }
}

#[test]
fn a_future_that_is_never_polled_did_nothing() {
    let recorder = Recorder::new();
    let work = work();
    recorder.record(|| drop(work.observe_infallible(["a"], pending::<()>())));
    assert!(recorder.page().is_empty());
}

#[test]
fn the_output_comes_through_and_the_labels_may_be_borrowed() {
    let work = Instrument::<Database>::new();
    let system = "sqlite";
    let found: Result<u32, io::Error> = now(async {
        let table = String::from("orders");
        let labels = Database::new(system).collection(tower_telemetry_metrics::instrument::Label::text(&table));
        work.observe(labels, async { Ok(7) }).await
    });
    assert_eq!(found.expect("it is found"), 7);
}

#[test]
fn a_future_of_static_labels_may_be_spawned() {
    static WORK: Work = Instrument::own("spawned_work", &["part"]);

    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().expect("a runtime");
    let task = runtime.spawn(WORK.observe(["a"], async { Ok::<_, io::Error>(7) }));
    assert_eq!(runtime.block_on(task).expect("no panic").expect("it is ok"), 7);
}

#[test]
fn time_runs_from_the_first_poll_to_the_end() {
    const POLL: Duration = Duration::from_millis(3);
    let recorder = Recorder::new();
    let work = work();
    let most = recorder.record(|| {
        let mut polls = 0;
        let mut waits = pin!(work.observe_infallible(
            ["a"],
            poll_fn(|_| {
                polls += 1;
                spin(POLL);
                if polls == 2 { Poll::Ready(()) } else { Poll::Pending }
            })
        ));
        spin(POLL);
        let before = Instant::now();
        while poll_once(waits.as_mut()).is_pending() {}
        before.elapsed()
    });
    let Told::Histogram(durations) = &recorder.page()[OK] else { unreachable!("it is a histogram") };
    let [seconds] = durations[..] else { unreachable!("it is told once") };
    assert!(seconds >= 2.0 * POLL.as_secs_f64() && seconds <= most.as_secs_f64(), "{seconds}");
}

/// However long it was, it was at least so long.
fn spin(time: Duration) {
    let began = Instant::now();
    while began.elapsed() < time {
        std::hint::spin_loop();
    }
}

#[test]
fn slow_work_is_counted_however_it_ended() {
    let recorder = Recorder::new();
    let work = work().slow_after(Duration::ZERO);
    recorder.record(|| {
        work.start(["a"]).ok();
        work.start(["a"]).error("timeout");
        drop(work.start(["a"]));
    });
    assert_eq!(recorder.page()[r#"work_slow_total{part="a"}"#], Told::Counter(3));

    let never = Recorder::new();
    let work = self::work().slow_after(Duration::MAX);
    never.record(|| work.record(["a"], Duration::from_secs(1_000_000), Ended::Ok));
    assert_eq!(never.names(), [OK]);
}

#[test]
fn what_is_running_is_counted_if_that_is_asked_for() {
    let recorder = Recorder::new();
    let work = work().count_active();
    recorder.record(|| {
        let active = || recorder.page()[r#"work_active{part="a"}"#].clone();
        let mut waits = Box::pin(work.observe_infallible(["a"], pending::<()>()));
        assert!(poll_once(waits.as_mut()).is_pending());
        assert_eq!(active(), Told::Gauge(1.0));
        drop(waits);
        assert_eq!(active(), Told::Gauge(-1.0));
    });
}
