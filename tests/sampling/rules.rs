//! Rules, as the observer asks them: where the layer stands, what they are compared with, and what is told of them.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, body::Body, routing::any};
use http::{HeaderValue, Method, Request, header::ACCESS_CONTROL_REQUEST_METHOD};
use metrics_util::debugging::{DebugValue, DebuggingRecorder};
use tests::{
    app::{request, rpc, run},
    spans::Spans,
};
use tower::Layer;
use tower_telemetry_core::{Decision, Endpoint, Keep, Observe, Reason, RequestContext, RouteTable};
use tower_telemetry_metrics::Metrics;
use tower_telemetry_sampling::{Rule, Sampling, Upstream};
use tower_telemetry_trace::{Propagation, Trace};

/// Where the layer stands.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    /// `Router::layer`: behind the router, which has matched a route.
    Inside,
    /// Around the router, with a table of its routes.
    Table,
    /// Around the router, of which it knows nothing.
    Outside,
}

const PLACES: [Place; 3] = [Place::Inside, Place::Table, Place::Outside];

const ROUTES: [&str; 6] = [
    "/users/{id}",
    "/users/{id}/orders",
    "/files/{*path}",
    "/health",
    "/pkg.Greeter/{*rest}",
    "/grpc.health.v1.Health/{*rest}",
];

/// The decision that the handler finds, or `None` if the exchange is excluded.
fn ask(observer: impl Observe, place: Place, request: Request<Body>) -> Option<Decision> {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let keep = seen.clone();
    let handler = move |request: axum::extract::Request| {
        let decision = request.extensions().get::<RequestContext>().map(|cx| *cx.decision().expect("it has been made"));
        keep.lock().expect("nobody panics").push(decision);
        async { "hello" }
    };
    let router = ROUTES.iter().fold(Router::new(), |router, route| router.route(route, any(handler.clone())));
    let router = router.fallback(any(handler));
    let layer = observer.into_layer();
    match place {
        Place::Inside => run(router.layer(layer), request),
        Place::Table => {
            let table = RouteTable::new(ROUTES).expect("templates");
            run(layer.routes(table).layer(router), request);
        }
        Place::Outside => run(layer.layer(router), request),
    }
    let seen = seen.lock().expect("nobody panics");
    let [decision] = &seen[..] else { panic!("one request: {seen:?}") };
    *decision
}

/// `None` if it is excluded, else the rule and its rate.
fn rule_of(sampling: &Sampling, place: Place, request: Request<Body>) -> Option<(&'static str, f64)> {
    ask(sampling.clone(), place, request).map(|decision| (decision.rule, decision.rate))
}

fn rules(text: &str) -> Sampling {
    Sampling::new().rate(0.5).expect("a rate").rules_from(text).expect("rules")
}

