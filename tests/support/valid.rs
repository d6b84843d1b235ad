//! Whether what is sent is what Sentry's documents say it must be.
//!
//! Sources: <https://develop.sentry.dev/sdk/data-model/event-payloads/> and the pages below it,
//! <https://develop.sentry.dev/sdk/telemetry/sessions/>, <https://develop.sentry.dev/sdk/telemetry/client-reports/> and
//! <https://develop.sentry.dev/sdk/telemetry/traces/dynamic-sampling-context/>.

use serde_json::{Map, Value};

use crate::ingest::Item;

const LEVELS: [&str; 5] = ["fatal", "error", "warning", "info", "debug"];
const PLATFORMS: [&str; 3] = ["native", "other", "rust"];
const SOURCES: [&str; 6] = ["custom", "url", "route", "view", "component", "task"];
const STATUSES: [&str; 18] = [
    "ok",
    "cancelled",
    "unknown",
    "unknown_error",
    "invalid_argument",
    "deadline_exceeded",
    "not_found",
    "already_exists",
    "permission_denied",
    "resource_exhausted",
    "failed_precondition",
    "aborted",
    "out_of_range",
    "unimplemented",
    "internal_error",
    "unavailable",
    "data_loss",
    "unauthenticated",
];

/// In seconds: times are written with fewer digits than clocks have.
const ROUNDING: f64 = 0.001;

/// What is wrong with an item, and with the header of its envelope; empty if nothing is.
pub fn faults(item: &Item) -> Vec<String> {
    let mut check = Check { payload: &item.payload, faults: Vec::new() };
    match &*item.kind {
        "event" => check.event(&item.envelope),
        "transaction" => check.transaction(&item.envelope),
        "sessions" => check.sessions(),
        "client_report" => check.client_report(),
        _ => {}
    }
    check.faults.into_iter().map(|fault| format!("{}: {fault}", item.kind)).collect()
}

struct Check<'a> {
    payload: &'a Value,
    faults: Vec<String>,
}

