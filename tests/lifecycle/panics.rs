//! Panics of what is inside: they are told of, and go on. And panics of observers, which nobody else may feel.

use http::{Request, Response};
use tests::probe::{Ended, Probe, Stage};
use tower::Layer;
use tower_telemetry_core::ObserveLayer;

use super::{
    fixtures::{ALL, answered, read},
    host::Host,
    script::{Answer, ScriptedBody, ScriptedService, Step},
};

const SHIELDED: Host = Host { shields: true, ..Host::PATIENT };

#[test]
fn panics_are_told_of_and_go_on() {
    type Make = fn() -> ScriptedService;
    let cases: [(&str, Make, Host, Ended); 9] = [
        (
            "the call panics",
            || ScriptedService { call_panics: true, ..ScriptedService::new(Answer::Error) },
            Host::PATIENT,
            Ended::panicked(None, 0),
        ),
        (
            "the future panics",
            || ScriptedService { pending: 2, ..ScriptedService::new(Answer::Panic) },
            Host::PATIENT,
            Ended::panicked(None, 0),
        ),
        (
            "the body panics",
            || ScriptedService::responding(ScriptedBody::new(&[Step::Data("one"), Step::Pending, Step::Panic])),
            Host::PATIENT,
            Ended::panicked(Some(200), 3),
        ),
        (
            "the future's drop panics",
            || ScriptedService {
                drop_panics: true,
                ..ScriptedService::responding(ScriptedBody::new(&[Step::Data("one")]))
            },
            Host::PATIENT,
            Ended::panicked(None, 0),
        ),
        (
            "the future's drop panics",
            || ScriptedService { drop_panics: true, pending: 9, ..ScriptedService::new(Answer::Error) },
            Host { polls: 1, ..Host::PATIENT },
            Ended::panicked(None, 0),
        ),
        (
            "the question panics",
            || ScriptedService::responding(ScriptedBody::new(&[Step::Data("one")]).panicking_when_asked(1)),
            Host::PATIENT,
            Ended::panicked(Some(200), 0),
        ),
        (
            "the question panics",
            || {
                ScriptedService::responding(
                    ScriptedBody::new(&[Step::Data("one"), Step::Error]).panicking_when_asked(1),
                )
            },
            Host::PATIENT,
            // The frame before it never reaches the host.
            Ended::panicked(Some(200), 0),
        ),
        ("the body's drop panics", body_with_panicking_drop, Host::PATIENT, Ended::panicked(Some(200), 3)),
        (
            "the body's drop panics",
            body_with_panicking_drop,
            Host { body_polls: 0, ..Host::PATIENT },
            Ended::panicked(Some(200), 0),
        ),
    ];
    for (says, service, host, expected) in cases {
        for shields in [false, true] {
            let probe = Probe::new();
            let host = Host { shields, ..host };
            let served = host.serve(probe.layer().layer(service()), Request::new(()));
            assert_eq!(served.panic, Some(says), "{host:?}: the panic goes on");
            assert_eq!(probe.log().only_end(), expected, "{says}, {host:?}");
        }
    }
}

fn body_with_panicking_drop() -> ScriptedService {
    ScriptedService::responding(ScriptedBody::new(&[Step::Data("one")]).panicking_in_drop())
}

#[test]
fn a_panic_elsewhere_is_only_a_cancellation() {
    let probe = Probe::new();
    let service = ScriptedService { pending: 9, ..ScriptedService::new(Answer::Error) };
    let mut service = probe.layer().layer(service);
    let unwound = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _future = tower::Service::call(&mut service, Request::new(()));
        std::panic::resume_unwind(Box::new("the host panics"));
    }));
    assert!(unwound.is_err());
    assert_eq!(probe.log().only_end(), Ended::cancelled(None, 0));
}

const STAGES: [Stage; 6] = [Stage::Admits, Stage::Begin, Stage::Head, Stage::Data, Stage::Trailers, Stage::End];
const STEPS: &[Step] = &[Step::Data("one"), Step::Data("two"), Step::Trailers(&[("checksum", "6")])];

async fn whole_response(observer: impl tower_telemetry_core::Observe) -> String {
    let response = answered(observer, Request::new(()), Response::new(ScriptedBody::new(STEPS))).await;
    let status = response.status();
    let frames: Vec<_> = read(response.into_body(), ALL).await.into_iter().map(Result::unwrap).collect();
    format!("{status} {frames:?}")
}

#[tokio::test]
async fn an_observer_that_panics_does_no_harm() {
    let unobserved = whole_response(()).await;
    for stage in STAGES {
        let probe = Probe::new().panicking_in(stage);
        assert_eq!(whole_response(probe.clone()).await, unobserved, "{stage:?}");
        let begun = usize::from(stage != Stage::Admits);
        let ended = usize::from(!matches!(stage, Stage::Admits | Stage::Begin));
        assert_eq!((probe.log().count(Stage::Begin), probe.log().count(Stage::End)), (begun, ended), "{stage:?}");
    }
}

#[test]
fn an_observer_that_panics_at_a_panics_end_does_no_harm() {
    for host in [Host::PATIENT, SHIELDED] {
        let probe = Probe::new().panicking_in(Stage::End);
        let service = ScriptedService::new(Answer::Panic);
        let served = host.serve(ObserveLayer::new(probe.clone()).layer(service), Request::new(()));
        assert_eq!(served.panic, Some("the future panics"));
        assert_eq!(probe.log().only_end(), Ended::panicked(None, 0));
    }
}

#[tokio::test]
async fn an_observer_that_panics_leaves_the_others_of_its_tuple_whole() {
    let unobserved = whole_response(()).await;
    let healthy = Probe::new();
    whole_response(healthy.clone()).await;
    let whole = healthy.log().lines();
    for stage in STAGES.into_iter().filter(|stage| *stage != Stage::Admits) {
        // Each stage's panic is met from the inside and from the outside.
        let (first, sick, last) = (Probe::new(), Probe::named("sick").panicking_in(stage), Probe::new());
        assert_eq!(whole_response((first.clone(), sick, last.clone())).await, unobserved, "{stage:?}");
        for (place, probe) in [("first", first), ("last", last)] {
            assert_eq!(probe.log().only_end(), Ended::completed(200, 6), "{stage:?}, {place}");
            let lines: Vec<_> = probe
                .log()
                .lines()
                .iter()
                .map(|line| line.split(" in ").next().unwrap_or_default().to_owned())
                .collect();
            assert_eq!(lines, whole, "{stage:?}, {place}");
        }
    }
}
