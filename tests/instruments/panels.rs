//! What the dashboard shows. A query is made of a metric that there is, and of labels that this metric has.

use tower_telemetry_core::semconv::{
    ERROR_TYPE, HTTP_RESPONSE_STATUS_CODE, HTTP_ROUTE, HTTP_SERVER_ACTIVE_REQUESTS, HTTP_SERVER_REQUEST_BODY_SIZE,
    HTTP_SERVER_REQUEST_DURATION, HTTP_SERVER_RESPONSE_BODY_SIZE, HTTP_SERVER_SAMPLING_DECISIONS,
    HTTP_SERVER_STREAM_DURATION, HTTP_SERVER_TIME_TO_HEAD, METRIC, RPC_METHOD, RPC_RESPONSE_STATUS_CODE,
    RPC_SERVER_CALL_DURATION, RPC_SERVER_REQUEST_SIZE, RPC_SERVER_RESPONSE_SIZE, RPC_SERVER_TIME_TO_HEAD,
    SAMPLING_DECISION, SAMPLING_REASON, SAMPLING_RULE, TELEMETRY_METRIC_OVERFLOW,
};
use tower_telemetry_sentry::ITEMS_DROPPED;

use super::known::{Known, known};

pub(super) struct Panel {
    pub(super) title: &'static str,
    pub(super) look: Look,
    /// Grafana's name of it.
    pub(super) unit: &'static str,
    pub(super) queries: Vec<Query>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    Lines,
    Number,
}

pub(super) struct Query {
    pub(super) expression: String,
    pub(super) legend: String,
}

const REQUESTS: &str = "reqps";
const EVENTS: &str = "cps";
const BYTES_PER_SECOND: &str = "Bps";
const SECONDS: &str = "s";
const RATIO: &str = "percentunit";
const BYTES: &str = "bytes";
const COUNT: &str = "short";

/// Of the metrics of calls, what went wrong on the service's side.
const FAILED: &str = r#"error_type!="",error_type!="cancelled""#;
/// And what went wrong at all.
const ERRORS: &str = r#"error_type!="""#;

/// The rows' titles, and their panels.
pub(super) fn rows() -> Vec<(&'static str, Vec<Panel>)> {
    let q = Queries(known());
    vec![
        ("At a glance", at_a_glance(&q)),
        ("Requests", requests(&q)),
        ("gRPC", calls(&q)),
        ("Databases and caches", data(&q)),
        ("Requests to others, and models", others(&q)),
        ("Tasks, queues and events", work(&q)),
        ("Process", process(&q)),
        ("Telemetry", telemetry(&q)),
    ]
}

fn at_a_glance(q: &Queries) -> Vec<Panel> {
    let (http, rpc) = (HTTP_SERVER_REQUEST_DURATION, RPC_SERVER_CALL_DURATION);
    let both =
        |query: &dyn Fn(&str) -> Query| vec![query(http).named("{{job}} HTTP"), query(rpc).named("{{job}} gRPC")];
    vec![
        number("Instances up", COUNT, vec![q.sum("up", &["job"])]),
        number("Requests", REQUESTS, both(&|metric| q.rate(metric, &["job"]))),
        number("Failed", RATIO, both(&|metric| q.share(metric, &["job"], FAILED, ""))),
        number("99th percentile", SECONDS, both(&|metric| q.p99(metric, &["job"]))),
        number("In flight", COUNT, vec![q.sum(HTTP_SERVER_ACTIVE_REQUESTS, &["job"])]),
        number("Up since", "dateTimeFromNow", vec![q.sum("process_start_time_seconds", &["instance"]).times(1000)]),
    ]
}

