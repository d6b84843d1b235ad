//! The dashboard of `examples/observability` is made of the panels here: `WRITE_DASHBOARD=1` writes it anew.

use std::{env, fs};

use serde_json::{Value, json};

use super::{
    panels::{Look, Panel, Query, rows},
    rules,
};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/observability/dashboard.json");

/// Grafana's, for a data source that is chosen at the top.
const SOURCE: &str = "${datasource}";

/// How wide a dashboard is, and how high a panel.
const WIDTH: usize = 24;
const HEIGHT: usize = 8;

#[test]
fn the_dashboard_is_the_one_of_these_panels() {
    let rows = rows();
    let queries = rows.iter().flat_map(|(_, panels)| panels.iter().flat_map(|panel| &panel.queries));
    rules::check(queries.map(|query| query.expression.as_str()));
    let made = dashboard(&rows);
    if env::var_os("WRITE_DASHBOARD").is_some() {
        fs::write(FILE, format!("{made:#}\n")).expect("the file can be written");
    }
    let held = fs::read_to_string(FILE).expect("it is there");
    let held: Value = serde_json::from_str(&held).expect("it is JSON");
    assert!(held == made, "{FILE} is another one: write it anew with WRITE_DASHBOARD=1");
}

fn dashboard(rows: &[(&str, Vec<Panel>)]) -> Value {
    let mut panels = Vec::new();
    let mut y = 0;
    for (title, row) in rows {
        panels.push(json!({
            "type": "row", "title": title, "collapsed": false, "panels": [],
            "gridPos": { "x": 0, "y": y, "w": WIDTH, "h": 1 },
        }));
        y += 1;
        let (columns, height) = if row.iter().all(|panel| panel.look == Look::Number) { (6, 4) } else { (3, HEIGHT) };
        let width = WIDTH / columns;
        for (place, panel) in row.iter().enumerate() {
            let mut shown = shown(panel);
            shown["gridPos"] =
                json!({ "x": place % columns * width, "y": y + place / columns * height, "w": width, "h": height });
            panels.push(shown);
        }
        y += row.len().div_ceil(columns) * height;
    }
    for (id, panel) in panels.iter_mut().enumerate() {
        panel["id"] = json!(id + 1);
    }
    json!({
        "uid": "tower-telemetry", "title": "Service", "tags": ["tower-telemetry"], "schemaVersion": 41, "version": 1,
        "time": { "from": "now-1h", "to": "now" }, "refresh": "30s", "editable": true, "graphTooltip": 1,
        "panels": panels,
        "templating": { "list": [
            { "name": "datasource", "label": "Data source", "type": "datasource", "query": "prometheus" },
            variable("job", "Job", "label_values(http_server_active_requests, job)"),
            variable("instance", "Instance", r#"label_values(http_server_active_requests{job=~"$job"}, instance)"#),
        ] },
    })
}

fn shown(panel: &Panel) -> Value {
    let is_number = panel.look == Look::Number;
    let targets = panel.queries.iter().zip('A'..).map(|(query, id)| {
        let Query { expression, legend } = query;
        json!({ "refId": id.to_string(), "expr": expression, "legendFormat": legend, "instant": is_number })
    });
    let (kind, options) = match panel.look {
        Look::Lines => (
            "timeseries",
            json!({
                "legend": { "displayMode": "table", "placement": "bottom", "calcs": ["lastNotNull", "max"] },
                "tooltip": { "mode": "multi", "sort": "desc" },
            }),
        ),
        Look::Number => {
            ("stat", json!({ "textMode": "value_and_name", "reduceOptions": { "calcs": ["lastNotNull"] } }))
        }
    };
    json!({
        "type": kind, "title": panel.title, "options": options, "targets": targets.collect::<Vec<_>>(),
        "datasource": { "type": "prometheus", "uid": SOURCE },
        "fieldConfig": { "defaults": { "unit": panel.unit, "min": 0 }, "overrides": [] },
    })
}

/// All are chosen at first.
fn variable(name: &str, label: &str, query: &str) -> Value {
    json!({
        "name": name, "label": label, "type": "query", "query": { "query": query, "refId": name }, "definition": query,
        "datasource": { "type": "prometheus", "uid": SOURCE }, "refresh": 2, "sort": 1, "multi": true, "includeAll": true,
        "current": { "text": ["All"], "value": ["$__all"] },
    })
}
