//! `Sampling` in configuration files.

use std::time::Instant;

use http::Method;
use tower_telemetry_core::{Decision, Target, TraceContext};
use tower_telemetry_sampling::{Question, Sampling};

const TOML: &str = r#"
rate = 0
exclude-preflights = true
exclude-heads = true
upstream = ["10.0.0.0/8", "::1"]
rules = [
    { endpoint = "POST /orders", decision = "trace" },
    { endpoint = "GET /reports/**", decision = 0.5, slow = "10s" },
    { endpoint = "/internal/**", decision = "exclude" },
    { endpoint = "/bulk", decision = "untraced" },
]
exclusions = ["/health", "/metrics"]
high-volume = { above = 100, target = 10 }
budget = { per-second = 5, per-day = 1000, per-month = 10000 }
keep = { errors = true, slower-than = "3s", memory = 67108864 }
"#;

const JSON: &str = r#"{
    "rate": 0,
    "upstream": "never",
    "rules": [
        {"endpoint": "POST /orders", "decision": "trace"},
        {"endpoint": "GET /reports/**", "decision": 0.5, "slow": "10s"}
    ],
    "keep": {"slower-than": "3s"}
}"#;

fn decide(sampling: &Sampling, method: &Method, path: &str) -> Decision {
    let trace = &TraceContext::root();
    let (target, endpoint) = (Target::Path(path), "unmatched");
    sampling.decide(&Question { method, target, endpoint, trace, peer: None }, Instant::now())
}

#[test]
fn it_says_what_code_can() {
    let toml: Sampling = toml::from_str(TOML).expect("good TOML");
    let json: Sampling = serde_json::from_str(JSON).expect("good JSON");
    for sampling in [toml, json] {
        let order = decide(&sampling, &Method::POST, "/orders");
        assert_eq!((order.sampled, order.rate, order.rule), (true, 1.0, "POST /orders"));
        let report = decide(&sampling, &Method::GET, "/reports/7");
        assert_eq!((report.rate, report.rule), (0.5, "GET /reports/**"));
        assert_eq!(report.keep.slower_than.map(|limit| limit.as_secs()), Some(10));
        let other = decide(&sampling, &Method::GET, "/users/7");
        assert_eq!((other.sampled, other.rate, other.rule), (false, 0.0, "default"));
        assert_eq!(other.keep.slower_than.map(|limit| limit.as_secs()), Some(3));
    }
}

#[test]
fn what_is_wrong_is_told_as_code_tells_it() {
    for (toml, says) in [
        ("rate = 2", r#"the sampling rate was given as "2", but it may be a number from 0 to 1"#),
        ("rat = 1", "unknown field `rat`"),
        (
            "rules = [{ endpoint = '/a', decision = 'trace' }, { endpoint = '/b', decision = 'drop' }]",
            "the decision of sampling rule 2",
        ),
        (
            "rules = [{ endpoint = '/a', decision = 'trace' }, { endpoint = '/b', decision = 7 }]",
            "the rate of sampling rule 2, /b",
        ),
        ("rules = [{ endpoint = '/a', decision = 1, slow = 'soon' }]", "what is slow for sampling rule 1"),
        ("rules = [{ endpoint = '/**', decision = 1 }, { endpoint = '/a', decision = 1 }]", "rule 2"),
        ("rules = [{ endpoint = 'a', decision = 1 }]", "rule 1"),
        ("exclusions = ['/a', '/b**']", "/b**"),
        ("upstream = 'sometimes'", "lower, always, never or a list of networks"),
        ("upstream = ['10.0.0.0/8', '10.0.0.0/64']", "trusted network 2"),
        ("high-volume = { above = 0, target = 1 }", "the limit of high volume"),
        ("budget = { per-minute = 1 }", "unknown field `per-minute`"),
        ("keep = { slower-than = 3 }", "expected a string"),
        ("keep = { slower-than = '3h' }", "250ms, 3s or 2m"),
    ] {
        let error = toml::from_str::<Sampling>(toml).map(|_| ()).expect_err(toml).to_string();
        assert!(error.contains(says), "{toml}: {error}");
    }
}