fn requests(q: &Queries) -> Vec<Panel> {
    let duration = HTTP_SERVER_REQUEST_DURATION;
    vec![
        lines("Rate by route", REQUESTS, q.rate(duration, &[HTTP_ROUTE])),
        lines("Errors by route and type", REQUESTS, q.rate_of(duration, &[HTTP_ROUTE, ERROR_TYPE], ERRORS)),
        lines("99th percentile by route", SECONDS, q.p99(duration, &[HTTP_ROUTE])),
        lines("Rate by status", REQUESTS, q.rate(duration, &[HTTP_RESPONSE_STATUS_CODE])),
        lines("In flight", COUNT, q.sum(HTTP_SERVER_ACTIVE_REQUESTS, &["job", "instance"])),
        lines("99th percentile of the time to the head", SECONDS, q.p99(HTTP_SERVER_TIME_TO_HEAD, &[HTTP_ROUTE])),
        lines("Received by route", BYTES_PER_SECOND, q.amount(HTTP_SERVER_REQUEST_BODY_SIZE, &[HTTP_ROUTE])),
        lines("Sent by route", BYTES_PER_SECOND, q.amount(HTTP_SERVER_RESPONSE_BODY_SIZE, &[HTTP_ROUTE])),
        lines("99th percentile of event streams' lives", SECONDS, q.p99(HTTP_SERVER_STREAM_DURATION, &[HTTP_ROUTE])),
    ]
}

fn calls(q: &Queries) -> Vec<Panel> {
    let duration = RPC_SERVER_CALL_DURATION;
    let by_error = [RPC_METHOD, RPC_RESPONSE_STATUS_CODE, ERROR_TYPE];
    vec![
        lines("Rate by method", REQUESTS, q.rate(duration, &[RPC_METHOD])),
        lines("Errors by method, status code and type", REQUESTS, q.rate_of(duration, &by_error, ERRORS)),
        lines("99th percentile by method", SECONDS, q.p99(duration, &[RPC_METHOD])),
        lines("Rate by status code", REQUESTS, q.rate(duration, &[RPC_RESPONSE_STATUS_CODE])),
        lines("Received by method", BYTES_PER_SECOND, q.amount(RPC_SERVER_REQUEST_SIZE, &[RPC_METHOD])),
        lines("Sent by method", BYTES_PER_SECOND, q.amount(RPC_SERVER_RESPONSE_SIZE, &[RPC_METHOD])),
        lines("99th percentile of the time to the head", SECONDS, q.p99(RPC_SERVER_TIME_TO_HEAD, &[RPC_METHOD])),
    ]
}