#[test]
fn the_first_rule_that_matches_decides() {
    let sampling = rules(
        "GET /users/{id} = 0.1
         /users/{id} = 0.2
         /users/*/orders = exclude
         /users/** = 0.3
         /files/{*path} = trace
         /{any} = untraced",
    );
    for (method, path, expected) in [
        ("GET", "/users/7", Some(("GET /users/{id}", 0.1))),
        ("POST", "/users/7", Some(("/users/{id}", 0.2))),
        ("GET", "/users/7/", Some(("GET /users/{id}", 0.1))),
        ("GET", "/users/7/orders", None),
        ("GET", "/users/7/else", Some(("/users/**", 0.3))),
        ("GET", "/files/a/b", Some(("/files/{*path}", 1.0))),
        ("GET", "/else", Some(("/{any}", 0.0))),
        ("GET", "/else/where", Some(("default", 0.5))),
        ("GET", "/", Some(("default", 0.5))),
    ] {
        for place in PLACES {
            assert_eq!(rule_of(&sampling, place, request(method, path)), expected, "{method} {path}, {place:?}");
        }
    }
}

#[test]
fn a_rule_speaks_louder_than_the_standard_in_both_directions() {
    for (text, path, expected) in [
        ("", "/health", None),
        ("/health = trace", "/health", Some(("/health", 1.0))),
        ("/health = untraced", "/health", Some(("/health", 0.0))),
        ("** = 0.25", "/health", Some(("**", 0.25))),
        ("/health = exclude", "/health", None),
        // The first that matches, whatever comes behind it.
        ("/health = trace; /** = exclude", "/health", Some(("/health", 1.0))),
        ("GET /health = exclude; /** = trace", "/health", None),
        ("POST /health = trace", "/health", None),
        ("/users/** = exclude", "/users/7", None),
        ("/users/** = exclude", "/users/7/orders", None),
        ("/users/** = exclude", "/files/a", Some(("default", 0.5))),
        ("/users/** = exclude", "/health", None),
        ("/users/** = exclude; /health = trace", "/health", Some(("/health", 1.0))),
        ("** = exclude", "/", None),
    ] {
        for place in PLACES {
            assert_eq!(rule_of(&rules(text), place, request("GET", path)), expected, "{text:?}, {place:?}");
        }
    }
}

#[test]
fn a_rule_matches_the_template_where_it_is_known_and_else_the_path() {
    use Place::{Inside, Outside, Table};
    for (rule, path, matched) in [
        ("/users/{id}", "/users/7", &[Inside, Table, Outside][..]),
        ("/users/{other}", "/users/7", &[Inside, Table, Outside]),
        ("/users/*", "/users/7", &[Inside, Table, Outside]),
        ("/users/7", "/users/7", &[Outside]),
        ("re:^/users/[0-9]+$", "/users/7", &[Outside]),
        (r"re:^/users/\{id\}$", "/users/7", &[Inside, Table]),
        ("/files/{*path}", "/files/a/b", &[Inside, Table, Outside]),
        ("/files/a/b", "/files/a/b", &[Outside]),
        // Without a route there is nothing but the path.
        ("/else/7", "/else/7", &[Inside, Table, Outside]),
        ("/else/7", "/else/7?token=1", &[Inside, Table, Outside]),
    ] {
        for place in PLACES {
            let excluded = matched.contains(&place);
            let message = format!("{rule} asked about {path}, {place:?}");
            let found = rule_of(&rules(&format!("{rule} = exclude")), place, request("GET", path));
            assert_eq!(found.is_none(), excluded, "{message}");
            let expected = if excluded { (rule, 0.25) } else { ("default", 0.5) };
            let found = rule_of(&rules(&format!("{rule} = 0.25")), place, request("GET", path));
            assert_eq!(found, Some(expected), "{message}");
        }
    }
}

/// Whatever route a router has for gRPC's methods: tonic's has one for each service.
#[test]
fn a_grpc_method_is_known_by_its_name() {
    let hello = || rpc("Hello");
    let health = || {
        let mut health = rpc("");
        *health.uri_mut() = "/grpc.health.v1.Health/Check".parse().expect("a path");
        health
    };
    for (text, request, expected) in [
        ("", hello as fn() -> _, Some(("default", 0.5))),
        ("", health, None),
        ("pkg.Greeter/Hello = 0.25", hello, Some(("pkg.Greeter/Hello", 0.25))),
        ("/pkg.Greeter/Hello = 0.25", hello, Some(("/pkg.Greeter/Hello", 0.25))),
        ("pkg.Greeter/* = 0.25", hello, Some(("pkg.Greeter/*", 0.25))),
        ("pkg.*/He* = 0.25", hello, Some(("pkg.*/He*", 0.25))),
        ("POST pkg.Greeter/** = 0.25", hello, Some(("POST pkg.Greeter/**", 0.25))),
        ("pkg.Greeter/Bye = 0.25", hello, Some(("default", 0.5))),
        ("pkg.Greeter/Hello = exclude", hello, None),
        ("pkg.Greeter/* = exclude", hello, None),
        ("pkg.Greeter/Bye = exclude", hello, Some(("default", 0.5))),
        ("grpc.health.v1.Health/* = trace", health, Some(("grpc.health.v1.Health/*", 1.0))),
        ("grpc.health.v1.Health/Watch = trace", health, None),
    ] {
        for place in PLACES {
            assert_eq!(rule_of(&rules(text), place, request()), expected, "{text:?}, {place:?}");
        }
    }
}

