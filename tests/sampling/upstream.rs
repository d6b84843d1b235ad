//! Whose word counts, and what of a caller's baggage does.

use std::{
    net::{IpAddr, SocketAddr},
    time::Instant,
};

use axum::extract::ConnectInfo;
use http::{HeaderValue, Method, Request};
use tonic::transport::server::TcpConnectInfo;
use tower_telemetry_core::{Decision, Observe, Parent, Reason, RequestContext, SpanId, Target, TraceContext, TraceId};
use tower_telemetry_sampling::{Budget, Question, Sampling, Upstream};
use tower_telemetry_trace::Propagation;

/// Falls to 0, and to just below 1.
const LOW: &str = "00000000000000000000000000000001";
const HIGH: &str = "000000000000000000ffffffffffffff";

/// How a host tells of its peer.
#[derive(Clone, Copy, Debug)]
enum Host {
    Axum,
    Hyper,
    Tonic,
}

/// A caller's request: what it says of sampling, in a trace with this id.
fn called(id: &str, said: Option<bool>) -> Request<()> {
    let said = said.map_or("", |said| if said { "-1" } else { "-0" });
    let trace = format!("{id}-00f067aa0ba902b7{said}");
    Request::get("/users/7").header("sentry-trace", trace).body(()).expect("a request")
}

fn from_peer(mut request: Request<()>, host: Host, peer: &str) -> Request<()> {
    let peer = SocketAddr::new(peer.parse().expect("an address"), 4711);
    let extensions = request.extensions_mut();
    match host {
        Host::Axum => drop(extensions.insert(ConnectInfo(peer))),
        Host::Hyper => drop(extensions.insert(peer)),
        Host::Tonic => drop(extensions.insert(TcpConnectInfo { local_addr: None, remote_addr: Some(peer) })),
    }
    request
}

/// As the layer decides.
fn decide(sampling: &Sampling, request: Request<()>) -> Decision {
    let (mut head, ()) = request.into_parts();
    let cx = RequestContext::of(&mut head.extensions);
    (Propagation::new(), sampling.clone()).begin(&mut head, &cx);
    *cx.decision().expect("it has been made")
}

fn trusted() -> Upstream {
    Upstream::from(["10.0.0.0/8", "192.0.2.7", "2001:db8::/32", "::1"]).expect("networks")
}

/// Checks every word at every rate, where a "yes" counts or not, and a "no" does.
#[track_caller]
fn heeds(name: &str, upstream: &Upstream, arrive: impl Fn(Request<()>) -> Request<()>, (yes, no): (bool, bool)) {
    for (said, counts) in [(Some(true), yes), (Some(false), no), (None, false)] {
        for (rate, id, by_rate) in [(0.0, LOW, false), (0.0, HIGH, false), (0.5, LOW, true), (0.5, HIGH, false)] {
            let sampling = Sampling::new().rate(rate).expect("a rate").upstream(upstream.clone());
            let expected = match said.filter(|_| counts) {
                // A caller that does not say how many it leaves out is taken to leave out none.
                Some(true) => Decision::new(true, 1.0, Reason::Caller),
                Some(false) => Decision::new(false, rate, Reason::Caller),
                None => Decision::new(by_rate, rate, Reason::Rate),
            };
            assert_eq!(decide(&sampling, arrive(called(id, said))), expected, "{name}: {said:?} at {rate} of {id}");
        }
    }
}

