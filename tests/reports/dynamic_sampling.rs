//! The dynamic sampling context that transactions are sent with.

use axum::{Router, routing::get as on_get};
use sentry::Envelope;
use serde_json::{Value, json};
use tower_telemetry_core::Observe;

use super::support::{Reports, exchange, get, run};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "b7ad6b7169203331";

/// What the header of the transaction's envelope says, at this rate, for a request with these headers.
fn context(rate: f64, headers: &[(&'static str, String)]) -> Value {
    let reports = Reports::new();
    let router = Router::new().route("/users/{id}", on_get(|| async {}));
    let mut request = get("/users/42");
    for (name, value) in headers {
        request.headers_mut().append(*name, value.parse().expect("a value"));
    }
    let router = router.layer(reports.observer(rate).into_layer());
    run(exchange(&router, request));
    let envelopes = reports.envelopes();
    let [envelope] = &envelopes[..] else { panic!("one is sent: {envelopes:?}") };
    header(envelope)["trace"].clone()
}

fn header(envelope: &Envelope) -> Value {
    let mut bytes = Vec::new();
    envelope.to_writer(&mut bytes).expect("it can be written");
    serde_json::from_slice(bytes.split(|byte| *byte == b'\n').next().expect("a line")).expect("JSON")
}

#[test]
fn the_head_of_a_trace_makes_its_own() {
    let mut context = context(1.0, &[]);
    assert_eq!(context["trace_id"].take().as_str().map(str::len), Some(32));
    let sample_rand: Option<f64> = context["sample_rand"].take().as_str().and_then(|number| number.parse().ok());
    assert!(sample_rand.is_some_and(|number| (0.0..1.0).contains(&number)), "{sample_rand:?}");
    let expected = json!({
        "trace_id": null, "public_key": "public", "sample_rate": "1", "sample_rand": null, "sampled": "true", "release": "shop@1.2.3",
        "environment": "test", "transaction": "GET /users/{id}",
    });
    assert_eq!(context, expected);
}

#[test]
fn a_callers_goes_on_as_it_came() {
    let baggage = format!(
        "other=1,sentry-trace_id={TRACE} , sentry-public_key=theirs;a=b,sentry-sample_rate=0.25,sentry-sample_rand=0.125000,\
         sentry-sampled=true,sentry-release=web%402,sentry-environment=live,sentry-transaction=GET%20%2F,sentry-org_id=7,\
         sentry-unknown=1"
    );
    let context = context(1.0, &[("sentry-trace", format!("{TRACE}-{PARENT}-1")), ("baggage", baggage)]);
    let expected = json!({
        "trace_id": TRACE, "public_key": "theirs", "sample_rate": "0.25", "sample_rand": "0.125000", "sampled": "true",
        "release": "web@2", "environment": "live", "transaction": "GET /", "org_id": "7",
    });
    assert_eq!(context, expected);
}

#[test]
fn what_makes_no_sense_in_a_callers_is_left_out() {
    let trace = || ("sentry-trace", format!("{TRACE}-{PARENT}-1"));
    let fields = [
        "sentry-sample_rate=often",
        "sentry-sample_rand=2",
        "sentry-release=%",
        "sentry-release=%zz",
        "sentry-environment=%ff",
        "sentry-environment=a%0Ab",
        "sentry-org_id=ours",
        "sentry-transaction=",
        "sentry-",
        "sentry-sampled",
        "=,;=,",
    ];
    for field in fields {
        let baggage = format!("sentry-trace_id={TRACE},{field},sentry-public_key=theirs");
        assert_eq!(
            context(1.0, &[trace(), ("baggage", baggage)]),
            json!({ "trace_id": TRACE, "public_key": "theirs" })
        );
    }
    let long = format!("sentry-trace_id={TRACE},sentry-public_key=theirs,sentry-release={}", "a".repeat(201));
    assert_eq!(context(1.0, &[trace(), ("baggage", long)]), json!({ "trace_id": TRACE, "public_key": "theirs" }));
    // What names no trace or project is none.
    for baggage in ["sentry-release=a", "sentry-public_key=theirs", "sentry-trace_id=a,sentry-public_key=theirs", "a=b"]
    {
        let context = context(1.0, &[trace(), ("baggage", baggage.to_owned())]);
        assert_eq!((&context["trace_id"], &context["public_key"]), (&TRACE.into(), &"public".into()), "{baggage}");
    }
}

#[test]
fn a_callers_secrets_do_not_go_on() {
    let baggage =
        format!("sentry-trace_id={TRACE},sentry-public_key=theirs,sentry-transaction=mail%20ada%40example.com");
    let context = context(1.0, &[("sentry-trace", format!("{TRACE}-{PARENT}-1")), ("baggage", baggage)]);
    let transaction = context["transaction"].as_str().expect("a name");
    assert!(transaction.starts_with("mail ") && !transaction.contains("ada@"), "{transaction}");
}