/// Where a name is given so late that the exchange is observed already, it is not traced at least.
#[test]
fn what_is_excluded_by_the_name_it_is_given_is_untraced() {
    for text in ["/named = exclude", "/named = exclude; /else = 0.25"] {
        let sampling = rules(text).upstream(Upstream::Always).keep_errors(true);
        let seen = Arc::new(Mutex::new(None));
        let keep = seen.clone();
        let handler = move |cx: RequestContext| async move {
            *keep.lock().expect("nobody panics") = cx.decision().copied();
        };
        let layer = (Propagation::new(), sampling).into_layer();
        let layer = layer.name_by(|_| Some(Endpoint::route("/named")));
        let mut request = request("GET", "/users/7");
        let trace = HeaderValue::from_static("00000000000000000000000000000001-00f067aa0ba902b7-1");
        request.headers_mut().insert("sentry-trace", trace);
        run(layer.layer(Router::new().fallback(handler)), request);
        let expected = Decision::new(false, 0.0, Reason::Rate).with_rule("/named");
        assert_eq!(*seen.lock().expect("nobody panics"), Some(expected), "{text}");
    }
}

#[test]
fn preflights_and_heads_are_excluded_on_request() {
    let preflight = || {
        let mut request = request("OPTIONS", "/users/7");
        request.headers_mut().insert(ACCESS_CONTROL_REQUEST_METHOD, HeaderValue::from_static("GET"));
        request
    };
    let get_with_header = || {
        let mut request = preflight();
        *request.method_mut() = Method::GET;
        request
    };
    let requests: [(&str, &dyn Fn() -> Request<Body>); 5] = [
        ("a preflight", &preflight),
        ("an OPTIONS", &|| request("OPTIONS", "/users/7")),
        ("a HEAD", &|| request("HEAD", "/users/7")),
        ("a GET", &|| request("GET", "/users/7")),
        ("a GET that looks like a preflight", &get_with_header),
    ];
    for (preflights, heads, excluded) in [
        (false, false, &[][..]),
        (true, false, &["a preflight"]),
        (false, true, &["a HEAD"]),
        (true, true, &["a preflight", "a HEAD"]),
    ] {
        // What is excluded for its method is so whatever the rules say of its endpoint.
        for text in ["", "/users/{id} = trace"] {
            let sampling = rules(text).exclude_preflights(preflights).exclude_heads(heads);
            for (name, request) in requests {
                for place in PLACES {
                    let is_excluded = rule_of(&sampling, place, request()).is_none();
                    assert_eq!(
                        is_excluded,
                        excluded.contains(&name),
                        "{name}, {text:?}, {preflights} {heads} {place:?}"
                    );
                }
            }
        }
    }
    let by_rule = rules("OPTIONS ** = exclude; HEAD /users/** = untraced");
    assert_eq!(rule_of(&by_rule, Place::Inside, request("OPTIONS", "/users/7")), None);
    assert_eq!(rule_of(&by_rule, Place::Inside, request("HEAD", "/users/7")), Some(("HEAD /users/**", 0.0)));
}

#[test]
fn rules_can_be_read_from_a_text() {
    let second = Duration::from_secs(1);
    let rate = |rate: f64, slow: Duration| Some(("/users/{id}", rate, slow));
    let hour = 3600 * second;
    for (text, expected) in [
        ("", Some(("default", 1.0, hour))),
        (" \n ;; \r\n\t; ", Some(("default", 1.0, hour))),
        ("/users/{id}=0.25", rate(0.25, hour)),
        ("/users/{id} = 0.25", rate(0.25, hour)),
        ("\t/users/{id}\t=\t0.25\t", rate(0.25, hour)),
        ("\r\n  /else = exclude\r\n  /users/{id} = 0.25\r\n", rate(0.25, hour)),
        ("/else = exclude;/users/{id} = 0.25;", rate(0.25, hour)),
        ("/else = exclude;\n;/users/{id} = 0.25\n", rate(0.25, hour)),
        ("/users/{id} = 0", rate(0.0, hour)),
        ("/users/{id} = 1", rate(1.0, hour)),
        ("/users/{id} = 1.0", rate(1.0, hour)),
        ("/users/{id} = 1e-3", rate(0.001, hour)),
        ("/users/{id} = trace", rate(1.0, hour)),
        ("/users/{id} = untraced", rate(0.0, hour)),
        ("/users/{id} = exclude", None),
        ("/users/{id} = exclude slow 1s", None),
        ("/users/{id} = 0.25 slow 250ms", rate(0.25, second / 4)),
        ("/users/{id} = trace slow 10s", rate(1.0, 10 * second)),
        ("/users/{id} = untraced  slow\t2m", rate(0.0, 120 * second)),
        ("/users/{id} = 0.25 slow 1.5s", rate(0.25, 3 * second / 2)),
        ("/users/{id} = 0.25 slow 0s", rate(0.25, Duration::ZERO)),
        // A regex may have an equals sign.
        ("re:^/a=b$ = exclude; /users/{id} = 0.25", rate(0.25, hour)),
    ] {
        let sampling = Sampling::new().keep_slower_than(hour).rules_from(text).expect(text);
        // One that falls just below 1, so that it is open whatever its rate, but for 1.
        let decision = ask(sampling, Place::Inside, request("GET", "/users/7"));
        let found = decision.map(|decision| {
            let slow = decision.keep.slower_than.expect("slow ones are kept");
            (decision.rule, decision.rate, slow)
        });
        assert_eq!(found, expected, "{text:?}");
    }
}