#[test]
fn a_callers_word_counts_as_far_as_it_is_trusted() {
    const OUTSIDE: &str = "203.0.113.9";
    let all = [(Upstream::Lower, false, true), (Upstream::Always, true, true), (Upstream::Never, false, false)];
    for host in [Host::Axum, Host::Hyper, Host::Tonic] {
        for (upstream, yes, no) in &all {
            for peer in ["10.1.2.3", OUTSIDE] {
                let name = format!("{upstream:?}, {host:?}, {peer}");
                heeds(&name, upstream, |request| from_peer(request, host, peer), (*yes, *no));
            }
        }
        for (peer, inside) in [
            ("10.0.0.0", true),
            ("10.255.255.255", true),
            ("11.0.0.0", false),
            (OUTSIDE, false),
            ("192.0.2.7", true),
            ("192.0.2.8", false),
            ("::1", true),
            ("2001:db8::9", true),
            ("2001:db9::9", false),
            // IPv4 callers of a socket for both.
            ("::ffff:10.1.2.3", true),
            ("::ffff:192.0.2.7", true),
            ("::ffff:203.0.113.9", false),
            // No IPv4 caller, though it has the same bytes at its end.
            ("::10.1.2.3", false),
        ] {
            // Anybody's "no" counts.
            heeds(&format!("{host:?}, {peer}"), &trusted(), |request| from_peer(request, host, peer), (inside, true));
        }
    }
    for (upstream, yes, no) in all.into_iter().chain([(trusted(), false, true)]) {
        heeds(&format!("{upstream:?}, no peer"), &upstream, |request| request, (yes, no));
    }
    let nobody = Upstream::from([""; 0]).expect("no network is wrong");
    heeds("no networks", &nobody, |request| from_peer(request, Host::Hyper, "10.1.2.3"), (false, true));
}

#[test]
fn what_anybody_can_send_is_no_peer() {
    for (name, value) in [
        ("x-forwarded-for", "10.1.2.3"),
        ("forwarded", "for=10.1.2.3"),
        ("x-real-ip", "10.1.2.3"),
        ("cf-connecting-ip", "10.1.2.3"),
    ] {
        let forward = |mut request: Request<()>| {
            request.headers_mut().insert(name, HeaderValue::from_static(value));
            request
        };
        heeds(name, &trusted(), forward, (false, true));
        heeds(name, &trusted(), |request| forward(from_peer(request, Host::Axum, "203.0.113.9")), (false, true));
        // And it takes no trust away.
        let (inside, outside) = ("10.1.2.3", HeaderValue::from_static("203.0.113.9"));
        let from_outside = |mut request: Request<()>| {
            request.headers_mut().insert(name, outside.clone());
            from_peer(request, Host::Axum, inside)
        };
        heeds(name, &trusted(), from_outside, (true, true));
    }
}

/// An address of IPv4, however it is written, is that address.
#[test]
fn an_address_may_be_written_as_a_mapped_one() {
    let upstream = Upstream::from(["::ffff:192.0.2.7"]).expect("an address");
    let network = Upstream::from(["::ffff:192.0.2.0/120", "::/95"]).expect("networks");
    for (peer, inside) in [("192.0.2.8", true), ("192.0.3.8", false), ("::8", true)] {
        heeds(peer, &network, |request| from_peer(request, Host::Hyper, peer), (inside, true));
    }
    for (peer, inside) in [("192.0.2.7", true), ("::ffff:192.0.2.7", true), ("192.0.2.8", false)] {
        heeds(peer, &upstream, |request| from_peer(request, Host::Hyper, peer), (inside, true));
    }
}

#[test]
fn a_network_that_is_none_is_refused_by_its_place() {
    for (networks, place, held) in [
        (&["10.0.0.0/33"][..], 1, "10.0.0.0/33"),
        (&["10.0.0.0/8", "10.0.0"], 2, "10.0.0"),
        (&["10.0.0.0/8", "::1", "localhost"], 3, "localhost"),
        (&["", "nonsense"], 1, ""),
        (&["::1/129"], 1, "::1/129"),
        (&["10.0.0.1:80"], 1, "10.0.0.1:80"),
        (&["10.0.0.0/8, ::1"], 1, "10.0.0.0/8, ::1"),
        (&["10.0.0.0/-1"], 1, "10.0.0.0/-1"),
        (&["*"], 1, "*"),
    ] {
        let error = Upstream::from(networks).expect_err("no network").to_string();
        let expected = format!(
            "trusted network {place} was given as {held:?}, but it may be a network such as 10.0.0.0/8, or an address such as ::1"
        );
        assert_eq!(error, expected);
    }
}