impl Check<'_> {
    fn that(&mut self, holds: bool, what: &str, found: &Value) {
        if !holds {
            self.faults.push(format!("{what}: {found}"));
        }
    }

    fn event(&mut self, envelope: &Value) {
        let payload = self.payload;
        self.common(envelope);
        let level = &payload["level"];
        self.that(level.is_null() || one_of(level, &LEVELS), "the level", level);
        for exception in list(&payload["exception"]["values"]) {
            let named = text(&exception["type"]).or(text(&exception["value"]));
            self.that(named.is_some_and(|text| !text.is_empty()), "an exception without type and value", exception);
            let mechanism = &exception["mechanism"];
            self.that(mechanism.is_null() || mechanism["type"].is_string(), "a mechanism without a type", mechanism);
            for frame in list(&exception["stacktrace"]["frames"]) {
                let is_known = ["function", "instruction_addr", "filename"].iter().any(|key| frame[key].is_string());
                self.that(is_known, "a frame of nowhere", frame);
            }
        }
        for crumb in list(&payload["breadcrumbs"]["values"]) {
            self.that(seconds(&crumb["timestamp"]).is_some(), "a breadcrumb's time", crumb);
            let level = &crumb["level"];
            self.that(level.is_null() || one_of(level, &LEVELS), "a breadcrumb's level", crumb);
        }
        let fingerprint = &payload["fingerprint"];
        let is_good = list(fingerprint).iter().all(Value::is_string);
        self.that(fingerprint.is_null() || fingerprint.is_array() && is_good, "the fingerprint", fingerprint);
        let has_title = ["message", "logentry", "exception"].iter().any(|key| !payload[key].is_null());
        self.that(has_title, "nothing to go by", payload);
    }

    fn transaction(&mut self, envelope: &Value) {
        let payload = self.payload;
        self.common(envelope);
        let name = &payload["transaction"];
        self.that(text(name).is_some_and(|name| !name.is_empty() && name.len() <= 200), "the name", name);
        let source = &payload["transaction_info"]["source"];
        self.that(one_of(source, &SOURCES), "transaction_info.source", source);
        let trace = &payload["contexts"]["trace"];
        self.that(text(&trace["op"]).is_some_and(|op| !op.is_empty()), "the operation", trace);
        self.that(one_of(&trace["status"], &STATUSES), "the status", trace);
        let times = (seconds(&payload["start_timestamp"]), seconds(&payload["timestamp"]));
        let (Some(start), Some(end)) = times else { return self.that(false, "the times", payload) };
        self.that(start <= end, "it ends before it starts", payload);
        self.spans(trace, start, end);
        self.dynamic_sampling(&envelope["trace"], trace);
    }

    fn spans(&mut self, trace: &Value, start: f64, end: f64) {
        let payload = self.payload;
        let spans = list(&payload["spans"]);
        let ids: Vec<_> = spans.iter().chain([trace]).map(|span| &span["span_id"]).collect();
        for span in spans {
            self.that(is_id(&span["span_id"], 16) && span["trace_id"] == trace["trace_id"], "a span's ids", span);
            let parent = &span["parent_span_id"];
            self.that(ids.contains(&parent) && *parent != span["span_id"], "a span that hangs nowhere", span);
            let (from, to) = (seconds(&span["start_timestamp"]), seconds(&span["timestamp"]));
            let is_inside = matches!((from, to), (Some(from), Some(to))
                if start - ROUNDING <= from && from <= to && to <= end + ROUNDING);
            self.that(is_inside, "a span outside of its transaction", span);
            let status = &span["status"];
            self.that(status.is_null() || one_of(status, &STATUSES), "a span's status", span);
        }
    }

    fn dynamic_sampling(&mut self, context: &Value, trace: &Value) {
        self.that(context["trace_id"] == trace["trace_id"], "the sampling context of another trace", context);
        let key = text(&context["public_key"]);
        self.that(key.is_some_and(|key| !key.is_empty()), "a sampling context without a key", context);
        for field in ["sample_rate", "sample_rand"] {
            let value = &context[field];
            let number = text(value).and_then(|text| text.parse::<f64>().ok());
            self.that(value.is_null() || number.is_some_and(|rate| (0.0..=1.0).contains(&rate)), field, value);
        }
        let sampled = &context["sampled"];
        self.that(sampled.is_null() || one_of(sampled, &["true", "false"]), "whether it is sampled", sampled);
    }

    /// What events and transactions have in common.
    fn common(&mut self, envelope: &Value) {
        let payload = self.payload;
        let id = &payload["event_id"];
        let said = text(&envelope["event_id"]).unwrap_or_default().replace('-', "");
        self.that(is_id(id, 32) && text(id) == Some(&*said), "the event's id", id);
        self.that(seconds(&payload["timestamp"]).is_some(), "the time", &payload["timestamp"]);
        let platform = &payload["platform"];
        self.that(platform.is_null() || one_of(platform, &PLATFORMS), "the platform", platform);
        let trace = &payload["contexts"]["trace"];
        let parent = &trace["parent_span_id"];
        let is_child = parent.is_null() || is_id(parent, 16) && *parent != trace["span_id"];
        let is_good = is_id(&trace["trace_id"], 32) && is_id(&trace["span_id"], 16) && is_child;
        self.that(is_good || trace.is_null(), "the trace", trace);
        for (name, value) in fields(&payload["tags"]) {
            let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_.:-".contains(&byte);
            let is_good = !name.is_empty() && name.len() <= 200 && name.bytes().all(is_name);
            self.that(is_good, "a tag's name", &name.as_str().into());
            let is_good = |value: &str| !value.is_empty() && value.chars().count() <= 200 && !value.contains('\n');
            self.that(text(value).is_some_and(is_good), "a tag's value", value);
        }
        for (field, longest, forbidden) in
            [("release", 250, "\n\t/\\"), ("environment", 64, "\n\t/ "), ("dist", 64, "\n")]
        {
            let value = &payload[field];
            let is_good =
                |text: &str| !text.is_empty() && text.len() <= longest && !text.contains(|c| forbidden.contains(c));
            self.that(value.is_null() || text(value).is_some_and(is_good), field, value);
        }
        let sdk = &payload["sdk"];
        self.that(sdk.is_null() || sdk["name"].is_string() && sdk["version"].is_string(), "the SDK", sdk);
        let request = &payload["request"];
        if !request.is_null() {
            // One that is none after it was scrubbed is not sent.
            let url = &request["url"];
            let is_good = |url: http::Uri| url.scheme().is_some() && url.query().is_none();
            let parsed = text(url).and_then(|url| url.parse().ok());
            self.that(url.is_null() || parsed.is_some_and(is_good), "the URL", request);
            self.that(fields(&request["headers"]).all(|(_, value)| value.is_string()), "the headers", request);
        }
    }

    fn sessions(&mut self) {
        let payload = self.payload;
        self.that(payload["attrs"]["release"].is_string(), "sessions of no release", payload);
        for minute in list(&payload["aggregates"]) {
            self.that(seconds(&minute["started"]).is_some_and(|start| start % 60.0 == 0.0), "the minute", minute);
            let counts = ["exited", "errored", "abnormal", "crashed"].map(|count| minute[count].as_u64().unwrap_or(0));
            self.that(counts.iter().sum::<u64>() > 0, "a minute of nothing", minute);
        }
    }

    fn client_report(&mut self) {
        for lost in list(&self.payload["discarded_events"]) {
            let is_good = lost["reason"].is_string() && lost["category"].is_string();
            self.that(is_good && lost["quantity"].as_u64().is_some_and(|lost| lost > 0), "what was lost", lost);
        }
    }
}

fn text(value: &Value) -> Option<&str> {
    value.as_str()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn fields(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

fn one_of(value: &Value, known: &[&str]) -> bool {
    text(value).is_some_and(|text| known.contains(&text))
}

/// So many hexadecimal digits, and not only zeros.
fn is_id(value: &Value, digits: usize) -> bool {
    let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text(value).is_some_and(|id| id.len() == digits && id.bytes().all(is_hex) && id.bytes().any(|byte| byte != b'0'))
}

/// Since the epoch. A number, or RFC 3339 in UTC.
fn seconds(value: &Value) -> Option<f64> {
    if let Some(number) = value.as_f64() {
        return Some(number);
    }
    let (date, time) = text(value)?.strip_suffix('Z')?.split_once('T')?;
    let date: Vec<u32> = date.split('-').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [year, month @ 1..=12, day @ 1..=31] = date[..] else { return None };
    let mut time = time.split(':');
    let mut part = || time.next()?.parse::<f64>().ok();
    let (hours, minutes, seconds) = (part()?, part()?, part()?);
    // Days by the calendar that begins in March, so that the leap day is the last.
    let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1;
    let days = f64::from(days) - 719_468.0;
    Some(days * 86_400.0 + hours * 3600.0 + minutes * 60.0 + seconds)
}
