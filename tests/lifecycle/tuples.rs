//! Tuples, options and the unit as observers.

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Empty;
use tests::probe::{Probe, Stage};
use tower::Layer;
use tower_telemetry_core::{Observe, ObserveLayer, RequestContext};

use super::{
    fixtures::{ALL, answered, read, ready},
    host::Host,
    script::{ScriptedBody, ScriptedService, Sites, Step},
};

const STEPS: &[Step] = &[Step::Data("one"), Step::Trailers(&[("checksum", "3")])];

async fn whole_exchange(observer: impl Observe) {
    let response = answered(observer, Request::new(()), Response::new(ScriptedBody::new(STEPS))).await;
    read(response.into_body(), ALL).await;
}

#[tokio::test]
async fn the_first_is_the_outermost() {
    let outer = Probe::named("outer");
    whole_exchange((outer.clone(), outer.beside("middle"), outer.beside("inner"))).await;
    let expected = [
        "outer admits /",
        "middle admits /",
        "inner admits /",
        "outer begin /",
        "middle begin / in outer",
        "inner begin / in outer in middle",
        "outer head 200",
        "middle head 200",
        "inner head 200",
        "outer data 3",
        "middle data 3",
        "inner data 3",
        "outer trailers checksum",
        "middle trailers checksum",
        "inner trailers checksum",
        "inner end Completed in outer in middle",
        "middle end Completed in outer",
        "outer end Completed",
    ];
    assert_eq!(outer.log().lines(), expected);
}

#[test]
fn inner_code_runs_inside_them_all() {
    let (outer, sites) = (Probe::named("outer"), Sites::default());
    let body = ScriptedBody::new(STEPS).noting(&sites);
    let service = ScriptedService { sites: sites.clone(), ..ScriptedService::responding(body) };
    let layer = ObserveLayer::new((outer.clone(), None::<Probe>, (), Some(outer.beside("inner"))));
    Host::PATIENT.serve(layer.layer(service), Request::new(()));
    let places = ["call", "future poll", "future drop", "body poll", "body poll", "body drop"];
    assert_eq!(sites.all(), places.map(|place| (place, vec!["outer", "inner"])));
}

#[tokio::test]
async fn an_option_is_its_observer_or_nothing() {
    let lines_of = async |observer: &dyn Fn(Probe) -> Option<Probe>| {
        let probe = Probe::new();
        whole_exchange(observer(probe.clone())).await;
        probe.log().lines()
    };
    let bare = Probe::new();
    whole_exchange(bare.clone()).await;
    assert_eq!(lines_of(&Some).await, bare.log().lines());
    assert_eq!(lines_of(&|_| None).await, [""; 0]);
}

#[tokio::test]
async fn tuples_of_every_size_tell_each_member_once() {
    let probe = Probe::new();
    let next = || probe.clone();
    let none = None::<Probe>;
    let log = probe.log();
    let check = |members: usize| {
        assert_eq!((log.count(Stage::Begin), log.count(Stage::End)), (members, members));
        log.clear();
    };
    whole_exchange(((), none.clone())).await;
    check(0);
    whole_exchange((next(),)).await;
    check(1);
    whole_exchange((next(), next())).await;
    check(2);
    whole_exchange((next(), (next(), ()), none)).await;
    check(2);
    whole_exchange((next(), next(), next(), next())).await;
    check(4);
    whole_exchange((next(), next(), next(), next(), next())).await;
    check(5);
    whole_exchange((next(), next(), next(), next(), next(), next())).await;
    check(6);
    whole_exchange((next(), next(), next(), next(), next(), next(), next())).await;
    check(7);
    whole_exchange((next(), next(), next(), next(), next(), next(), next(), next())).await;
    check(8);
}

#[tokio::test]
async fn one_refusal_is_that_of_all() {
    for refusing in 0..3 {
        let probe = Probe::new();
        let member = |place| if place == refusing { probe.clone().refusing() } else { probe.clone() };
        let observer = (member(0), Some(member(1)), ((), member(2)));
        let (mut service, mut handle) = ready::<_, _, Empty<Bytes>>(observer);
        let future = service.call(Request::new(()));
        let (inner, answer) = handle.next_request().await.expect("the request comes through");
        assert!(inner.extensions().get::<RequestContext>().is_none());
        answer.send_response(Response::new(Empty::new()));
        drop(future.await);
        let log = probe.log();
        assert_eq!((log.count(Stage::Begin), log.count(Stage::End)), (0, 0), "member {refusing} refuses");
    }
}
