//! Each outcome on each host, with real clients, as it arrives at an ingest: by the bytes on the wire.

mod wire {
    use std::{collections::BTreeMap, time::Duration};

    use serde_json::Value;
    use tests::ingest::{Ingest, Item};
    use tower_telemetry::Telemetry;

    mod grpc;
    mod http;

    /// For things that take milliseconds, on a machine that is busy.
    const PATIENCE: Duration = Duration::from_secs(20);

    /// A deed of the services, and what is to be told of it: the transaction's status, the answer's, and the error: its
    /// level, type and text.
    struct Outcome {
        deed: &'static str,
        status: &'static str,
        answer: Option<u16>,
        error: Option<(&'static str, &'static str, &'static str)>,
    }

    const fn outcome(deed: &'static str, status: &'static str, answer: u16) -> Outcome {
        Outcome { deed, status, answer: Some(answer), error: None }
    }

    impl Outcome {
        const fn without_answer(self) -> Self {
            Self { answer: None, ..self }
        }

        const fn error(self, level: &'static str, kind: &'static str, text: &'static str) -> Self {
            Self { error: Some((level, kind, text)), ..self }
        }
    }

    fn telemetry(ingest: &Ingest) -> Telemetry {
        let builder = Telemetry::builder().dsn(&ingest.dsn()).and_then(|builder| builder.release("shop@1.2.3"));
        let builder = builder.and_then(|builder| builder.environment("staging"));
        let builder = builder.and_then(|builder| builder.traces_sample_rate(1.0)).expect("good values");
        builder.build().expect("nothing is wrong with it")
    }

    /// Waits for all of it, and holds it to what was to come: one transaction for each, and one event at the most.
    async fn check(ingest: &Ingest, telemetry: Telemetry, outcomes: &[Outcome], name: &str, op: &str) {
        let transactions = |items: &[Item]| items.iter().filter(|item| item.kind == "transaction").count();
        ingest.wait_for(|items| transactions(items) >= outcomes.len(), PATIENCE).await;
        drop(telemetry);
        let items = ingest.wait_for(|items| items.iter().any(|item| item.kind == "sessions"), PATIENCE).await;
        let told = |kind: &str| {
            let mut told = BTreeMap::<_, Vec<_>>::new();
            for item in items.iter().filter(|item| item.kind == kind) {
                told.entry(deed(&item.payload)).or_default().push(item);
            }
            told
        };
        let (transactions, events) = (told("transaction"), told("event"));
        assert_eq!(transactions.values().flatten().count(), outcomes.len(), "{:?}", transactions.keys());
        let errors = outcomes.iter().filter(|outcome| outcome.error.is_some()).count();
        assert_eq!(events.values().flatten().count(), errors, "{:?}", events.keys());
        for outcome in outcomes {
            let Outcome { deed, status, answer, error } = outcome;
            let Some([transaction]) = transactions.get(*deed).map(Vec::as_slice) else { panic!("one of {deed}") };
            let payload = &transaction.payload;
            let trace = &payload["contexts"]["trace"];
            assert_eq!((&payload["transaction"], &trace["op"]), (&name.into(), &op.into()), "{deed}");
            assert_eq!(
                (trace["status"].as_str(), &payload["transaction_info"]["source"]),
                (Some(*status), &"route".into()),
                "{deed}"
            );
            assert_eq!(
                payload["contexts"]["response"]["status_code"].as_u64(),
                answer.map(u64::from),
                "{deed}: {payload}"
            );
            let context = &transaction.envelope["trace"];
            assert_eq!(
                (&context["trace_id"], &context["sample_rate"]),
                (&trace["trace_id"], &"1".into()),
                "{deed}: {context}"
            );
            assert_eq!(context["transaction"], name, "{deed}");
            let Some((level, kind, text)) = error else {
                assert!(!events.contains_key(*deed), "{deed}: {events:?}");
                continue;
            };
            let Some([event]) = events.get(*deed).map(Vec::as_slice) else { panic!("one event of {deed}: {events:?}") };
            let event = &event.payload;
            assert_eq!(event["level"].as_str().unwrap_or("error"), *level, "{deed}");
            let met = &event["exception"]["values"].as_array().and_then(|all| all.last()).cloned().unwrap_or_default();
            let told = (met["type"].as_str().unwrap_or(""), met["value"].as_str().or(event["message"].as_str()));
            assert_eq!(told, (*kind, Some(*text)), "{deed}: {event}");
            assert_eq!((&event["transaction"], &event["release"]), (&name.into(), &"shop@1.2.3".into()), "{deed}");
            assert_eq!(event["contexts"]["trace"]["trace_id"], trace["trace_id"], "{deed}");
            assert_eq!(event["tags"]["request_id"], payload["tags"]["request_id"], "{deed}");
        }
        let wire = String::from_utf8_lossy(&ingest.raw()).into_owned();
        assert!(!wire.contains("planted"), "{wire}");
    }

    /// The deed is in the request's address.
    fn deed(payload: &Value) -> String {
        let query = payload["request"]["query_string"].as_str().unwrap_or_default();
        query.trim_start_matches("deed=").split('&').next().unwrap_or_default().to_owned()
    }
}
