//! The environment's variables: what they say, and how a bad one is refused.

use std::{collections::HashMap, ffi::OsString, sync::Arc};

use sentry::Hub;
use tower_telemetry::{BuildError, Builder, Telemetry, sampling::Sampling};

type Vars<'a> = &'a [(&'a str, &'a str)];

fn read(vars: Vars<'_>) -> Result<String, BuildError> {
    let vars: HashMap<_, _> = vars.iter().map(|(name, value)| (*name, OsString::from(value))).collect();
    Telemetry::builder().from_vars(|name| vars.get(name).cloned()).map(|builder| format!("{builder:?}"))
}

#[test]
fn good_and_blank_values_are_taken() {
    let cases: &[&[(&str, &str)]] = &[
        &[],
        &[("SENTRY_DSN", "")],
        &[("SENTRY_DSN", "   ")],
        &[("SENTRY_DSN", "https://key@sentry.example/42")],
        &[("SENTRY_TRACES_SAMPLE_RATE", ""), ("SENTRY_ENABLE_TRACING", " "), ("SENTRY_SEND_DEFAULT_PII", "")],
        &[("SENTRY_TRACES_SAMPLE_RATE", "0")],
        &[("SENTRY_TRACES_SAMPLE_RATE", "1.0")],
        &[("SENTRY_TRACES_SAMPLE_RATE", " 0.25 ")],
        &[("SENTRY_ENABLE_TRACING", "TRUE"), ("SENTRY_SEND_DEFAULT_PII", "no")],
        &[("TOWER_TELEMETRY_SAMPLING_RULES", " ")],
        &[("TOWER_TELEMETRY_SAMPLING_RULES", "POST /orders = trace;\n/search/** = 0.01 slow 2s; /x = exclude;")],
        &[("TOWER_TELEMETRY_CAPTURE_REQUEST_BODIES", "off"), ("TOWER_TELEMETRY_CAPTURE_RESPONSE_BODIES", "1048576")],
        &[("TOWER_TELEMETRY_CAPTURE_REQUEST_BODIES", " 1 "), ("TOWER_TELEMETRY_CAPTURE_RESPONSE_BODIES", "Off")],
        &[("SENTRY_ENVIRONMENT", "qa-7"), ("SENTRY_RELEASE", "shop@1.2.3+4")],
        &[("TOWER_TELEMETRY_METRICS_BIND", " 127.0.0.1:9464 "), ("TOWER_TELEMETRY_METRICS_ALLOW", "All")],
        &[
            ("TOWER_TELEMETRY_METRICS_BIND", "[::]:0"),
            ("TOWER_TELEMETRY_METRICS_ALLOW", "loopback, 10.0.0.0/8, fd00::1"),
        ],
    ];
    for case in cases {
        read(case).unwrap_or_else(|error| panic!("{case:?}: {error}"));
    }
}