#[test]
fn a_rules_own_limit_counts_only_where_slow_exchanges_are_kept() {
    let text = "/users/{id} = 0.5 slow 1s";
    let keeps = |sampling: Sampling, path| {
        let decision = ask(sampling, Place::Inside, request("GET", path)).expect("it is not excluded");
        decision.keep
    };
    let (none, second, hour) = (Keep::default(), Duration::from_secs(1), Duration::from_secs(3600));
    let slower_than = |limit| Keep { slower_than: Some(limit), ..none };
    let errors = |keep| Keep { errors: true, ..keep };
    assert_eq!(keeps(rules(text), "/users/7"), none);
    assert_eq!(keeps(rules(text).keep_errors(true), "/users/7"), errors(none));
    assert_eq!(keeps(rules(text).keep_slower_than(hour), "/users/7"), slower_than(second));
    assert_eq!(keeps(rules(text).keep_slower_than(hour), "/else"), slower_than(hour));
    assert_eq!(keeps(rules(text).keep_slower_than(hour).keep_errors(true), "/users/7"), errors(slower_than(second)));
}

/// What the text of a decision may be.
const DECISIONS: &str = "exclude, trace, untraced or a rate from 0 to 1, and then perhaps: slow 10s";
const SPLIT: &str = "an endpoint, an equals sign and a decision, such as: GET /users/{id} = 0.1";

#[test]
fn a_text_that_is_wrong_is_refused_by_the_rules_place() {
    for (text, place, held, expected) in [
        ("/a", 1, "/a", SPLIT),
        ("/a = 0.1; /b", 2, "/b", SPLIT),
        ("/a = 0.1\n\n;; /b trace", 2, "/b trace", SPLIT),
        ("/a = 0.1\n# a comment", 2, "# a comment", SPLIT),
        ("/a =", 1, "/a =", DECISIONS),
        ("/a = 0.1; /b = ; /c = 0.1", 2, "/b =", DECISIONS),
        ("/a = Exclude", 1, "/a = Exclude", DECISIONS),
        ("/a = drop", 1, "/a = drop", DECISIONS),
        ("/a = 0.1; /b = 0.2; /c = 10%", 3, "/c = 10%", DECISIONS),
        ("/a = 1.1", 1, "/a = 1.1", DECISIONS),
        ("/a = -0.1", 1, "/a = -0.1", DECISIONS),
        ("/a = NaN", 1, "/a = NaN", DECISIONS),
        ("/a = inf", 1, "/a = inf", DECISIONS),
        ("/a = 0,1", 1, "/a = 0,1", DECISIONS),
        ("/a = trace, /b = trace", 1, "/a = trace, /b = trace", ""),
        ("/a = trace # why", 1, "/a = trace # why", DECISIONS),
        ("/a = trace exclude", 1, "/a = trace exclude", DECISIONS),
        ("/a = trace slow", 1, "/a = trace slow", DECISIONS),
        ("/a = trace slow 10", 1, "/a = trace slow 10", DECISIONS),
        ("/a = trace slow s", 1, "/a = trace slow s", DECISIONS),
        ("/a = trace slow -1s", 1, "/a = trace slow -1s", DECISIONS),
        ("/a = trace slow 1h", 1, "/a = trace slow 1h", DECISIONS),
        ("/a = trace slow 1S", 1, "/a = trace slow 1S", DECISIONS),
        ("/a = trace slow 1 s", 1, "/a = trace slow 1 s", DECISIONS),
        ("/a = trace slow 1s 2s", 1, "/a = trace slow 1s 2s", DECISIONS),
        ("/a = trace slow NaNs", 1, "/a = trace slow NaNs", DECISIONS),
        ("/a = trace slow 1e30s", 1, "/a = trace slow 1e30s", DECISIONS),
        ("/a = trace slow 9999999999999999999999s", 1, "/a = trace slow 9999999999999999999999s", DECISIONS),
        ("/a = trace fast 1s", 1, "/a = trace fast 1s", DECISIONS),
        ("/a = trace slow 1\u{b5}s", 1, "/a = trace slow 1\u{b5}s", DECISIONS),
    ] {
        let error = Sampling::new().rules_from(text).expect_err(text).to_string();
        if expected.is_empty() {
            assert!(error.starts_with("rule 1 was given as \"/a = trace, /b\", but it may be "), "{text:?}: {error}");
            continue;
        }
        assert_eq!(error, format!("sampling rule {place} was given as {held:?}, but it may be {expected}"), "{text:?}");
        // One alone has no place.
        if !text.contains([';', '\n']) {
            let error = text.parse::<Rule>().expect_err(text).to_string();
            assert_eq!(error, format!("the sampling rule was given as {held:?}, but it may be {expected}"));
        }
    }
}