#[test]
fn the_callers_sample_rand_goes_before_the_trace_id() {
    let long = format!("sentry-sample_rand=0.7{}", "0".repeat(4000));
    let beyond = format!("sentry-sample_rand=0.7{}", "0".repeat(8192));
    // A baggage, and whether it decides; if it does, it falls above the rate where the id falls below, and the other way round.
    let cases: &[(&str, &str, bool)] = &[
        ("sentry-sample_rand=0.7", "sentry-sample_rand=0.3", true),
        ("sentry-sample_rand=0.5", "sentry-sample_rand=0.499999999", true),
        ("sentry-sample_rand=0.999999", "sentry-sample_rand=0", true),
        ("  sentry-sample_rand = 0.7 ", "\tsentry-sample_rand\t=\t0.3\t", true),
        ("sentry-sample_rand=0.7;ttl=60;x", "sentry-sample_rand=0.3 ; sentry-sample_rand=0.7", true),
        ("user=ada,sentry-sample_rand=0.7,sentry-sampled=true", "a=1;b=2 , sentry-sample_rand=0.3,c", true),
        ("sentry-sample_random=0.3,sentry-sample_rand=0.7", "xsentry-sample_rand=0.7,sentry-sample_rand=0.3", true),
        ("sentry-sample_rate=0.3,sentry-sample_rand=0.7", ",,sentry-sample_rand=0.3,,", true),
        ("sentry-sample_rand=7e-1", "sentry-sample_rand=3e-1", true),
        (&long, "sentry-sample_rand=1e-999", true),
        ("", "", false),
        (",", ";", false),
        ("user=ada", "sentry-sample_rate=0.3", false),
        ("sentry-sample_rand", "sentry-sample_rand=", false),
        ("sentry-sample_rand=1", "sentry-sample_rand=1.0", false),
        ("sentry-sample_rand=1.5", "sentry-sample_rand=-0.3", false),
        ("sentry-sample_rand=NaN", "sentry-sample_rand=-inf", false),
        ("sentry-sample_rand=1e308", "sentry-sample_rand=0x0", false),
        ("sentry-sample_rand=0,7", "sentry-sample_rand=0.3.0", false),
        ("sentry-sample_rand=\"0.7\"", "sentry-sample_rand=0.3 0.3", false),
        // Names are compared by case, as the W3C has it.
        ("Sentry-Sample_Rand=0.7", "SENTRY-SAMPLE_RAND=0.3", false),
        ("user=jos\u{e9},sentry-sample_rand=0.7", "sentry-sample_rand=0.3\u{a0}", false),
        // More than is read.
        (&beyond, &beyond, false),
    ];
    let half = Sampling::new().rate(0.5).expect("a rate");
    for (high, low, decides) in cases {
        for (id, baggage, by_baggage) in [(LOW, high, false), (HIGH, low, true)] {
            for said in [None, Some(true)] {
                let mut request = called(id, said);
                let value = HeaderValue::from_bytes(baggage.as_bytes()).expect("a value");
                request.headers_mut().insert("baggage", value);
                // What the id says is the contrary.
                let sampled = by_baggage == *decides;
                let expected = Decision::new(sampled, 0.5, Reason::Rate);
                let shown: String = baggage.chars().take(80).collect();
                assert_eq!(decide(&half, request), expected, "{shown:?} in a trace {id}");
            }
        }
    }
}

