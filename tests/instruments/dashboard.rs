//! The dashboard of `examples/observability` is made of this table: `WRITE_DASHBOARD=1` writes it anew.

use std::{env, fs};

use serde_json::{Value, json};

use super::rules;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/observability/dashboard.json");

/// Grafana's units.
const PER_SECOND: &str = "reqps";
const SECONDS: &str = "s";
const RATIO: &str = "percentunit";
const BYTES: &str = "bytes";
const COUNT: &str = "short";

/// A row's title, and its panels: the title, the query, the series' names, and the unit.
type Row = (&'static str, &'static [(&'static str, &'static str, &'static str, &'static str)]);

const ROWS: [Row; 4] = [
    (
        "Requests",
        &[
            (
                "Rate by route",
                "sum by (http_route) (rate(http_server_request_duration_seconds_count[5m]))",
                "{{http_route}}",
                PER_SECOND,
            ),
            (
                "Errors by route and type",
                r#"sum by (http_route, error_type) (rate(http_server_request_duration_seconds_count{error_type!=""}[5m]))"#,
                "{{http_route}} {{error_type}}",
                PER_SECOND,
            ),
            (
                "99th percentile by route",
                "job_route:http_server_request_duration_seconds:p99_5m",
                "{{http_route}}",
                SECONDS,
            ),
            ("In flight", "sum by (instance) (http_server_active_requests)", "{{instance}}", COUNT),
        ],
    ),
    (
        "Databases and caches",
        &[
            (
                "Queries",
                "sum by (db_operation_name, db_collection_name) (rate(db_client_operation_duration_seconds_count[5m]))",
                "{{db_operation_name}} {{db_collection_name}}",
                PER_SECOND,
            ),
            (
                "99th percentile of queries",
                "histogram_quantile(0.99, sum by (db_collection_name, le) (rate(db_client_operation_duration_seconds_bucket[5m])))",
                "{{db_collection_name}}",
                SECONDS,
            ),
            (
                "Slow queries",
                "sum by (db_operation_name, db_collection_name) (rate(db_client_operation_slow_total[5m]))",
                "{{db_operation_name}} {{db_collection_name}}",
                PER_SECOND,
            ),
            (
                "Connections",
                "sum by (db_client_connection_pool_name, db_client_connection_state) (db_client_connection_count)",
                "{{db_client_connection_pool_name}} {{db_client_connection_state}}",
                COUNT,
            ),
            ("Hits of caches", "job:cache_hits:ratio5m", "{{cache_name}}", RATIO),
        ],
    ),
    (
        "Other work",
        &[
            (
                "Requests to others",
                "sum by (server_address, error_type) (rate(http_client_request_duration_seconds_count[5m]))",
                "{{server_address}} {{error_type}}",
                PER_SECOND,
            ),
            (
                "99th percentile of requests to others",
                "histogram_quantile(0.99, sum by (server_address, le) (rate(http_client_request_duration_seconds_bucket[5m])))",
                "{{server_address}}",
                SECONDS,
            ),
            (
                "Tokens by model",
                "sum by (gen_ai_request_model, gen_ai_token_type) (rate(gen_ai_client_token_usage_sum[5m]))",
                "{{gen_ai_request_model}} {{gen_ai_token_type}}",
                COUNT,
            ),
            ("Running tasks", "sum by (task_name) (background_task_active)", "{{task_name}}", COUNT),
            ("Queues", "sum by (messaging_destination_name) (queue_depth)", "{{messaging_destination_name}}", COUNT),
            (
                "Business events",
                "sum by (event_name, event_outcome) (rate(business_events_total[5m]))",
                "{{event_name}} {{event_outcome}}",
                PER_SECOND,
            ),
        ],
    ),
    (
        "Process",
        &[
            ("CPU", "rate(process_cpu_seconds_total[5m])", "{{instance}}", RATIO),
            ("Resident memory", "process_resident_memory_bytes", "{{instance}}", BYTES),
            ("Open file descriptors", "process_open_fds", "{{instance}}", COUNT),
            ("Busy Tokio workers", "tokio_busy_ratio", "{{instance}}", RATIO),
            ("Alive Tokio tasks", "tokio_alive_tasks", "{{instance}}", COUNT),
            (
                "Free disk",
                r#"system_filesystem_usage_bytes{system_filesystem_state="free"}"#,
                "{{instance}} {{directory}}",
                BYTES,
            ),
            (
                "Lost telemetry",
                "sum by (job) (rate(telemetry_items_dropped_total[5m])) or sum by (instrument) (rate(telemetry_series_overflow_total[5m]))",
                "{{job}} {{instrument}}",
                PER_SECOND,
            ),
        ],
    ),
];

#[test]
fn the_dashboard_is_the_one_of_this_table() {
    rules::check(ROWS.iter().flat_map(|(_, panels)| panels.iter().map(|(_, query, ..)| *query)));
    let made = dashboard();
    if env::var_os("WRITE_DASHBOARD").is_some() {
        fs::write(FILE, format!("{made:#}\n")).expect("the file can be written");
    }
    let held = fs::read_to_string(FILE).expect("it is there");
    let held: Value = serde_json::from_str(&held).expect("it is JSON");
    assert!(held == made, "{FILE} is another one: write it anew with WRITE_DASHBOARD=1");
}

fn dashboard() -> Value {
    let mut panels = Vec::new();
    let mut y = 0;
    for (title, row) in ROWS {
        panels.push(json!({
            "type": "row", "title": title, "collapsed": false, "panels": [],
            "gridPos": { "x": 0, "y": y, "w": 24, "h": 1 },
        }));
        y += 1;
        for (place, (title, query, legend, unit)) in row.iter().enumerate() {
            panels.push(json!({
                "type": "timeseries", "title": title,
                "gridPos": { "x": place % 3 * 8, "y": y + place / 3 * 8, "w": 8, "h": 8 },
                "datasource": { "type": "prometheus", "uid": "${datasource}" },
                "targets": [{ "refId": "A", "expr": query, "legendFormat": legend }],
                "fieldConfig": { "defaults": { "unit": unit, "min": 0 }, "overrides": [] },
            }));
        }
        y += row.len().div_ceil(3) * 8;
    }
    for (id, panel) in panels.iter_mut().enumerate() {
        panel["id"] = json!(id + 1);
    }
    json!({
        "uid": "tower-telemetry", "title": "Service", "tags": ["tower-telemetry"], "schemaVersion": 41, "version": 1,
        "time": { "from": "now-1h", "to": "now" }, "refresh": "30s", "editable": true, "panels": panels,
        "templating": { "list": [{ "name": "datasource", "type": "datasource", "query": "prometheus" }] },
    })
}
