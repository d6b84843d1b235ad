//! What a Prometheus server scrapes.

use std::{fs, path::Path};

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};
use tests::app::{app, request, rpc, run};
use tower_telemetry_metrics::{Measure, Metrics, Names};

const LABELS: &str =
    r#"http_request_method="GET",http_route="/users/{id}",url_scheme="http",http_response_status_code="200""#;

#[test]
fn with_the_buckets_durations_are_a_histogram() {
    let buckets = Metrics::new().buckets().into_iter();
    let page = scrape(buckets.fold(PrometheusBuilder::new(), |builder, (name, bounds)| {
        builder.set_buckets_for_metric(Matcher::Full(name), &bounds).expect("there are buckets")
    }));
    assert!(!page.contains("summary"), "{page}");

    let start = format!("http_server_request_duration_seconds_bucket{{{LABELS},le=\"");
    let buckets = page.lines().filter_map(|line| line.strip_prefix(&start)?.split_once("\"} "));
    let bounds: Vec<_> = buckets.clone().map(|(bound, _)| bound).collect();
    let expected =
        ["0.005", "0.01", "0.025", "0.05", "0.075", "0.1", "0.25", "0.5", "0.75", "1", "2.5", "5", "7.5", "10", "+Inf"];
    assert_eq!(bounds, expected, "{page}");
    let counts: Vec<u32> = buckets.map(|(_, count)| count.parse().expect("a number")).collect();
    assert!(counts.is_sorted() && counts.last() == Some(&2), "{page}");
    for line in [
        "# HELP http_server_request_duration_seconds Duration of HTTP server requests.",
        "# TYPE http_server_request_duration_seconds histogram",
        &format!("http_server_request_duration_seconds_count{{{LABELS}}} 2"),
        "# HELP http_server_active_requests HTTP server requests in flight.",
        "# TYPE http_server_active_requests gauge",
        r#"http_server_active_requests{http_request_method="GET",url_scheme="http"} 0"#,
    ] {
        assert!(page.lines().any(|other| other == line), "{line} is not in\n{page}");
    }
}

/// For promtool, which `tests/real-servers` has.
#[test]
fn a_page_of_each_scheme_is_written() {
    for (scheme, names) in [
        ("opentelemetry", Names::OpenTelemetry),
        ("classic", Names::Classic),
        ("prefixed", Names::with_prefix("axum").expect("a prefix")),
    ] {
        let metrics = Measure::ALL.into_iter().fold(Metrics::new().names(names), Metrics::with).max_series(4);
        let metrics = metrics.label("plan", |_| Some("gold".into())).expect("a label").with_protocol_version();
        let names: Vec<_> = metrics.buckets().into_iter().map(|(name, _)| name).collect();
        let builder = metrics.buckets().into_iter().fold(PrometheusBuilder::new(), |builder, (name, bounds)| {
            builder.set_buckets_for_metric(Matcher::Full(name), &bounds).expect("there are buckets")
        });
        let recorder = builder.build_recorder();
        let page = metrics::with_local_recorder(&recorder, || {
            let app = app(metrics);
            for request in [request("GET", "/users/7"), rpc("Hello")] {
                run(app.clone(), request);
            }
            for path in ["/users/8", "/nothing", "/broken", "/panic", "/pending", "/error", "/missing/7"] {
                run(app.clone(), request("POST", path));
                run(app.clone(), request("GET", path));
            }
            recorder.handle().render()
        });
        for name in names.iter().map(String::as_str).chain(["telemetry_metric_overflow_total"]) {
            // What nothing in the application makes.
            if name.contains("stream") || name.contains("messages") || name.contains("per_rpc") {
                continue;
            }
            assert!(page.contains(&format!("# HELP {name} ")), "{name} in\n{page}");
        }
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("metrics-{scheme}.prom"));
        fs::write(&file, page).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }
}

#[test]
fn without_them_they_are_a_summary() {
    let page = scrape(PrometheusBuilder::new());
    assert!(page.contains("# TYPE http_server_request_duration_seconds summary\n"), "{page}");
}

/// The page after two exchanges.
fn scrape(builder: PrometheusBuilder) -> String {
    let recorder = builder.build_recorder();
    metrics::with_local_recorder(&recorder, || {
        let app = app(Metrics::new());
        run(app.clone(), request("GET", "/users/7"));
        run(app, request("GET", "/users/8"));
    });
    recorder.handle().render()
}
