//! Whatever runs of what is inside runs inside the exchange: a span or a hub is the current one there.

use http::Request;
use tests::probe::{Probe, entered};
use tower::Layer;

use super::{
    host::Host,
    script::{Answer, ScriptedBody, ScriptedService, Sites, Step},
};

const STEPS: &[Step] = &[Step::Data("one"), Step::Pending, Step::Data("two")];

fn responding(sites: &Sites, steps: &[Step]) -> ScriptedService {
    let body = ScriptedBody::new(steps).noting(sites);
    ScriptedService { sites: sites.clone(), pending: 1, ..ScriptedService::responding(body) }
}

#[test]
fn inner_code_runs_inside_the_exchange() {
    let polled = ["call", "future poll", "future poll", "future drop"];
    let host = Host::PATIENT;
    let cases: [(&str, &[Step], Host, &[&str]); 8] = [
        ("to the end", STEPS, host, &["body poll", "body poll", "body poll", "body poll", "body drop"]),
        ("to the trailers", &[Step::Trailers(&[])], host, &["body poll", "body drop"]),
        ("to an error", &[Step::Error], host, &["body poll", "body drop"]),
        ("to a panic", &[Step::Panic], host, &["body poll", "body drop"]),
        ("to a shielded panic", &[Step::Panic], Host { shields: true, ..host }, &["body poll", "body drop"]),
        ("left midway", STEPS, Host { body_polls: 1, ..host }, &["body poll", "body drop"]),
        ("left waiting", STEPS, Host { body_polls: 2, ..host }, &["body poll", "body poll", "body drop"]),
        ("left unread", STEPS, Host { body_polls: 0, ..host }, &["body drop"]),
    ];
    for (name, steps, host, of_body) in cases {
        let (probe, sites) = (Probe::new(), Sites::default());
        host.serve(probe.layer().layer(responding(&sites, steps)), Request::new(()));
        let expected: Vec<_> = polled.iter().chain(of_body).map(|place| (*place, vec!["probe"])).collect();
        assert_eq!(sites.all(), expected, "{name}");
        assert!(entered().is_empty(), "{name}: it is left behind");
        probe.log().only_end();
    }
}

#[test]
fn a_future_without_a_response_is_dropped_inside_the_exchange() {
    let host = Host::PATIENT;
    let cases = [
        ("error", Answer::Error, host, 2),
        ("panic", Answer::Panic, host, 2),
        ("shielded panic", Answer::Panic, Host { shields: true, ..host }, 2),
        ("left waiting", Answer::Error, Host { polls: 1, ..host }, 1),
        ("left unpolled", Answer::Error, Host { polls: 0, ..host }, 0),
    ];
    for (name, answer, host, polls) in cases {
        let (probe, sites) = (Probe::new(), Sites::default());
        let service = ScriptedService { sites: sites.clone(), pending: 1, ..ScriptedService::new(answer) };
        host.serve(probe.layer().layer(service), Request::new(()));
        let places = ["call"].into_iter().chain(vec!["future poll"; polls]).chain(["future drop"]);
        let expected: Vec<_> = places.map(|place| (place, vec!["probe"])).collect();
        assert_eq!(sites.all(), expected, "{name}");
        assert!(entered().is_empty(), "{name}: it is left behind");
        probe.log().only_end();
    }
}
