//! Beside a client that the service has made itself, and in any order of start-up.

use std::{
    ffi::OsString,
    sync::{Arc, mpsc},
    thread,
};

use axum::{Router, http::StatusCode, routing::get as on_get};
use sentry::{
    ClientOptions, Envelope, Hub, TransactionContext,
    protocol::{EnvelopeItem, Event},
    test::TestTransport,
};
use tower_telemetry::{
    Telemetry,
    sentry::{ErrorLimit, EventId, Sentry},
};

use super::support::{Reports, exchange, get, run};

type Vars = &'static [(&'static str, &'static str)];

type Change = fn(ClientOptions) -> ClientOptions;

fn vars(pairs: Vars) -> impl Fn(&str) -> Option<OsString> {
    move |name| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value))
}

fn app(telemetry: &Telemetry) -> Router {
    let fails = || async { StatusCode::INTERNAL_SERVER_ERROR };
    Router::new().route("/fails", on_get(fails)).layer(telemetry.layer())
}

/// What `sentry::init` has read, we read too: there is one client all the same, the service's.
#[test]
fn the_services_client_is_used_whatever_the_environment_says() {
    let own = Reports::foreign(|options| options.release("own@1").environment("own").traces_sample_rate(0.0));
    let ours = TestTransport::new();
    let environment = vars(&[("SENTRY_DSN", "https://other@sentry.example/2"), ("SENTRY_RELEASE", "other@2")]);
    for print in [false, true] {
        let builder = Telemetry::builder().from_vars(&environment).expect("good values").transport(ours.clone());
        let builder = if print { builder.print_without_dsn() } else { builder };
        let telemetry = own.bound(|| builder.build()).expect("nothing is wrong with it");
        assert!(telemetry.health().contains("with the service's own client"), "{}", telemetry.health());
        run(exchange(&app(&telemetry), get("/fails")));
        drop(telemetry);
        assert!(ours.fetch_and_clear_envelopes().is_empty());
        let (transactions, events) = own.take();
        let [event] = &events[..] else { panic!("one event: {events:?}") };
        assert_eq!((event.release.as_deref(), event.environment.as_deref()), (Some("own@1"), Some("own")));
        assert!(transactions.is_empty(), "its rate counts");
        assert!(own.client.is_enabled(), "it is not ours to close");
    }
}

#[test]
fn one_that_is_asked_for_in_code_takes_its_place() {
    let own = Reports::foreign(|options| options);
    let ours = TestTransport::new();
    let builder = Telemetry::builder().dsn("https://other@sentry.example/2").expect("a DSN").transport(ours.clone());
    let telemetry = own.bound(|| builder.build()).expect("nothing is wrong with it");
    run(exchange(&app(&telemetry), get("/fails")));
    drop(telemetry);
    assert!(own.envelopes().is_empty());
    assert!(!ours.fetch_and_clear_envelopes().is_empty());
}

/// Rate or sampler of the client, what the environment says, and whether there is a transaction.
#[test]
fn the_clients_own_sampling_counts_unless_a_rate_is_said() {
    let cases: [(Change, Vars, bool); 6] = [
        (|options| options.traces_sample_rate(1.0), &[("ENVIRONMENT", "production")], true),
        (|options| options.traces_sample_rate(0.0), &[("ENVIRONMENT", "development")], false),
        (|options| options.traces_sampler(|_: &TransactionContext| 1.0), &[("ENVIRONMENT", "production")], true),
        (|options| options.traces_sampler(|_: &TransactionContext| 0.0), &[("ENVIRONMENT", "development")], false),
        (|options| options.traces_sample_rate(1.0), &[("SENTRY_TRACES_SAMPLE_RATE", "0")], false),
        (|options| options.traces_sample_rate(0.0), &[("SENTRY_TRACES_SAMPLE_RATE", "1")], true),
    ];
    for (case, (change, environment, wanted)) in cases.into_iter().enumerate() {
        let own = Reports::foreign(change);
        let builder = Telemetry::builder().from_vars(vars(environment)).expect("good values");
        let telemetry = own.bound(|| builder.build()).expect("nothing is wrong with it");
        run(exchange(&app(&telemetry), get("/fails")));
        assert_eq!(own.transactions().len(), usize::from(wanted), "case {case}");
    }
}

