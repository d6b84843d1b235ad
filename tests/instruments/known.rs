//! All metrics that the crates make: what rules and dashboards may name.

use std::collections::{BTreeMap, BTreeSet};

use tower_telemetry_core::semconv::{
    ERROR_TYPE, HTTP_REQUEST_METHOD, HTTP_RESPONSE_STATUS_CODE, HTTP_ROUTE, HTTP_SERVER_ACTIVE_REQUESTS,
    HTTP_SERVER_REQUEST_BODY_SIZE, HTTP_SERVER_REQUEST_DURATION, HTTP_SERVER_RESPONSE_BODY_SIZE,
    HTTP_SERVER_SAMPLING_DECISIONS, HTTP_SERVER_STREAM_DURATION, HTTP_SERVER_TIME_TO_HEAD, METRIC, RPC_METHOD,
    RPC_RESPONSE_STATUS_CODE, RPC_SERVER_CALL_DURATION, RPC_SERVER_REQUEST_SIZE, RPC_SERVER_RESPONSE_SIZE,
    RPC_SERVER_TIME_TO_HEAD, RPC_SYSTEM_NAME, SAMPLING_DECISION, SAMPLING_REASON, SAMPLING_RULE,
    TELEMETRY_METRIC_OVERFLOW, URL_SCHEME,
};
use tower_telemetry_metrics::instrument::catalogue;
use tower_telemetry_sentry::ITEMS_DROPPED;

use super::fixtures::{Recorder, collectors};

/// By its name.
pub(super) type Known = BTreeMap<String, Metric>;

pub(super) struct Metric {
    /// As Prometheus calls it.
    pub(super) kind: &'static str,
    pub(super) labels: BTreeSet<String>,
}

const HTTP: &[&str] = &[HTTP_REQUEST_METHOD, HTTP_ROUTE, URL_SCHEME, HTTP_RESPONSE_STATUS_CODE, ERROR_TYPE];
const RPC: &[&str] = &[RPC_SYSTEM_NAME, RPC_METHOD, RPC_RESPONSE_STATUS_CODE, ERROR_TYPE];

/// What requests make, what is lost, and what Prometheus itself tells of each target.
const OTHERS: [(&str, &str, &[&str]); 16] = [
    (HTTP_SERVER_REQUEST_DURATION, "histogram", HTTP),
    (HTTP_SERVER_TIME_TO_HEAD, "histogram", HTTP),
    (HTTP_SERVER_REQUEST_BODY_SIZE, "histogram", HTTP),
    (HTTP_SERVER_RESPONSE_BODY_SIZE, "histogram", HTTP),
    (HTTP_SERVER_STREAM_DURATION, "histogram", HTTP),
    (HTTP_SERVER_ACTIVE_REQUESTS, "gauge", &[HTTP_REQUEST_METHOD, URL_SCHEME]),
    (RPC_SERVER_CALL_DURATION, "histogram", RPC),
    (RPC_SERVER_TIME_TO_HEAD, "histogram", RPC),
    (RPC_SERVER_REQUEST_SIZE, "histogram", RPC),
    (RPC_SERVER_RESPONSE_SIZE, "histogram", RPC),
    (HTTP_SERVER_SAMPLING_DECISIONS, "counter", &[SAMPLING_RULE, SAMPLING_DECISION, SAMPLING_REASON]),
    (TELEMETRY_METRIC_OVERFLOW, "counter", &[METRIC]),
    (ITEMS_DROPPED, "counter", &["category", "reason"]),
    // A process that is young has used no whole second.
    ("process_cpu_seconds_total", "counter", &[]),
    ("up", "gauge", &[]),
    ("scrape_samples_scraped", "gauge", &[]),
];

pub(super) fn known() -> Known {
    let others = OTHERS.iter().map(|(name, kind, labels)| ((*name).to_owned(), *kind, owned(labels)));
    let instruments = catalogue().into_iter().map(|metric| (metric.name, metric.kind, metric.labels));
    let mut known = Known::new();
    for (name, kind, labels) in others.chain(instruments).chain(collected()) {
        let metric = known.entry(name).or_insert_with(|| Metric { kind, labels: BTreeSet::new() });
        metric.labels.extend(labels);
    }
    known
}

/// The process's, as they are.
fn collected() -> impl Iterator<Item = (String, &'static str, Vec<String>)> {
    let collectors = collectors();
    let recorder = Recorder::new();
    recorder.record(|| collectors.collect());
    recorder.names().into_iter().map(|series| {
        let (name, labels) = series.split_once('{').unwrap_or((&series, ""));
        let kind = if name.ends_with("_total") { "counter" } else { "gauge" };
        let labels = labels.split(',').filter_map(|label| Some(label.split_once('=')?.0.to_owned()));
        (name.to_owned(), kind, labels.collect())
    })
}

fn owned(labels: &[&str]) -> Vec<String> {
    labels.iter().map(|label| (*label).to_owned()).collect()
}
