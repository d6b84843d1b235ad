//! Whose traces are continued, by Sentry's organizations.
//!
//! Source: <https://develop.sentry.dev/sdk/telemetry/traces/#stricttracecontinuation>

use std::sync::Arc;

use axum::{Router, routing::get as on_get};
use sentry::{Envelope, Hub, protocol::EnvelopeItem, test::TestTransport};
use tower_telemetry::Telemetry;

use super::support::{exchange, get, run};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

const ANYONES: &str = "https://key@sentry.example/1";
const OURS: &str = "https://key@o1.ingest.sentry.io/1";

/// Our DSN, whether it is strict, the caller's organization, and whether its trace is continued: the table of Sentry's documents.
#[test]
fn by_our_organization_and_the_callers() {
    let cases = [
        (OURS, false, Some("1"), true),
        (OURS, false, None, true),
        (ANYONES, false, Some("1"), true),
        (ANYONES, false, None, true),
        (OURS, false, Some("2"), false),
        (OURS, true, Some("1"), true),
        (OURS, true, None, false),
        (ANYONES, true, Some("1"), false),
        (ANYONES, true, None, true),
        (OURS, true, Some("2"), false),
        (OURS, true, Some("nonsense"), false),
    ];
    for (dsn, strict, theirs, wanted) in cases {
        let transport = TestTransport::new();
        let builder = Telemetry::builder().dsn(dsn).and_then(|builder| builder.traces_sample_rate(1.0));
        let builder = builder.expect("good values").transport(transport.clone());
        let builder = if strict { builder.strict_trace_continuation() } else { builder };
        let hub = Arc::new(Hub::new(None, Arc::default()));
        let telemetry = Hub::run(hub, || builder.build()).expect("nothing is wrong with it");
        let app = Router::<()>::new().route("/", on_get(|| async {})).layer(telemetry.layer());
        for header in ["sentry-trace", "traceparent"] {
            let mut request = get("/");
            let trace = match header {
                "sentry-trace" => format!("{TRACE}-00f067aa0ba902b7-1"),
                _ => format!("00-{TRACE}-00f067aa0ba902b7-01"),
            };
            request.headers_mut().insert(header, trace.parse().expect("a value"));
            if let Some(theirs) = theirs {
                // A proxy has added one of its own.
                for baggage in
                    ["other=1".to_owned(), format!("a=b, sentry-trace_id={TRACE}, sentry-org_id={theirs};a=b")]
                {
                    request.headers_mut().append("baggage", baggage.parse().expect("a value"));
                }
            }
            run(exchange(&app, request));
            let envelopes = transport.fetch_and_clear_envelopes();
            let traces = envelopes.iter().flat_map(Envelope::items).filter_map(|item| match item {
                EnvelopeItem::Transaction(transaction) => serde_json::to_value(&**transaction).ok(),
                _ => None,
            });
            let [told] = &traces.map(|told| told["contexts"]["trace"].clone()).collect::<Vec<_>>()[..] else {
                panic!("one transaction: {envelopes:?}")
            };
            let case = format!("{header}: ours {dsn}, strict {strict}, theirs {theirs:?}");
            assert_eq!(told["trace_id"] == TRACE, wanted, "{case}");
            assert_eq!(told["parent_span_id"].is_string(), wanted, "{case}");
        }
    }
}