#[test]
fn the_first_name_that_is_set_counts() {
    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[("ENVIRONMENT", "staging")], r#"environment: Some("staging")"#),
        (&[("SENTRY_ENVIRONMENT", "blue"), ("ENVIRONMENT", "staging")], r#"environment: Some("blue")"#),
        (&[("SENTRY_ENVIRONMENT", " "), ("ENVIRONMENT", "staging")], r#"environment: Some("staging")"#),
        (&[("GIT_COMMIT", "abc")], r#"release: Some("abc")"#),
        (&[("RELEASE_VERSION", "2"), ("GIT_COMMIT", "abc")], r#"release: Some("2")"#),
        (&[("SENTRY_RELEASE", "1"), ("RELEASE_VERSION", "2"), ("GIT_COMMIT", "abc")], r#"release: Some("1")"#),
    ];
    for (vars, wanted) in cases {
        let builder = read(vars).expect("these are good values");
        assert!(builder.contains(wanted), "{vars:?}: {builder}");
    }
}

#[test]
fn a_bad_value_names_the_variable_what_it_held_and_what_it_may_hold() {
    let long = "x".repeat(1000);
    let cases: &[(&str, &str, &str, &str)] = &[
        ("SENTRY_TRACES_SAMPLE_RATE", "2", "\"2\"", "0 to 1"),
        ("SENTRY_TRACES_SAMPLE_RATE", "-0.1", "\"-0.1\"", "0 to 1"),
        ("SENTRY_TRACES_SAMPLE_RATE", "NaN", "\"NaN\"", "0 to 1"),
        ("SENTRY_TRACES_SAMPLE_RATE", "inf", "\"inf\"", "0 to 1"),
        ("SENTRY_TRACES_SAMPLE_RATE", "10%", "\"10%\"", "0 to 1"),
        ("SENTRY_TRACES_SAMPLE_RATE", &long, "xxx…", "0 to 1"),
        ("TOWER_TELEMETRY_SAMPLING_RULES", "/a = 1; /b", "\"/b\"", "sampling rule 2"),
        ("TOWER_TELEMETRY_SAMPLING_RULES", "/a = 2", "\"/a = 2\"", "a rate from 0 to 1"),
        ("TOWER_TELEMETRY_SAMPLING_RULES", "/** = 1; /b = 0", "/b", "rule 2"),
        ("TOWER_TELEMETRY_SAMPLING_RULES", "a** = 1", "a**", "rule 1"),
        ("SENTRY_ENABLE_TRACING", "maybe", "\"maybe\"", "true or false"),
        ("SENTRY_SEND_DEFAULT_PII", "2", "\"2\"", "true or false"),
        ("TOWER_TELEMETRY_CAPTURE_REQUEST_BODIES", "0", "\"0\"", "off, or a number of bytes from 1 to 1048576"),
        ("TOWER_TELEMETRY_CAPTURE_REQUEST_BODIES", "1048577", "\"1048577\"", "off, or a number of bytes"),
        ("TOWER_TELEMETRY_CAPTURE_REQUEST_BODIES", "-1", "\"-1\"", "off, or a number of bytes"),
        ("TOWER_TELEMETRY_CAPTURE_REQUEST_BODIES", "medium", "\"medium\"", "off, or a number of bytes"),
        ("TOWER_TELEMETRY_CAPTURE_RESPONSE_BODIES", "10 kB", "\"10 kB\"", "off, or a number of bytes"),
        ("TOWER_TELEMETRY_METRICS_BIND", "9464", "\"9464\"", "such as 127.0.0.1:9464"),
        ("TOWER_TELEMETRY_METRICS_BIND", "localhost:9464", "\"localhost:9464\"", "such as 127.0.0.1:9464"),
        ("TOWER_TELEMETRY_METRICS_ALLOW", "10.0.0.0/8, office", "\"office\"", "such as 10.0.0.0/8"),
        ("TOWER_TELEMETRY_METRICS_ALLOW", "10.0.0.0/33", "\"10.0.0.0/33\"", "such as 10.0.0.0/8"),
        ("SENTRY_ENVIRONMENT", "a/b", "\"a/b\"", "production"),
        ("SENTRY_ENVIRONMENT", "two words", "\"two words\"", "production"),
        ("ENVIRONMENT", "None", "\"None\"", "production"),
        ("SENTRY_RELEASE", "a/b", "\"a/b\"", "shop@1.2.3"),
        ("GIT_COMMIT", "..", "\"..\"", "shop@1.2.3"),
        ("RELEASE_VERSION", "a\nb", "\\n", "shop@1.2.3"),
        ("SENTRY_DSN", "not a dsn", "not a dsn", "https://KEY@HOST/PROJECT"),
    ];
    for (name, held, shown, expected) in cases {
        let error = read(&[(name, held)]).expect_err(name).to_string();
        assert!(error.contains(name) && error.contains(shown) && error.contains(expected), "{name}={held}: {error}");
        assert!(error.len() < 400, "{error}");
    }
}

#[cfg(unix)]
#[test]
fn bytes_that_are_no_text_are_refused() {
    use std::os::unix::ffi::OsStringExt;

    let lookup = |name: &str| (name == "SENTRY_RELEASE").then(|| OsString::from_vec(vec![0xff, 0xfe]));
    let error = Telemetry::builder().from_vars(lookup).expect_err("no text").to_string();
    assert!(error.contains("SENTRY_RELEASE") && error.contains("UTF-8"), "{error}");
}

#[test]
fn a_broken_dsn_is_shown_without_its_keys() {
    const KEY: &str = "0123456789abcdef0123456789abcdef";
    const SECRET: &str = "fedcba9876543210";
    let cases = [
        format!("https://{KEY}@sentry.example"),
        format!("https://{KEY}@sentry.example/"),
        format!("https://{KEY}:{SECRET}@sentry.example/"),
        format!("ftp://{KEY}@sentry.example/1"),
        format!("{KEY}@sentry.example/1"),
        format!("https://{KEY}/1"),
        format!("https://{KEY}@@sentry.example"),
        format!("https://sentry.example/{KEY}"),
        KEY.to_owned(),
        format!("{KEY}://sentry.example/1"),
    ];
    for dsn in cases {
        let from_vars = read(&[("SENTRY_DSN", &dsn)]).expect_err("it is broken");
        let from_code = Telemetry::builder().dsn(&dsn).expect_err("it is broken");
        for error in [from_vars, from_code] {
            let (text, debug) = (error.to_string(), format!("{error:?}"));
            for shown in [text, debug] {
                assert!(!shown.contains(&KEY[..8]) && !shown.contains(&SECRET[..8]), "{shown}");
            }
        }
    }
}

#[test]
fn a_good_dsn_is_never_shown_with_its_key() {
    let shown = read(&[("SENTRY_DSN", "https://0123456789abcdef@sentry.example/1")]).expect("it is good");
    assert!(shown.contains("sentry.example") && !shown.contains("0123456789"), "{shown}");
}

#[test]
fn code_is_refused_in_words_of_code() {
    let error = Telemetry::builder().traces_sample_rate(f64::NAN).expect_err("no rate").to_string();
    assert!(error.contains("NaN") && error.contains("0 to 1") && !error.contains("variable"), "{error}");
    let error = Telemetry::builder().environment("a/b").expect_err("no name").to_string();
    assert!(error.contains("a/b") && !error.contains("variable"), "{error}");
}

#[test]
fn health_says_which_bodies_are_shown() {
    const REQUESTS: &str = "TOWER_TELEMETRY_CAPTURE_REQUEST_BODIES";
    const RESPONSES: &str = "TOWER_TELEMETRY_CAPTURE_RESPONSE_BODIES";
    let dsn = ("SENTRY_DSN", "https://key@127.0.0.1:9/1");
    let cases: [(Vars<'_>, &str, &str); 4] = [
        (&[], "off", "nothing is reported; requests' up to 10000 bytes, responses' off"),
        (&[dsn], "on", "in events, scrubbed; requests' up to 10000 bytes, responses' off"),
        (&[dsn, (REQUESTS, "off")], "off", "requests' off, responses' off"),
        (
            &[dsn, (REQUESTS, "100"), (RESPONSES, "20")],
            "on",
            "in events, scrubbed; requests' up to 100 bytes, responses' up to 20 bytes",
        ),
    ];
    for (vars, state, why) in cases {
        let value = |name: &str| vars.iter().find(|(other, _)| *other == name).map(|(_, value)| OsString::from(value));
        let builder = Telemetry::builder().from_vars(value).expect("these are good values");
        let hub = Arc::new(Hub::new(None, Arc::default()));
        let health = Hub::run(hub, || builder.build().expect("nothing is wrong with it").health());
        let health: serde_json::Value = serde_json::from_str(&health).expect("JSON");
        let bodies = &health["monitoring"]["bodies"];
        assert_eq!((&bodies["state"], &bodies["why"]), (&state.into(), &why.into()), "{vars:?}");
    }
}

/// The rate that is reported with the health, and whether traces are on.
fn traces(builder: Builder) -> (f64, String) {
    let telemetry = builder.build().expect("nothing is wrong with it");
    let health: serde_json::Value = serde_json::from_str(&telemetry.health()).expect("JSON");
    let traces = &health["monitoring"]["traces"];
    (traces["rate"].as_f64().expect("a rate"), format!("{}: {}", traces["state"], traces["why"]).replace('"', ""))
}

#[test]
fn a_rate_comes_from_the_environment_else_from_code_else_from_the_environments_name() {
    let builder = || Telemetry::builder().environment("staging").expect("a name");
    let set = |vars: &'static [(&str, &str)], builder: Builder| {
        let value = |name: &str| vars.iter().find(|(other, _)| *other == name).map(|(_, value)| OsString::from(value));
        builder.from_vars(value).expect("these are good values")
    };
    let half = || Sampling::new().rate(0.25).expect("a rate");
    let ruled =
        |rate| Sampling::new().rate(rate).and_then(|sampling| sampling.rules_from("/pay = trace; /x = exclude"));
    for (builder, rate, says) in [
        (builder(), 0.5, "on: the default in staging"),
        (builder().sampling(half()), 0.25, "on: as set"),
        (set(&[("SENTRY_TRACES_SAMPLE_RATE", "0.75")], builder().sampling(half())), 0.75, "on: as set"),
        (set(&[("SENTRY_TRACES_SAMPLE_RATE", "0")], builder()), 0.0, "off: as set"),
        (builder().sampling(ruled(0.0).expect("good rules")), 0.0, "on: as set, and 2 rules by endpoint"),
        (
            set(&[("TOWER_TELEMETRY_SAMPLING_RULES", "/a = 1")], builder().sampling(ruled(0.0).expect("good rules"))),
            0.0,
            "on: as set, and one rule by endpoint",
        ),
        (
            set(&[("SENTRY_ENABLE_TRACING", "false")], builder().sampling(ruled(1.0).expect("good rules"))),
            0.0,
            "off: SENTRY_ENABLE_TRACING is off, and 2 rules by endpoint",
        ),
    ] {
        assert_eq!(traces(builder), (rate, says.to_owned()));
    }
}
