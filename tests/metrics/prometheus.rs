//! What a Prometheus server scrapes.

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};
use tests::app::{app, request, run};
use tower_telemetry_metrics::Metrics;

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