#[test]
fn an_endpoint_that_is_wrong_is_refused_by_its_place() {
    for (text, says) in [
        ("= trace", r#"rule 1 was given as "", but it may be a pattern such as"#),
        ("/a = 0.1; users = trace", r#"rule 2 was given as "users", but it may be a path that begins with a slash"#),
        (
            "# a = trace",
            r##"rule 1 was given as "# a", but it may be a path that begins with a slash, or a gRPC method"##,
        ),
        ("/a = 0.1; ; /b** = 0.1", r#"rule 2 was given as "/b**", but it may be a pattern with ** as a whole segment"#),
        ("/a/{id = 0.1", r#"rule 1 was given as "/a/{id", but it may be a pattern with {name}"#),
        ("/a = 0.1; /b = 0.1; get /c = 0.1", r#"rule 3 was given as "get /c", but it may be "#),
        ("/a/../b = trace", r#"rule 1 was given as "/a/../b", but it may be a path without dot segments"#),
        ("/a?b = trace", r#"rule 1 was given as "/a?b", but it may be a path without"#),
        ("re:( = trace", r#"rule 1 was given as "re:(", but it may be a regex"#),
        (
            "/a = 0.1; /b/** = 0.1; /b/c = trace",
            r#"rule 3 was given as "/b/c", but it may be a pattern that can be reached: rule 2, "/b/**", matches"#,
        ),
        (
            "/a = 0.1; /a = 0.1",
            r#"rule 2 was given as "/a", but it may be a pattern that can be reached: rule 1, "/a", matches"#,
        ),
    ] {
        let error = Sampling::new().rules_from(text).expect_err(text).to_string();
        assert!(error.starts_with(says), "{text:?}: {error}");
    }
    for (rate, held) in [(1.5, "1.5"), (-0.1, "-0.1"), (f64::NAN, "NaN"), (f64::INFINITY, "inf")] {
        let rules = [Rule::trace("/a"), Rule::exclude("/b"), Rule::rate("GET /c", rate)];
        let error = Sampling::new().rules(rules).expect_err(held).to_string();
        let expected =
            format!("the rate of sampling rule 3, GET /c was given as {held:?}, but it may be a number from 0 to 1");
        assert_eq!(error, expected);
    }
    let error = Sampling::new().exclusions(["/a", "b"]).expect_err("it is no path").to_string();
    assert!(error.starts_with(r#"rule 2 was given as "b", but it may be "#), "{error}");
}

/// In the request's context, in the span and in the counter.
#[test]
fn what_was_decided_is_told_everywhere() {
    let parent = "00000000000000000000000000000001-00f067aa0ba902b7";
    for (path, said, expected) in [
        ("/users/7", "", Some(("GET /users/{id}", true, "1.0", "traced", "rate"))),
        ("/users/7", "-1", Some(("GET /users/{id}", true, "1.0", "traced", "rate"))),
        ("/users/7", "-0", Some(("GET /users/{id}", false, "1.0", "untraced", "caller"))),
        ("/files/a", "", Some(("/files/**", false, "0.0", "untraced", "rate"))),
        ("/files/a", "-1", Some(("/files/**", false, "0.0", "untraced", "rate"))),
        ("/else", "", Some(("default", true, "0.5", "traced", "rate"))),
        ("/users/7/orders", "", None),
    ] {
        let spans = Spans::keep();
        let recorder = DebuggingRecorder::new();
        let sampling = rules("GET /users/{id} = trace; /files/** = untraced; /users/*/orders = exclude");
        let observer = (Propagation::new(), sampling, Metrics::new(), Trace::new());
        let mut request = request("GET", path);
        let trace = HeaderValue::from_str(&format!("{parent}{said}")).expect("a value");
        request.headers_mut().insert("sentry-trace", trace);
        let decision = metrics::with_local_recorder(&recorder, || ask(observer, Place::Inside, request));

        let told = decision.map(|decision| (decision.rule, decision.sampled, decision.reason.as_str()));
        assert_eq!(told, expected.map(|(rule, sampled, _, _, reason)| (rule, sampled, reason)), "{path} {said}");

        let spans = spans.spans();
        let ours = spans.iter().find(|span| span.target == "tower_telemetry::exchange");
        let told = ours.map(|span| {
            let field = |name| span.fields.get(name).unwrap_or_default();
            ["sampling.rule", "sampling.sampled", "sampling.rate", "sampling.reason"].map(field)
        });
        let fields = expected
            .map(|(rule, sampled, rate, _, reason)| [rule, if sampled { "true" } else { "false" }, rate, reason]);
        assert_eq!(told, fields, "{path} {said}");

        let labels = expected.map(|(rule, _, _, verdict, reason)| [rule, verdict, reason].map(String::from));
        assert_eq!(decisions(&recorder), Vec::from_iter(labels.map(|labels| (labels, 1))), "{path} {said}");
    }
}

#[test]
fn decisions_are_counted_by_rule_verdict_and_reason() {
    let recorder = DebuggingRecorder::new();
    let sampling = rules("/users/{id} = trace; /files/** = untraced").keep_slower_than(Duration::from_secs(3600));
    let metrics = Metrics::new();
    metrics::with_local_recorder(&recorder, || {
        for (path, times) in [("/users/7", 3), ("/users/8", 2), ("/files/a", 4), ("/files/b", 1), ("/health", 5)] {
            for _ in 0..times {
                ask((sampling.clone(), metrics.clone()), Place::Inside, request("GET", path));
            }
        }
    });
    let series = |labels: [&str; 3], count| (labels.map(String::from), count);
    let expected = [series(["/files/**", "untraced", "rate"], 5), series(["/users/{id}", "traced", "rate"], 5)];
    assert_eq!(decisions(&recorder), expected);
}

/// Rule, verdict and reason, and how many there were.
fn decisions(recorder: &DebuggingRecorder) -> Vec<([String; 3], u64)> {
    let snapshot = recorder.snapshotter().snapshot().into_vec();
    let counters = snapshot.iter().filter_map(|(key, _, _, value)| {
        let DebugValue::Counter(count) = value else { return None };
        assert_eq!(key.key().name(), "http_server_sampling_decisions_total");
        let label = |name| key.key().labels().find(|label| label.key() == name).expect("it has it").value().to_owned();
        assert_eq!(key.key().labels().len(), 3);
        Some((["sampling_rule", "sampling_decision", "sampling_reason"].map(label), *count))
    });
    let mut counters: Vec<_> = counters.collect();
    counters.sort();
    counters
}

/// A group is a name to count by; rules still go by the route.
#[test]
fn a_group_hides_no_route() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let keep = seen.clone();
    let handler = move |cx: RequestContext| {
        keep.lock().expect("nobody panics").push(cx.decision().map(|decision| decision.rule));
        async {}
    };
    let layer = rules("/users/{id} = 0.1; /else = 0.2").into_layer();
    let layer = layer.groups([("/users/**", "people"), ("/else", "others")]).expect("good patterns");
    let router = Router::new().route("/users/{id}", any(handler.clone())).fallback(any(handler)).layer(layer);
    for path in ["/users/7", "/else"] {
        run(router.clone(), request("GET", path));
    }
    assert_eq!(*seen.lock().expect("nobody panics"), [Some("/users/{id}"), Some("/else")]);
}