#[test]
fn a_trusted_callers_rate_is_the_one_that_was_applied() {
    for (baggage, rate) in [
        ("sentry-sample_rate=0.25", 0.25),
        ("sentry-sample_rand=0.9, sentry-sample_rate = 0.25;ttl=1,user=ada", 0.25),
        ("sentry-sample_rate=1", 1.0),
        ("sentry-sample_rate=0", 1.0),
        ("sentry-sample_rate=1.01", 1.0),
        ("sentry-sample_rate=-0.25", 1.0),
        ("sentry-sample_rate=NaN", 1.0),
        ("sentry-sample_rate=", 1.0),
        ("user=jos\u{e9},sentry-sample_rate=0.25", 1.0),
        ("", 1.0),
    ] {
        for (upstream, trusts) in [(Upstream::Always, true), (trusted(), true), (Upstream::Lower, false)] {
            let sampling = Sampling::new().rate(0.01).expect("a rate").upstream(upstream);
            let mut request = from_peer(called(HIGH, Some(true)), Host::Tonic, "10.1.2.3");
            request.headers_mut().insert("baggage", HeaderValue::from_bytes(baggage.as_bytes()).expect("a value"));
            let mut not = called(HIGH, Some(false));
            not.headers_mut().insert("baggage", HeaderValue::from_bytes(baggage.as_bytes()).expect("a value"));
            let (sampled, reason, rate) =
                if trusts { (true, Reason::Caller, rate) } else { (false, Reason::Rate, 0.01) };
            assert_eq!(decide(&sampling, request), Decision::new(sampled, rate, reason), "{baggage:?}");
            // The rate of a "no" is our own.
            assert_eq!(decide(&sampling, not), Decision::new(false, 0.01, Reason::Caller), "{baggage:?}");
        }
    }
}

/// As two services that share a rate, or one that was started again.
#[test]
fn processes_that_are_set_up_alike_decide_alike() {
    let build = || {
        let sampling = Sampling::new().rate(0.3).expect("a rate").upstream(trusted());
        sampling.rules_from("/orders/** = 0.7; POST /users/{id} = 0.05").expect("rules")
    };
    let (one, other) = (build(), build());
    fastrand::seed(3);
    let (now, later) = (Instant::now(), Instant::now());
    let mut traced = 0;
    for i in 0..100_000_u32 {
        let baggage = (i % 3 == 0).then(|| {
            HeaderValue::from_str(&format!("sentry-sample_rand={:.6}", fastrand::f64() * 0.999)).expect("a value")
        });
        let trace_id = TraceId::random();
        let said = [None, Some(true), Some(false)][i as usize % 7 % 3];
        let path = ["/orders/7", "/users/7", "/else"][i as usize % 5 % 3];
        let peer: Option<IpAddr> = (i % 11 == 0).then_some([10, 0, 0, 1].into());
        let decide = |sampling: &Sampling, now| {
            // Each has spans of its own.
            let trace = &TraceContext::child(trace_id, Parent::new(SpanId::random(), said), baggage.clone());
            let target = Target::Path(path);
            sampling.decide(&Question { method: &Method::POST, target, endpoint: "unmatched", trace, peer }, now)
        };
        let decision = decide(&one, now);
        assert_eq!(decision, decide(&other, later), "{trace_id} {path} {said:?} {baggage:?}");
        traced += u32::from(decision.sampled);
    }
    assert!((20_000..40_000).contains(&traced), "{traced}");
}

#[test]
fn a_budget_that_is_used_up_refuses_even_a_trusted_caller() {
    for upstream in [Upstream::Always, trusted()] {
        let sampling = Sampling::new().upstream(upstream).budget(Budget::per_day(0));
        let mut request = from_peer(called(LOW, Some(true)), Host::Hyper, "10.1.2.3");
        request.headers_mut().insert("baggage", HeaderValue::from_static("sentry-sample_rate=0.25"));
        assert_eq!(decide(&sampling, request), Decision::new(false, 0.25, Reason::Budget));
    }
    let sampling = Sampling::new().upstream(Upstream::Always).budget(Budget::per_day(3));
    let now = Instant::now();
    let decisions: Vec<_> = (0..2_000)
        .map(|_| {
            let parent = Parent::new(SpanId::random(), Some(true));
            let trace = &TraceContext::child(TraceId::parse(HIGH).expect("an id"), parent, None);
            let (target, method, endpoint) = (Target::Template("/users/{id}"), &Method::GET, "/users/{id}");
            let decision = sampling.decide(&Question { method, target, endpoint, trace, peer: None }, now);
            (decision.sampled, decision.reason)
        })
        .collect();
    let taken = decisions.iter().filter(|(sampled, _)| *sampled).count();
    assert!((1..=3).contains(&taken), "{taken} of a budget of 3");
    for decision in decisions {
        assert!(matches!(decision, (true, Reason::Caller) | (false, Reason::Budget)), "{decision:?}");
    }
}