fn data(q: &Queries) -> Vec<Panel> {
    let (query, statement) = ("db_client_operation_duration_seconds", ["db_operation_name", "db_collection_name"]);
    let by_error = [statement[0], statement[1], ERROR_TYPE];
    let pool = "db_client_connection_pool_name";
    let cache = "cache_operation_duration_seconds";
    vec![
        lines("Queries", REQUESTS, q.rate(query, &statement)),
        lines("Errors of queries", REQUESTS, q.rate_of(query, &by_error, ERRORS)),
        lines("99th percentile of queries", SECONDS, q.p99(query, &statement)),
        lines("Slow queries", REQUESTS, q.rate("db_client_operation_slow_total", &statement)),
        several(
            "Connections",
            COUNT,
            vec![
                q.sum("db_client_connections", &[pool, "db_client_connection_state"]),
                q.sum("db_client_connection_max", &[pool]).named("{{db_client_connection_pool_name}} at most"),
            ],
        ),
        several(
            "Waiting for a connection",
            COUNT,
            vec![
                q.sum("db_client_connection_pending_requests", &[pool]),
                q.rate("db_client_connection_timeouts_total", &[pool])
                    .named("{{db_client_connection_pool_name}} in vain, per second"),
            ],
        ),
        lines("Operations of caches", REQUESTS, q.rate(cache, &["cache_name", "cache_operation"])),
        lines("Hits of caches", RATIO, q.share(cache, &["cache_name"], r#"cache_hit="true""#, r#"cache_hit!="""#)),
        lines("99th percentile of caches", SECONDS, q.p99(cache, &["cache_name", "cache_operation"])),
    ]
}

fn others(q: &Queries) -> Vec<Panel> {
    let request = "http_client_request_duration_seconds";
    let (model, name) = ("gen_ai_client_operation_duration_seconds", "gen_ai_request_model");
    let (speech, provider) = ("speech_request_duration_seconds", "speech_provider");
    vec![
        lines("Requests to others", REQUESTS, q.rate(request, &["server_address", HTTP_RESPONSE_STATUS_CODE])),
        lines("Errors of others", REQUESTS, q.rate_of(request, &["server_address", ERROR_TYPE], ERRORS)),
        lines("99th percentile of others", SECONDS, q.p99(request, &["server_address"])),
        lines("Requests to models", REQUESTS, q.rate(model, &["gen_ai_operation_name", name, ERROR_TYPE])),
        lines("Tokens per second", COUNT, q.amount("gen_ai_client_token_usage", &[name, "gen_ai_token_type"])),
        lines("99th percentile of models", SECONDS, q.p99(model, &[name])),
        lines("Speech", REQUESTS, q.rate(speech, &["speech_operation", provider, ERROR_TYPE])),
        lines("Fall-backs of speech", EVENTS, q.rate("speech_fallback_total", &[provider, "speech_fallback_provider"])),
        lines(
            "99th percentile of RAG",
            SECONDS,
            q.p99("rag_pipeline_duration_seconds", &["rag_pipeline", "rag_stage"]),
        ),
    ]
}

fn work(q: &Queries) -> Vec<Panel> {
    let (task, document) = ("background_task_duration_seconds", "document_processing_duration_seconds");
    let queue = "messaging_destination_name";
    vec![
        lines("Tasks", EVENTS, q.rate(task, &["task_name", ERROR_TYPE])),
        lines("Running tasks", COUNT, q.sum("background_task_active", &["task_name"])),
        lines("99th percentile of tasks", SECONDS, q.p99(task, &["task_name"])),
        several(
            "Messages",
            EVENTS,
            vec![
                q.rate("messaging_client_operation_duration_seconds", &[queue, "messaging_operation_name", ERROR_TYPE]),
                q.rate("messaging_process_duration_seconds", &[queue, "messaging_operation_name", ERROR_TYPE]),
            ],
        ),
        lines("Waiting messages", COUNT, q.sum("queue_depth", &[queue])),
        lines("E-mails", EVENTS, q.rate("email_delivery_duration_seconds", &["email_template", ERROR_TYPE])),
        lines("Attempts to log in", EVENTS, q.rate("auth_attempt_duration_seconds", &["auth_method", ERROR_TYPE])),
        lines("Documents", EVENTS, q.rate(document, &["document_operation", "document_format", ERROR_TYPE])),
        lines(
            "Storage",
            REQUESTS,
            q.rate("storage_operation_duration_seconds", &["storage_bucket", "storage_operation", ERROR_TYPE]),
        ),
        lines("Business events", EVENTS, q.rate("business_events_total", &["event_name", "event_outcome"])),
    ]
}

fn process(q: &Queries) -> Vec<Panel> {
    let instance = ["job", "instance"];
    let disk = [instance[0], instance[1], "directory"];
    vec![
        lines("CPU", RATIO, q.rate("process_cpu_seconds_total", &instance)),
        lines("Resident memory", BYTES, q.sum("process_resident_memory_bytes", &instance)),
        several(
            "File descriptors",
            COUNT,
            vec![
                q.sum("process_open_fds", &instance),
                q.sum("process_max_fds", &instance).named("{{job}} {{instance}} at most"),
            ],
        ),
        lines("Busy Tokio workers", RATIO, q.sum("tokio_busy_ratio", &instance)),
        lines("Alive Tokio tasks", COUNT, q.sum("tokio_alive_tasks", &instance)),
        lines("Waiting Tokio tasks", COUNT, q.sum("tokio_global_queue_depth", &instance)),
        lines("Threads", COUNT, q.sum("process_threads", &instance)),
        lines(
            "Free disk",
            BYTES,
            q.sum_of("system_filesystem_usage_bytes", &disk, r#"system_filesystem_state="free""#),
        ),
    ]
}

fn telemetry(q: &Queries) -> Vec<Panel> {
    let decisions = [SAMPLING_DECISION, SAMPLING_RULE, SAMPLING_REASON];
    vec![
        lines("Sampling decisions", EVENTS, q.rate(HTTP_SERVER_SAMPLING_DECISIONS, &decisions)),
        lines("Not sent to Sentry", EVENTS, q.rate(ITEMS_DROPPED, &["category", "reason"])),
        lines("Beyond the cap on series", EVENTS, q.rate(TELEMETRY_METRIC_OVERFLOW, &[METRIC])),
        lines("Series", COUNT, q.sum("scrape_samples_scraped", &["job", "instance"])),
    ]
}

fn lines(title: &'static str, unit: &'static str, query: Query) -> Panel {
    several(title, unit, vec![query])
}

fn several(title: &'static str, unit: &'static str, queries: Vec<Query>) -> Panel {
    Panel { title, look: Look::Lines, unit, queries }
}

fn number(title: &'static str, unit: &'static str, queries: Vec<Query>) -> Panel {
    Panel { title, look: Look::Number, unit, queries }
}

impl Query {
    fn named(self, legend: &str) -> Self {
        Self { legend: legend.to_owned(), ..self }
    }

    fn times(self, factor: u32) -> Self {
        Self { expression: format!("{} * {factor}", self.expression), ..self }
    }
}

/// Makes queries, of metrics that there are.
struct Queries(Known);

impl Queries {
    /// How often, per second.
    fn rate(&self, metric: &str, by: &[&str]) -> Query {
        self.rate_of(metric, by, "")
    }

    fn rate_of(&self, metric: &str, by: &[&str], only: &str) -> Query {
        self.query(metric, by, &self.rate_expression(metric, by, only))
    }

    /// How much, per second, of what a histogram measures.
    fn amount(&self, metric: &str, by: &[&str]) -> Query {
        assert_eq!(self.kind(metric), "histogram", "{metric}");
        self.query(metric, by, &grouped(by, &format!("rate({metric}_sum{}[$__rate_interval])", selected(""))))
    }

    fn p99(&self, metric: &str, by: &[&str]) -> Query {
        assert_eq!(self.kind(metric), "histogram", "{metric}");
        let buckets = format!("rate({metric}_bucket{}[$__rate_interval])", selected(""));
        let buckets = grouped(&[by, &["le"]].concat(), &buckets);
        self.query(metric, by, &format!("histogram_quantile(0.99, {buckets})"))
    }

    /// How much of the whole is of this part: 0 if none is.
    fn share(&self, metric: &str, by: &[&str], part: &str, whole: &str) -> Query {
        let [part, whole] = [part, whole].map(|only| self.rate_expression(metric, by, only));
        self.query(metric, by, &format!("({part} or 0 * {whole}) / {whole}"))
    }

    /// How much there is.
    fn sum(&self, metric: &str, by: &[&str]) -> Query {
        self.sum_of(metric, by, "")
    }

    fn sum_of(&self, metric: &str, by: &[&str], only: &str) -> Query {
        assert_eq!(self.kind(metric), "gauge", "{metric}");
        self.query(metric, by, &grouped(by, &format!("{metric}{}", selected(only))))
    }

    fn rate_expression(&self, metric: &str, by: &[&str], only: &str) -> String {
        let suffix = match self.kind(metric) {
            "histogram" => "_count",
            "counter" => "",
            kind => unreachable!("{metric} is a {kind}"),
        };
        grouped(by, &format!("rate({metric}{suffix}{}[$__rate_interval])", selected(only)))
    }

    fn kind(&self, metric: &str) -> &'static str {
        self.0.get(metric).unwrap_or_else(|| panic!("there is no metric {metric}")).kind
    }

    fn query(&self, metric: &str, by: &[&str], expression: &str) -> Query {
        let labels = &self.0[metric].labels;
        for label in by {
            assert!(labels.contains(*label) || ["job", "instance"].contains(label), "{metric} has no label {label}");
        }
        let legend: Vec<_> = by.iter().map(|label| format!("{{{{{label}}}}}")).collect();
        Query { expression: expression.to_owned(), legend: legend.join(" ") }
    }
}

fn grouped(by: &[&str], series: &str) -> String {
    format!("sum by ({}) ({series})", by.join(", "))
}

/// What is chosen at the top, and these.
fn selected(only: &str) -> String {
    let separator = if only.is_empty() { "" } else { "," };
    format!(r#"{{job=~"$job",instance=~"$instance"{separator}{only}}}"#)
}
