//! Labels that the service's own code gives values.

use std::panic::resume_unwind;

use axum::Extension;
use http::Request;
use tests::app::{app, request, run};
use tower_telemetry_core::semconv;
use tower_telemetry_metrics::Metrics;

use super::fixtures::Recorder;

/// What a layer outside leaves.
#[derive(Clone)]
struct Plan(&'static str);

#[test]
fn a_label_is_what_the_function_says() {
    let metrics = || {
        Metrics::new()
            .label("plan", |head| Some(head.extensions.get::<Plan>()?.0.into()))
            .and_then(|metrics| metrics.label("agent", |head| Some(agent(head.headers)?.to_owned().into())))
            .and_then(|metrics| {
                metrics.outcome_label("slow", |_, outcome| {
                    Some(if outcome.duration().as_secs() > 10 { "yes" } else { "no" }.into())
                })
            })
            .and_then(|metrics| metrics.label("broken", |_| resume_unwind(Box::new("a label panics"))))
            .expect("good labels")
    };
    let long = "é".repeat(100);
    // The agent that is sent, and what is told of it.
    let cases = [
        (None, None),
        (Some("curl"), Some("curl".to_owned())),
        (Some("ada@example.com"), Some("[email]".to_owned())),
        (Some("a\"b\\c"), Some("a\"b\\c".to_owned())),
        (Some(long.as_str()), Some("é".repeat(64))),
    ];
    for (sent, told) in cases {
        let recorder = Recorder::new();
        let mut request: Request<_> = request("GET", "/users/7");
        request.extensions_mut().insert(Plan("gold"));
        if let Some(sent) = sent {
            request.headers_mut().insert("user-agent", sent.parse().expect("a value"));
        }
        recorder.record(|| run(app(metrics()), request));
        let series = recorder.told().counts(semconv::HTTP_SERVER_REQUEST_DURATION);
        let [(labels, 1)] = &series[..] else { panic!("{series:?}") };
        let of = |name: &str| labels.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone());
        assert_eq!((of("plan"), of("slow"), of("broken")), (Some("gold".into()), Some("no".into()), None));
        assert_eq!(of("agent"), told);
    }
}

#[test]
fn a_label_of_the_outcome_sees_what_the_handler_left() {
    let metrics = Metrics::new()
        .outcome_label("left", |cx, _| cx.error().map(|error| error.get().to_string().into()))
        .expect("a good label");
    let recorder = Recorder::new();
    let leave = |cx: tower_telemetry_core::RequestContext| async move { cx.set_error("the disk is full") };
    let app = axum::Router::new().route("/", axum::routing::get(leave)).layer(Extension(()));
    recorder.record(|| {
        let layer = tower_telemetry_core::Observe::into_layer(metrics);
        run(tower::Layer::layer(&layer, app), request("GET", "/"));
    });
    let series = recorder.told().counts(semconv::HTTP_SERVER_REQUEST_DURATION);
    assert!(series[0].0.contains(&("left".into(), "the disk is full".into())), "{series:?}");
}

#[test]
fn a_label_that_cannot_be_is_an_error() {
    for name in ["", "1st", "with space", "dash-ed", "é", "__own", "le", "quantile", "http_route", "status", "twice"] {
        let metrics = Metrics::new().label("twice", |_| None).expect("a good label");
        let error = metrics.label(name, |_| None).expect_err(name).to_string();
        assert!(error.contains(&format!("{name:?}")), "{error}");
    }
    let eight = ["a", "b", "c", "d", "e", "f", "g", "h"]
        .into_iter()
        .try_fold(Metrics::new(), |metrics, name| metrics.label(name, |_| None));
    eight.expect("eight are allowed").label("i", |_| None).expect_err("nine are not");
}

fn agent(headers: &http::HeaderMap) -> Option<&str> {
    std::str::from_utf8(headers.get("user-agent")?.as_bytes()).ok()
}
