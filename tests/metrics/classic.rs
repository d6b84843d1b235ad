//! The names of axum-prometheus.

use tests::app::{app, request, rpc, run};
use tower_telemetry_core::semconv;
use tower_telemetry_metrics::{Measure, Metrics, Names};

use super::fixtures::{Labels, Recorder, labels};

#[test]
fn each_exchange_is_counted_once_with_their_labels() {
    // The request, then the method and the endpoint, and the status.
    let cases = [
        (request("GET", "/users/7?a=b"), "GET /users/{id}", "200"),
        (request("GET", "/nothing/here"), "GET unmatched", "404"),
        (request("GET", "/broken"), "GET /broken", "500"),
        (request("BREW", "/users/7"), "_OTHER /users/{id}", "200"),
        (request("GET", "/pending"), "GET /pending", "499"),
        (request("GET", "/body/pending"), "GET /body/pending", "200"),
        (request("GET", "/error"), "GET /error", "500"),
        (request("GET", "/panic"), "GET /panic", "500"),
        (request("GET", "/body/panic"), "GET /body/panic", "200"),
        (rpc("Crash"), "POST pkg.Greeter/Crash", "200"),
    ];
    for (prefix, names) in [
        ("", Names::Classic),
        ("axum_", Names::with_prefix("axum").expect("a prefix")),
        ("shop_api_", Names::with_prefix("shop_api").expect("a prefix")),
    ] {
        for (request, name, status) in &cases {
            let recorder = Recorder::new();
            let request = {
                let mut copy = self::request(request.method().as_str(), &request.uri().to_string());
                *copy.headers_mut() = request.headers().clone();
                copy
            };
            recorder.record(|| run(app(Metrics::new().names(names.clone())), request));
            let told = recorder.told();
            let series = series(name, status);
            let total = &told.counters[&format!("{prefix}http_requests_total")];
            assert_eq!(total.iter().collect::<Vec<_>>(), [(&series, &1)], "{name}");
            let duration = format!("{prefix}http_requests_duration_seconds");
            assert_eq!(told.counts(&duration), [(series, 1)], "{name}");
            // No others, but for the gauge.
            assert_eq!((told.counters.len(), told.histograms.len()), (1, 1), "{name}");
        }
    }
}

#[test]
fn pending_requests_are_told_by_the_endpoint_that_is_known() {
    let cases = [
        (request("GET", "/users/7"), "/users/{id}"),
        (request("GET", "/nothing"), "unmatched"),
        // The service has not said yet that there is such a method.
        (rpc("Invented"), "unmatched"),
    ];
    for (request, endpoint) in cases {
        let method = semconv::method(request.method());
        let recorder = Recorder::new();
        recorder.record(|| run(app(Metrics::new().names(Names::Classic)), request));
        assert_eq!(recorder.active(), [(labels(&[("method", method), ("endpoint", endpoint)]), 0.0)]);
    }
}

#[test]
fn sizes_are_there_if_they_are_asked_for_and_have_no_status() {
    let recorder = Recorder::new();
    let app = app(Metrics::new().names(Names::Classic).with(Measure::ResponseBodySize));
    recorder.record(|| {
        run(app.clone(), request("GET", "/users/7"));
        run(app, request("GET", "/broken"));
    });
    let of = |endpoint| labels(&[("method", "GET"), ("endpoint", endpoint)]);
    let sizes = recorder.told().counts("http_response_body_size");
    assert_eq!(sizes, [(of("/broken"), 1), (of("/users/{id}"), 1)]);
}

#[test]
fn a_prefix_that_is_no_name_is_an_error() {
    for prefix in ["", "1st", "with space", "dash-ed", "é"] {
        let error = Names::with_prefix(prefix).expect_err(prefix).to_string();
        assert!(error.contains(&format!("{prefix:?}")), "{error}");
    }
}

fn series(name: &str, status: &str) -> Labels {
    let (method, endpoint) = name.split_once(' ').expect("two words");
    labels(&[("method", method), ("endpoint", endpoint), ("status", status)])
}
