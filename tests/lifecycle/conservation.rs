//! Whatever hosts and services do to each other: what began has ended, once, and as what it was.

use std::collections::BTreeMap;

use http::{Method, Request};
use http_body::Body;
use tests::probe::{Ending, Probe, Stage};
use tower::Layer;
use tower_telemetry_core::ObserveLayer;

use super::{
    fixtures::{ALL, response},
    host::{Host, Served},
    script::{Answer, ScriptedBody, ScriptedService, Step},
};

const EXCHANGES: usize = 6_000;

/// A linear congruential generator: the same cases in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        // Knuth's constants for MMIX; the high bits are the random ones.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits fit") % end
    }

    fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn pick<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())].clone()
    }
}

/// What the host is told of a response beforehand.
struct Told {
    bodiless: bool,
    declared: Option<u64>,
}

fn host(random: &mut Random) -> Host {
    let often = |random: &mut Random| if random.one_in(2) { ALL } else { random.below(6) };
    Host { polls: often(random), body_polls: often(random), shields: random.one_in(2) }
}

fn service(random: &mut Random, method: &Method) -> (ScriptedService, Told) {
    // Two drops that panic in one unwinding would abort the process, with or without a layer.
    let panicking_drop = random.below(20);
    let status = random.pick(&[200, 200, 200, 204, 304, 404, 500, 101]);
    let mut told = Told { bodiless: *method == Method::HEAD || [101, 204, 304].contains(&status), declared: None };
    let answer = match random.below(10) {
        0 => Answer::Error,
        1 => Answer::Panic,
        _ => {
            let body = body(random, panicking_drop == 0);
            told.declared = body.size_hint().exact();
            Answer::Response(Box::new(response(status, &[], body)))
        }
    };
    let service = ScriptedService {
        call_panics: random.one_in(25),
        pending: random.below(4),
        drop_panics: panicking_drop == 1,
        ..ScriptedService::new(answer)
    };
    (service, told)
}

fn body(random: &mut Random, panics_in_drop: bool) -> ScriptedBody {
    let mut steps = Vec::new();
    for _ in 0..random.below(5) {
        if random.one_in(4) {
            steps.push(Step::Pending);
        }
        steps.push(Step::Data(random.pick(&["one", "three", ""])));
    }
    match random.below(8) {
        0 => steps.push(Step::Trailers(&[("checksum", "1")])),
        1 => steps.push(Step::Error),
        2 => steps.push(Step::Panic),
        _ => {}
    }
    let body = ScriptedBody::new(&steps);
    let body = if random.one_in(3) { body.sized() } else { body };
    let body = if random.one_in(3) { body.knowing_its_end() } else { body };
    if panics_in_drop { body.panicking_in_drop() } else { body }
}

/// How an exchange ended, from what its host got of it.
fn ending(served: &Served, told: &Told) -> Ending {
    if served.panic.is_some() {
        Ending::Panicked
    } else if served.error {
        Ending::Failed
    } else if served.over || served.head && (told.bodiless || told.declared == Some(served.bytes)) {
        Ending::Completed
    } else {
        Ending::Cancelled
    }
}

#[test]
fn all_that_began_has_ended_as_what_it_was() {
    let mut random = Random(20_240_229);
    let probe = Probe::new();
    let (mut started, mut ended) = (0, BTreeMap::new());
    for round in 0..EXCHANGES {
        let method = random.pick(&[Method::GET, Method::GET, Method::GET, Method::HEAD]);
        let host = host(&mut random);
        let (service, told) = service(&mut random, &method);
        let request = Request::builder().method(method).body(()).expect("a request");
        let layer = ObserveLayer::new((probe.clone(), ()));
        let served = host.serve(layer.layer(service), request);

        let outcome = probe.log().only_end();
        assert_eq!(
            outcome.end,
            ending(&served, &told),
            "round {round}: {host:?}, {served:?}, {:?}",
            probe.log().lines()
        );
        assert_eq!(outcome.response_bytes, served.bytes, "round {round}");
        assert_eq!(outcome.status.is_some(), served.head, "round {round}");
        started += probe.log().count(Stage::Begin);
        *ended.entry(outcome.end).or_insert(0) += 1;
        probe.log().clear();
    }
    assert_eq!(started, EXCHANGES);
    assert_eq!(ended.values().sum::<usize>(), EXCHANGES);
    let kinds: Vec<_> = ended.keys().copied().collect();
    assert_eq!(kinds, [Ending::Completed, Ending::Failed, Ending::Cancelled, Ending::Panicked], "all are met");
    assert!(ended.values().all(|count| *count > EXCHANGES / 50), "and often: {ended:?}");
}