#[test]
fn its_before_send_and_its_rate_of_errors_count() {
    #[expect(clippy::unnecessary_wraps, reason = "the SDK asks for it")]
    fn marked(mut event: Event<'static>) -> Option<Event<'static>> {
        assert!(event.request.is_some(), "it sees all that is known");
        event.tags.insert("seen".into(), "by the service".into());
        Some(event)
    }
    let cases: [(Change, usize); 3] = [
        (|options| options.before_send(marked), 1),
        (|options| options.before_send(|_| None), 0),
        (|options| options.sample_rate(0.0), 0),
    ];
    for (case, (change, wanted)) in cases.into_iter().enumerate() {
        let own = Reports::foreign(change);
        let telemetry = own.bound(|| Telemetry::builder().build()).expect("nothing is wrong with it");
        run(exchange(&app(&telemetry), get("/fails")));
        let events = own.events();
        assert_eq!(events.len(), wanted, "case {case}");
        assert!(events.iter().all(|event| event.tags["seen"] == "by the service"));
    }
}

/// What it captures there is one more event of the request, and nothing that is held stands in its way.
#[test]
fn a_before_send_that_captures_an_event_itself() {
    let again = |event: Event<'static>| {
        if event.message.as_deref() != Some("seen one") {
            sentry::capture_message("seen one", sentry::Level::Info);
            sentry::configure_scope(|scope| scope.set_tag("seen", "one"));
        }
        Some(event)
    };
    for ours in [false, true] {
        let reports = if ours {
            Reports::of(|options| options.before_send(again))
        } else {
            Reports::foreign(|options| options.before_send(again))
        };
        let sentry = Sentry::new().limit(ErrorLimit::per_minute(5)).event_id(EventId::Told);
        let fails = || async { StatusCode::INTERNAL_SERVER_ERROR };
        let app = reports.layered_with(sentry, Router::new().route("/fails", on_get(fails)));
        let answer = run(exchange(&app, get("/fails")));
        let events = reports.events();
        assert_eq!(events.len(), 2, "a client of ours: {ours}: {events:?}");
        assert!(events.iter().all(|event| event.transaction.as_deref() == Some("GET /fails")));
        assert_eq!(answer.headers()["x-sentry-event-id"], *events[1].event_id.simple().to_string());
    }
}

/// They used their hubs before there was a client, and would never see it.
#[test]
fn worker_threads_that_were_there_before_lose_nothing() {
    for own in [false, true] {
        let (work, jobs) = mpsc::channel::<Router>();
        let worker = thread::spawn(move || {
            assert!(Hub::current().client().is_none(), "it has its hub, without a client");
            for app in jobs {
                run(exchange(&app, get("/fails")));
            }
        });
        let transport = TestTransport::new();
        let hub = Arc::new(Hub::new(None, Arc::default()));
        let options = ClientOptions::new().dsn("https://public@sentry.example/1").transport(transport.clone());
        let mut builder = Telemetry::builder();
        if own {
            hub.bind_client(Some(Arc::new(sentry::Client::with_options(options))));
        } else {
            builder = builder.dsn("https://public@sentry.example/1").expect("a DSN").transport(transport.clone());
        }
        let telemetry = Hub::run(hub, || builder.build()).expect("nothing is wrong with it");
        work.send(app(&telemetry)).expect("it waits for work");
        drop(work);
        worker.join().expect("it does not panic");
        let envelopes = transport.fetch_and_clear_envelopes();
        let events = envelopes.iter().flat_map(Envelope::items).filter(|item| matches!(item, EnvelopeItem::Event(_)));
        assert_eq!(events.count(), 1, "a client of the service's own: {own}");
    }
}
